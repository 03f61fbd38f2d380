import Foundation
import Testing

@testable import FleetModel

/// The script runs for real; k3s' kubectl is played by a program that keeps what it would have sent.
@Suite("giving a cluster a new token")
struct TokenScriptTests {
  private struct Server {
    let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      for directory in ["rancher/k3s/server/cred", "rancher/k3s/server/tls", "etc", "run"] {
        try FileManager.default.createDirectory(atPath: folder.path(directory), withIntermediateDirectories: true)
      }
      try folder.write(Array("K10abc::server:old\n".utf8), to: "rancher/k3s/server/token")
      try folder.write(Array("old,server,server,k3s:server\n".utf8), to: "rancher/k3s/server/cred/passwd")
      try folder.write(Array("clusters:\n- cluster:\n    server: https://127.0.0.1:7443\n".utf8), to: "etc/k3s.yaml")
      try folder.write(Array(Self.k3s.utf8), to: "k3s")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("k3s"))
    }

    private static let k3s = #"""
      #!/bin/sh
      here=${0%/*}
      case "$*" in *'/readyz') printf ok; exit ;; esac
      printf '%s\n' "$*" >> "$here/calls"
      file=
      for word; do
        case $word in --kubeconfig=*) cp "${word#*=}" "$here/seen.kubeconfig" ;; esac
        file=$word
      done
      cp "$file" "$here/seen.request"
      printf 'K10abc::server:new\n' > "$here/rancher/k3s/server/token"
      printf 'new,server,server,k3s:server\n' > "$here/rancher/k3s/server/cred/passwd"
      [ ! -e "$here/broken" ] || { echo 'Error from server (InternalError): etcd is away' >&2; exit 1; }
      """#

    func run(from previous: String, to next: String, by shell: Shell) throws -> Shell.Outcome {
      let vault = SecretVault([
        TokenRotation.previous.name: Secret(Array(previous.utf8)), TokenRotation.next.name: Secret(Array(next.utf8)),
      ])
      let input = TokenScript.input(from: TokenRotation.previous, to: TokenRotation.next)
      let text = ServerScript.text(for: .rotateToken)
        .replacing("/usr/local/bin/k3s", with: folder.path("k3s"))
        .replacing("/var/lib/rancher", with: folder.path("rancher"))
        .replacing("/run/fleetd", with: folder.path("run/fleetd"))
        .replacing("/etc/rancher/k3s", with: folder.path("etc"))
      return try shell.run(text, input: StepPrelude.input(input, with: vault) ?? [])
    }

    func text(_ name: String) -> String {
      (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }

  @Test("sends what k3s' own command sends, and no token in an argument", arguments: Shell.all)
  func sent(_ shell: Shell) throws {
    let server = try Server()
    let outcome = try server.run(from: "old", to: "new", by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(server.text("seen.request") == #"{"newToken":"new"}"#)
    #expect(server.text("calls").contains("replace --validate=false --raw=/v1-k3s/token -f "))
    #expect(!server.text("calls").contains(":new") && !server.text("calls").contains("old"))
    let kubeconfig = server.text("seen.kubeconfig")
    #expect(kubeconfig.hasPrefix("apiVersion: v1\nkind: Config\n"))
    #expect(kubeconfig.contains(#"server: "https://127.0.0.1:7443""#))
    #expect(kubeconfig.contains(#"user: {username: server, password: "old"}"#))
    #expect(try FileManager.default.contentsOfDirectory(atPath: server.folder.path("run/fleetd")).isEmpty)
  }

  @Test("a cluster that has it already is not told again", arguments: Shell.all)
  func again(_ shell: Shell) throws {
    let server = try Server()
    #expect(try server.run(from: "other", to: "old", by: shell).status == 0)
    #expect(!server.folder.contains("calls"))
  }

  @Test("another token than the one that was read is nobody's to replace", arguments: Shell.all)
  func changed(_ shell: Shell) throws {
    let server = try Server()
    #expect(try server.run(from: "other", to: "new", by: shell).status == 65)
    #expect(!server.folder.contains("calls"))
  }

  @Test("where k3s fails after it wrote its files, they are put back", arguments: Shell.all)
  func failure(_ shell: Shell) throws {
    let server = try Server()
    try server.folder.write([], to: "broken")
    let outcome = try server.run(from: "old", to: "new", by: shell)
    #expect(outcome.status == 70 && outcome.error.contains("etcd is away"))
    #expect(server.text("rancher/k3s/server/token") == "K10abc::server:old\n")
    #expect(server.text("rancher/k3s/server/cred/passwd").hasPrefix("old,"))
  }

  @Test("a token that could not stand in JSON or YAML as it is is not sent")
  func plain() {
    func isPlain(_ text: String) -> Bool {
      TokenScript.isPlain(SecretReference("t"), in: SecretVault(["t": Secret(Array(text.utf8))]))
    }
    #expect(isPlain("0a1b2c") && isPlain("correct-horse_battery+staple/=$`'"))
    #expect(
      !isPlain("") && !isPlain("a b") && !isPlain("a\"b") && !isPlain("a\\b") && !isPlain("ä") && !isPlain("a\nb"))
  }
}
