import FoundationEssentials

/// How a server saves its etcd, and how the file is fetched: constant scripts, run as those of `ServerScript` are.
///
/// SQLite has no snapshot that is taken while k3s runs: a copy of the open file may be torn. There k3s must be stopped
/// first, and `save` says so instead.
package enum SnapshotScript {
  package static let kind = ResourceKind("snapshot")
  /// What the names of all snapshots of fleetd's begin with on a server, so that its own retention concerns no other.
  package static let prefix = "fleetd"

  /// Line 1: the name that k3s shall give it. Answers as a probe does: version, path, size, sha256, and the token without
  /// which the snapshot cannot be restored.
  ///
  /// The file's place is asked for: `etcd-snapshot-dir` may have moved it. The release is the running one, whatever
  /// binary is on disk.
  package static let save = StepScript(
    "snapshot-save",
    #"""
    IFS=$tab read -r name || die 65 "the input ends early"
    db=/var/lib/rancher/k3s/server/db
    if [ ! -d "$db/etcd" ]; then
      [ ! -e "$db/state.db" ] || die 69 "the datastore is sqlite, which cannot be saved while k3s runs"
      die 75 "there is no member of etcd here"
    fi
    answering
    version=$(kube 10 get --raw /version 2>&1 < /dev/null) || die 75 "the API server does not tell its version: $version"
    said=$(timeout -k 5 300 /usr/local/bin/k3s etcd-snapshot save --name "$name" 2>&1 < /dev/null) \
      || die 70 "k3s cannot save a snapshot: $(printf '%s\n' "$said" | tail -n 4 | head -c 2000)"
    path=$(timeout -k 5 60 /usr/local/bin/k3s etcd-snapshot ls 2> /dev/null < /dev/null \
      | awk -v name="$name-" 'index($1, name) == 1 && index($2, "file://") == 1 { print substr($2, 8) }' | tail -n 1)
    if [ -z "$path" ]; then for path in "$db/snapshots/$name-"*; do :; done; fi
    [ -f "$path" ] && [ ! -L "$path" ] || die 70 "k3s saved a snapshot and does not list it: $said"
    [ -f /var/lib/rancher/k3s/server/token ] || die 70 "there is no /var/lib/rancher/k3s/server/token"
    size=$(stat -c %s -- "$path") && sum=$(digest_of "$path") || die 70 "$path cannot be read"
    emit() { printf '= %s %s\n%s\n' "$1" "${#2}" "$2"; }
    printf '\nfleetd-probe 1\nsection snapshot\n'
    emit version "$version"
    emit path "$path"
    emit size "$size"
    emit sha256 "$sum"
    emit token "$(head -c 4096 /var/lib/rancher/k3s/server/token)"
    printf 'end 1\n'
    """#
  )

  /// Line 1: the path, its size in bytes. Writes the file's bytes and nothing else.
  package static let fetch = StepScript(
    "snapshot-fetch",
    #"""
    IFS=$tab read -r path size || die 65 "the input ends early"
    [ -f "$path" ] && [ ! -L "$path" ] || die 65 "$path is not there any more"
    head -c "$size" -- "$path"
    """#
  )

  /// Line 1: how many of fleetd's snapshots stay on this server. k3s itself never removes what was saved on demand.
  package static let prune = StepScript(
    "snapshot-prune",
    #"""
    IFS=$tab read -r retention || die 65 "the input ends early"
    said=$(timeout -k 5 60 /usr/local/bin/k3s etcd-snapshot prune --name fleetd --snapshot-retention "$retention" 2>&1 \
      < /dev/null) || die 70 "old snapshots cannot be removed: $(printf '%s\n' "$said" | tail -n 2 | head -c 1000)"
    """#
  )
}

/// What a server told of the snapshot that it saved.
package struct SavedSnapshot: Sendable {
  /// On the server.
  package let path: String
  /// Bytes.
  package let size: Int
  /// Lowercase.
  package let sha256: String
  /// The release that wrote it.
  package let version: K3sVersion
  /// `server/token`: decrypts what the snapshot holds.
  package let token: Secret

  /// Bytes. etcd's own quota is 2 GiB, and k3s never sets a higher one than 8.
  package static let maximumSize = 8 << 30

  /// - Parameter bytes: what `SnapshotScript.save` wrote.
  package init(parsing bytes: [UInt8]) throws(ProbeError) {
    let section = try ProbeTranscript(parsing: bytes).section(SnapshotScript.kind)
    path = try section.required("path")
    guard path.hasPrefix("/"), !path.contains("\n") else { throw .garbled("the path of a snapshot") }
    guard let size = section.word("size").flatMap(Int.init), (1...Self.maximumSize).contains(size) else {
      throw .garbled("the size of a snapshot")
    }
    self.size = size
    guard let sum = section.word("sha256"), K3sHidden.isDigest(sum) else { throw .garbled("the SHA-256 of a snapshot") }
    sha256 = sum.lowercased()
    guard let version = Self.version(try section.required("version")) else {
      throw .garbled("the API server's version")
    }
    self.version = version
    guard let token = section.word("token") else { throw .missing(section: "snapshot.token") }
    self.token = Secret(Array(token.utf8))
  }

  private struct Version: Decodable { let gitVersion: String }

  /// The answer of `/version`.
  private static func version(_ text: String) -> K3sVersion? {
    (try? JSONDecoder().decode(Version.self, from: Data(text.utf8))).flatMap { K3sVersion($0.gitVersion) }
  }
}
