import Foundation
import Testing

@testable import FleetModel

/// The scripts run for real below a folder; k3s and systemd are played by programs that note what they were told.
@Suite("restoring a snapshot on a server")
struct RestoreScriptTests {
  private struct Server {
    let folder: TemporaryFolder
    private let vault = SecretVault([RestorePlan.token.name: Secret(Array("pass".utf8))])

    init(config: String = "cluster-init: true\nnode-name: pi1\ntoken-file: /etc/rancher/k3s/fleetd-token\n") throws {
      folder = try TemporaryFolder()
      for directory in [
        "etc/rancher/k3s/config.yaml.d", "etc/systemd/system", "rancher/k3s/server/db/etcd", "run", "bin",
      ] {
        try FileManager.default.createDirectory(
          atPath: folder.path(directory), withIntermediateDirectories: true)
      }
      try folder.write(Array(config.utf8), to: "etc/rancher/k3s/config.yaml")
      try folder.write([], to: "etc/systemd/system/k3s.service")
      try folder.write(Array("old".utf8), to: "rancher/k3s/server/db/etcd/data")
      try program("k3s", Self.k3s)
      try program("systemctl", Self.systemctl)
    }

    private func program(_ name: String, _ text: String) throws {
      try folder.write(Array(text.utf8), to: "bin/\(name)")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("bin/\(name)"))
    }

