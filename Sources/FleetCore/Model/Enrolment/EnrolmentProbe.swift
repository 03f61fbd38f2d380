/// Looks at an account of a node, as root: whether fleetd can log in to it and use sudo, and what is in the way. It
/// reads and never writes.
package enum EnrolmentProbe {
  package static let script = ProbeScript.text([fragment])

  package static func input(_ user: String) -> [UInt8] { ProbeScript.input([ProbeRequest(kind, [[user]])]) }

  static let kind = ResourceKind("account")

  /// The one file that holds fleetd's right to sudo; sudo reads no name with a dot in it.
  package static let sudoersPath = "/etc/sudoers.d/010_fleetd-nopasswd"

  /// Of shadow(5) only whether the account is locked or has expired leaves the node.
  private static let fragment = ProbeFragment(
    #"""
    probe_account() {
      IFS=$tab read -r user
      account=$(getent passwd "$user")
      emit account "$account"
      emit groups "$(id -Gn "$user" 2> /dev/null)"
      emit shadow "$(getent shadow "$user" | awk -F: -v day="$(($(date +%s) / 86400))" '
        $2 ~ /^!/ { print "locked" } $8 != "" && $8 < day { print "expired" }')"
      sshd=$(/usr/sbin/sshd -T -C "user=$user,host=localhost,addr=127.0.0.1" 2> /dev/null | grep -E \
        '^(allowusers|denyusers|allowgroups|denygroups|authorizedkeysfile|pubkeyauthentication|permitrootlogin|usepam) ')
      emit sshd "$sshd"
      home=${account%:*}; home=${home##*:}; [ -n "$home" ] || home=/home/$user
      keys=$(printf '%s\n' "$sshd" | awk '$1 == "authorizedkeysfile" { print $2 }' | sed "s|%%|%|g; s|%u|$user|g; s|%h|$home|g")
      case ${keys:=.ssh/authorized_keys} in /* | none) ;; *) keys=$home/$keys ;; esac
      emit keys-path "$keys"
      [ -f "$keys" ] && emit_file keys "$keys" 262144
      emit home "$(stat -c '%a %U' -- "$home" 2> /dev/null)"
      emit keys-directory "$(stat -c '%a %U' -- "${keys%/*}" 2> /dev/null)"
      [ -e /etc/sudoers.d/010_fleetd-nopasswd ] && emit_file sudoers /etc/sudoers.d/010_fleetd-nopasswd 65536
      command -v sudo > /dev/null 2>&1 && emit sudo yes
      return 0
    }
    """#)
}

/// What `EnrolmentProbe` saw.
package struct EnrolmentObservation: Sendable {
  /// `nil`: there is no such account.
  package let account: Account?
  /// sshd's answer for this account: keyword -> values; empty where sshd does not tell.
  package let sshd: [String: [String]]
  /// Where sshd looks for the account's keys, `%h` and `%u` replaced; "none": nowhere.
  package let keysPath: String
  /// The file's lines; `nil`: there is none.
  package let keys: [UInt8]?
  /// `nil`: there is none.
  package let sudoers: [UInt8]?
  package let hasSudo: Bool
  /// Directories on the way to the keys that others may write to: sshd ignores the keys below them.
  package let openDirectories: [String]

  package struct Account: Sendable, Hashable {
    package let name: String
    package let home: String
    package let shell: String
    package let groups: [String]
    package let isLocked: Bool
    package let isExpired: Bool
  }

  package init(_ transcript: ProbeTranscript) throws(ProbeError) {
    let section = try transcript.section(EnrolmentProbe.kind)
    let fields = try section.required("account").trimmingWhitespace()
      .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let shadow = (section.text("shadow") ?? "").split(separator: "\n")
    account =
      fields.count == 7
      ? Account(
        name: fields[0], home: fields[5], shell: fields[6],
        groups: (section.text("groups") ?? "").split(whereSeparator: \.isWhitespace).map(String.init),
        isLocked: shadow.contains("locked"), isExpired: shadow.contains("expired")) : nil
    var sshd: [String: [String]] = [:]
    for line in (section.text("sshd") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      sshd[words[0], default: []] += words.dropFirst()
    }
    self.sshd = sshd
    keysPath = try section.required("keys-path").trimmingWhitespace()
    keys = section.bytes("keys")
    sudoers = section.bytes("sudoers")
    hasSudo = section.word("sudo") == "yes"
    let directories = [("home", account?.home ?? ""), ("keys-directory", String(keysPath.prefixBeforeLastSlash))]
    openDirectories = directories.compactMap { key, path in
      let mode = section.word(key)?.split(separator: " ").first.flatMap { Int($0, radix: 8) } ?? 0
      return mode & 0o022 == 0 ? nil : path
    }
  }
}

extension String {
  var prefixBeforeLastSlash: Substring { self[..<(lastIndex(of: "/") ?? startIndex)] }
}
