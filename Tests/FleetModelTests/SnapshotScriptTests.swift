import Foundation
import Testing

@testable import FleetModel

/// The scripts run for real in a shell; k3s is played by a program that keeps its snapshots as k3s does.
@Suite("saving etcd on a server")
struct SnapshotScriptTests {
  /// A server's files, and a k3s for them.
  private struct Server {
    let folder: TemporaryFolder

    init(etcd: Bool = true, sqlite: Bool = false) throws {
      folder = try TemporaryFolder()
      let database = folder.path("rancher/k3s/server/db")
      try FileManager.default.createDirectory(atPath: database + "/snapshots", withIntermediateDirectories: true)
      if etcd { try FileManager.default.createDirectory(atPath: database + "/etcd", withIntermediateDirectories: true) }
      if sqlite { try folder.write([1], to: "rancher/k3s/server/db/state.db") }
      try folder.write(Array("K10abc::server:secret\n".utf8), to: "rancher/k3s/server/token")
      try folder.write(Array(Self.k3s.utf8), to: "k3s")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("k3s"))
    }

    private static let k3s = #"""
      #!/bin/sh
      here=${0%/*}; dir=$here/rancher/k3s/server/db/snapshots
      printf '%s\n' "$*" >> "$here/calls"
      case "$*" in
        *'/readyz') [ ! -e "$here/down" ] && printf ok ;;
        *'/version') printf '{\n  "gitVersion": "v1.33.4+k3s1",\n  "major": "1"\n}' ;;
        'etcd-snapshot save --name '*)
          [ ! -e "$here/full" ] || { echo 'level=fatal msg="no space left on device"' >&2; exit 1; }
          printf 'etcd of %s' "$4" > "$dir/$4-pi1-1764194707"
          echo "Snapshot $4-pi1-1764194707 saved." >&2 ;;
        'etcd-snapshot ls')
          [ ! -e "$here/mute" ] || exit 1
          printf 'Name Location Size Created\n'
          for file in "$dir"/*; do printf '%s file://%s 7 2026\n' "${file##*/}" "$file"; done ;;
        'etcd-snapshot prune --name fleetd --snapshot-retention 3') ;;
        *) echo "unexpected: $*" >&2; exit 9 ;;
      esac
      """#

    func run(_ script: StepScript, _ fields: [String], by shell: Shell) throws -> Shell.Outcome {
      let text = ServerScript.text(for: script)
        .replacing("/usr/local/bin/k3s", with: folder.path("k3s"))
        .replacing("/var/lib/rancher", with: folder.path("rancher"))
      return try shell.run(text, input: NodeScript.line(fields))
    }
  }

  @Test("tells the file, its digest, the running release and the token", arguments: Shell.all)
  func save(_ shell: Shell) throws {
    let server = try Server()
    let outcome = try server.run(SnapshotScript.save, ["fleetd-20261126t220507z"], by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    let saved = try SavedSnapshot(parsing: outcome.output)
    #expect(saved.path.hasSuffix("/snapshots/fleetd-20261126t220507z-pi1-1764194707"))
    #expect(saved.size == "etcd of fleetd-20261126t220507z".utf8.count)
    #expect(saved.version == K3sVersion("v1.33.4+k3s1"))
    #expect(saved.token.withBytes { String(decoding: $0, as: UTF8.self) } == "K10abc::server:secret")
    let fetched = try server.run(SnapshotScript.fetch, [saved.path, "\(saved.size)"], by: shell)
    #expect(fetched.text == "etcd of fleetd-20261126t220507z" && fetched.status == 0)
  }

  @Test("finds the file in its usual place where k3s cannot list it", arguments: Shell.all)
  func withoutList(_ shell: Shell) throws {
    let server = try Server()
    try server.folder.write([], to: "mute")
    let outcome = try server.run(SnapshotScript.save, ["fleetd-x"], by: shell)
    #expect(try SavedSnapshot(parsing: outcome.output).path.hasSuffix("/fleetd-x-pi1-1764194707"), "\(outcome.error)")
  }

  @Test("takes no older snapshot for the new one", arguments: Shell.all)
  func namesakes(_ shell: Shell) throws {
    let server = try Server()
    try server.folder.write([7], to: "rancher/k3s/server/db/snapshots/fleetd-xx-pi1-1764194999")
    try server.folder.write([7], to: "rancher/k3s/server/db/snapshots/etcd-snapshot-pi1-1764194999")
    let outcome = try server.run(SnapshotScript.save, ["fleetd-x"], by: shell)
    #expect(try SavedSnapshot(parsing: outcome.output).path.hasSuffix("/fleetd-x-pi1-1764194707"))
  }

  @Test("a server that does not answer or has no member of etcd is followed by another", arguments: Shell.all)
  func another(_ shell: Shell) throws {
    let down = try Server()
    try down.folder.write([], to: "down")
    #expect(try down.run(SnapshotScript.save, ["fleetd-x"], by: shell).status == 75)
    #expect(try Server(etcd: false).run(SnapshotScript.save, ["fleetd-x"], by: shell).status == 75)
  }

  @Test("sqlite is never copied while k3s runs", arguments: Shell.all)
  func sqlite(_ shell: Shell) throws {
    let server = try Server(etcd: false, sqlite: true)
    let outcome = try server.run(SnapshotScript.save, ["fleetd-x"], by: shell)
    #expect(outcome.status == 69 && outcome.error.contains("sqlite"))
    #expect(!server.folder.contains("calls"))
  }

  @Test("says what k3s said when it cannot save", arguments: Shell.all)
  func full(_ shell: Shell) throws {
    let server = try Server()
    try server.folder.write([], to: "full")
    let outcome = try server.run(SnapshotScript.save, ["fleetd-x"], by: shell)
    #expect(outcome.status == 70 && outcome.error.contains("no space left on device"))
  }

  @Test("a link in the snapshot's place is not followed", arguments: Shell.all)
  func link(_ shell: Shell) throws {
    let server = try Server()
    try server.folder.write(Array("shadow".utf8), to: "shadow")
    try FileManager.default.createSymbolicLink(
      atPath: server.folder.path("link"), withDestinationPath: server.folder.path("shadow"))
    let outcome = try server.run(SnapshotScript.fetch, [server.folder.path("link"), "6"], by: shell)
    #expect(outcome.status == 65 && outcome.output.isEmpty)
  }

  @Test("k3s prunes what fleetd saved and nothing else", arguments: Shell.all)
  func prune(_ shell: Shell) throws {
    #expect(try Server().run(SnapshotScript.prune, ["3"], by: shell).status == 0)
    let refused = try Server().run(SnapshotScript.prune, ["4"], by: shell)
    #expect(refused.status == 70 && refused.error.contains("unexpected"))
  }
}

@Suite("a snapshot as it is kept")
struct K3sSnapshotTests {
  private static func answer(_ records: [(String, String)]) -> [UInt8] {
    let text = records.map { "= \($0.0) \($0.1.utf8.count)\n\($0.1)\n" }.joined()
    return Array("\nfleetd-probe 1\nsection snapshot\n\(text)end 1\n".utf8)
  }

  private static let sum = String(repeating: "a1", count: 32)
  private static let good = [
    ("version", #"{"gitVersion": "v1.33.4+k3s1"}"#), ("path", "/snapshots/fleetd-x-pi1-1"), ("size", "7"),
    ("sha256", sum), ("token", "K10abc::server:secret"),
  ]

  @Test("keeps what a restore must know, and never the token")
  func description() throws {
    let saved = try SavedSnapshot(parsing: Self.answer(Self.good))
    let snapshot = K3sSnapshot(of: "home", from: "pi1", saved, at: 1_795_730_707)
    #expect(snapshot.id == "20261126T220507Z-pi1" && snapshot.name == "fleetd-x-pi1-1")
    #expect(K3sSnapshot(parsing: snapshot.json) == snapshot)
    #expect(!String(decoding: snapshot.json, as: UTF8.self).contains("secret"))
    #expect(!"\(saved)".contains("secret"))
  }

  @Test(
    "an answer that cannot be true is none",
    arguments: [
      ("path", "relative"), ("path", "/a\n/b"), ("size", "0"), ("size", "-1"), ("size", "99999999999999"),
      ("sha256", "short"), ("version", "{}"), ("version", "no JSON"), ("token", " "),
    ]
  )
  func garbled(_ key: String, _ value: String) {
    let records = Self.good.map { $0.0 == key ? (key, value) : $0 }
    #expect(throws: ProbeError.self) { try SavedSnapshot(parsing: Self.answer(records)) }
  }

  @Test("only a name becomes part of a path")
  func identifiers() {
    #expect(K3sSnapshot.isID("20261126T220507Z-pi1.lan"))
    #expect(["", ".", "..", "a/b", "../x", "a b", "ä"].allSatisfy { !K3sSnapshot.isID($0) })
  }
}