    /// Keeps what it was given, so that a test can look at it.
    private static let k3s = #"""
      #!/bin/sh
      here=${0%/bin/*}
      printf '%s\n' "$*" >> "$here/k3s.calls"
      for word; do
        case $word in
          --config=*) cp "${word#*=}" "$here/seen.config"; cp -r "${word#*=}.d" "$here/seen.config.d" ;;
          --token-file=*) cp "${word#*=}" "$here/seen.token" ;;
          --cluster-reset-restore-path=*) snapshot=${word#*=} ;;
        esac
      done
      [ ! -e "$here/rancher/k3s/server/db/reset-flag" ] || { echo 'reset-flag is there'; exit 1; }
      [ ! -e "$here/broken" ] || { echo 'level=fatal msg="snapshot is corrupt"'; exit 1; }
      cp "$snapshot" "$here/rancher/k3s/server/db/etcd/data"
      echo 'Managed etcd cluster membership has been reset, restart without --cluster-reset flag now.'
      """#

    private static let systemctl = #"""
      #!/bin/sh
      here=${0%/bin/*}
      case "$1" in
        is-active) [ -e "$here/running" ] ;;
        stop) rm -f "$here/running"; printf '%s\n' "$*" >> "$here/systemctl.calls" ;;
        *) printf '%s\n' "$*" >> "$here/systemctl.calls" ;;
      esac
      """#

    func run(_ script: StepScript, _ lines: [[String]], isSecret: Bool = false, by shell: Shell) throws -> Shell.Outcome
    {
      let input = StepInput(lines, payload: isSecret ? Content(secret: RestorePlan.token) : nil)
      let text = [StepPrelude.sharedFunctions, "PATH=\(folder.path("bin")):$PATH", script.text].joined(separator: "\n")
        .replacing("/usr/local/bin/k3s", with: folder.path("bin/k3s"))
        .replacing("/var/lib/rancher", with: folder.path("rancher"))
        .replacing("/var/lib/fleetd", with: folder.path("state"))
        .replacing("/run/fleetd", with: folder.path("run/fleetd"))
        .replacing("/etc/rancher", with: folder.path("etc/rancher"))
        .replacing("/etc/systemd", with: folder.path("etc/systemd"))
      return try shell.run(text, input: StepPrelude.input(input, with: vault) ?? [])
    }

    func text(_ name: String) -> String {
      (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// As it is after the snapshot was sent.
    func prepared(by shell: Shell) throws {
      #expect(try run(.restoreStop, [["id", "k3s.service"]], by: shell).status == 0)
      try folder.write(Array("etcd".utf8), to: "state/restore.db")
    }

    func reset(by shell: Shell, sum: String = Self.sum) throws -> Shell.Outcome {
      try run(.restoreReset, [["id", sum, "60", "k3s.service"]], isSecret: true, by: shell)
    }

    static let sum = "c38cbd92fce41312f3fbdce60510013b7f0d4004a03b45c8e762f98f1ed4006c"
  }

  @Test("stops k3s and keeps it from starting at a boot", arguments: Shell.all)
  func stop(_ shell: Shell) throws {
    let server = try Server()
    try server.folder.write([], to: "running")
    let outcome = try server.run(.restoreStop, [["id", "k3s.service"]], by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(server.text("systemctl.calls") == "stop -- k3s.service\ndisable --quiet -- k3s.service\n")
    #expect(server.text("state/restoring") == "id\n")
  }

  @Test("a server whose datastore is the new one already is left running", arguments: Shell.all)
  func notAgain(_ shell: Shell) throws {
    let server = try Server()
    try server.prepared(by: shell)
    #expect(try server.reset(by: shell).status == 0)
    try server.folder.write([], to: "running")
    #expect(try server.run(.restoreStop, [["id", "k3s.service"]], by: shell).status == 0)
    #expect(server.folder.contains("running"))
    #expect(try server.reset(by: shell).status == 0)
    #expect(server.text("k3s.calls").split(separator: "\n").count == 1)
  }

  @Test(
    "k3s gets the snapshot and its token, and none of the keys that it would refuse or follow", arguments: Shell.all)
  func reset(_ shell: Shell) throws {
    let server = try Server(
      config: "cluster-init: true\n\"etcd-s3\": true\netcd-s3-bucket: b\nnode-name: pi1\nserver: \"https://pi2:6443\"\n"
        + "tls-san:\n  - k3s.lan\ntoken-file: /etc/rancher/k3s/fleetd-token\n")
    try server.folder.write(
      Array("server: https://pi3:6443\ndebug: true\n".utf8), to: "etc/rancher/k3s/config.yaml.d/a.yaml")
    try server.folder.write(Array("server: no\n".utf8), to: "etc/rancher/k3s/config.yaml.d/a.txt")
    try server.prepared(by: shell)
    // An earlier attempt died half-way.
    try server.folder.write([], to: "rancher/k3s/server/db/reset-flag")
    let outcome = try server.reset(by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(server.text("seen.config") == "cluster-init: true\nnode-name: pi1\ntls-san:\n  - k3s.lan\n")
    #expect(server.text("seen.config.d/a.yaml") == "debug: true\n" && !server.folder.contains("seen.config.d/a.txt"))
    #expect(server.text("seen.token") == "pass" && !server.text("k3s.calls").contains("pass"))
    #expect(server.text("k3s.calls").contains("--cluster-reset --cluster-reset-restore-path="))
    #expect(server.text("rancher/k3s/server/db/etcd/data") == "etcd")
    #expect(server.text("state/restored") == "id\n" && !server.folder.contains("state/restore.db"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: server.folder.path("run/fleetd")).isEmpty)
  }

  @Test("refuses another file than was sent, a k3s that runs, and a server that was not prepared", arguments: Shell.all)
  func refused(_ shell: Shell) throws {
    let server = try Server()
    #expect(try server.reset(by: shell).status == 65)
    try server.prepared(by: shell)
    #expect(try server.reset(by: shell, sum: String(repeating: "0", count: 64)).status == 65)
    try server.folder.write([], to: "running")
    #expect(try server.reset(by: shell).status == 75)
    #expect(!server.folder.contains("k3s.calls"))
  }

  @Test("says what k3s said when it cannot restore, and may be tried again", arguments: Shell.all)
  func broken(_ shell: Shell) throws {
    let server = try Server()
    try server.prepared(by: shell)
    try server.folder.write([], to: "broken")
    let outcome = try server.reset(by: shell)
    #expect(outcome.status == 70 && outcome.error.contains("snapshot is corrupt"))
    #expect(!server.folder.contains("state/restored") && server.folder.contains("state/restore.db"))
    try FileManager.default.removeItem(atPath: server.folder.path("broken"))
    #expect(try server.reset(by: shell).status == 0)
  }

  @Test("the others keep their old datastore beside it, and join the first", arguments: Shell.all)
  func rejoin(_ shell: Shell) throws {
    let server = try Server()
    try server.prepared(by: shell)
    let line = ["id", "k3s.service", "https://192.168.1.11:6443"]
    let outcome = try server.run(.restoreRejoin, [line], by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(!server.folder.contains("rancher/k3s/server/db"))
    #expect(server.text("rancher/k3s/server/db.fleetd-before-restore/etcd/data") == "old")
    let drop = "etc/rancher/k3s/config.yaml.d/zz-fleetd-restore.yaml"
    #expect(server.text(drop) == "cluster-init: false\nserver: \"https://192.168.1.11:6443\"\n")
    // It joined meanwhile: its new datastore is not moved away.
    try FileManager.default.createDirectory(
      atPath: server.folder.path("rancher/k3s/server/db/etcd"), withIntermediateDirectories: true)
    #expect(try server.run(.restoreRejoin, [line], by: shell).status == 0)
    #expect(server.folder.contains("rancher/k3s/server/db/etcd"))
    #expect(try server.run(.restoreFinish, [], by: shell).status == 0)
    #expect(!server.folder.contains(drop) && !server.folder.contains("etc/rancher/k3s/config.yaml.d"))
    #expect(!server.folder.contains("state/restoring") && !server.folder.contains("state/restored"))
  }

  @Test("a restore is not ended on a server that has no datastore yet", arguments: Shell.all)
  func unfinished(_ shell: Shell) throws {
    let server = try Server()
    try server.prepared(by: shell)
    #expect(try server.run(.restoreRejoin, [["id", "k3s.service", "https://x:6443"]], by: shell).status == 0)
    #expect(try server.run(.restoreFinish, [], by: shell).status == 65)
  }

  @Test("a token that means the same stays as it is, another is replaced", arguments: Shell.all)
  func token(_ shell: Shell) throws {
    let server = try Server()
    let path = "etc/rancher/k3s/fleetd-token"
    let secure = "K10\(String(repeating: "a", count: 64))::server:pass"
    for (before, after) in [(secure, secure), ("pass", "pass"), ("other", "pass"), (secure + "word", "pass")] {
      try server.folder.write(Array(before.utf8), to: path)
      #expect(try server.run(.restoreToken, [], isSecret: true, by: shell).status == 0)
      #expect(server.text(path) == after)
    }
    try FileManager.default.removeItem(atPath: server.folder.path(path))
    #expect(try server.run(.restoreToken, [], isSecret: true, by: shell).status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: server.folder.path(path))[.posixPermissions] as? Int
    #expect(server.text(path) == "pass" && mode == 0o600)
  }
}
