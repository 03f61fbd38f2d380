import Foundation
import Testing

@Suite("fleetd init", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct InitTests {
  /// A home of its own, with a known_hosts file of these nodes; fleetd runs beside them.
  private final class Control: Sendable {
    let home: String
    let nodes: [LabNode]

    init(_ nodes: [LabNode]) throws {
      self.nodes = nodes
      home = FileManager.default.temporaryDirectory.appending(path: "fleetd-init-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
      let lines = nodes.map { "\($0.address) \($0.hostKey)\n[\($0.address)]:1 \($0.hostKey)\n" }
      try lines.joined().write(toFile: "\(home)/known_hosts", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    var repository: String { "\(home)/fleet" }

    func fleetd(_ words: [String]) async throws -> Output {
      // No terminal, whatever the tests run on.
      let run = ["env", "HOME=\(home)", "CACHE_DIRECTORY=\(home)/cache", Lab.binary] + words
      return try await Lab.execute(["lab/exec", "--", "sh", "-c", #"exec "$@" < /dev/null"#, "sh"] + run)
    }

    /// On a terminal of its own: each answer is typed when its question is there.
    func terminal(_ words: [String], answers: [(question: String, answer: String)]) async throws -> Output {
      let command = (["env", "HOME=\(home)", "CACHE_DIRECTORY=\(home)/cache", Lab.binary] + words)
        .joined(separator: " ")
      let script = #"""
        directory=$1; command=$2; shift 2
        rm -f "$directory/typed" "$directory/shown"
        mkfifo "$directory/typed" && : > "$directory/shown" || exit 70
        script --quiet --return --flush --command "$command" "$directory/shown" < "$directory/typed" > /dev/null &
        exec 3> "$directory/typed"
        while [ $# -gt 0 ]; do
          until grep -q -F -e "$1" "$directory/shown"; do kill -0 $! 2> /dev/null || break; sleep 0.1; done
          printf '%s\n' "$2" >&3; shift 2
        done
        wait $!; status=$?
        cat "$directory/shown"
        exit $status
        """#
      return try await Lab.execute(
        ["lab/exec", "--", "sh", "-c", script, "sh", home, command] + answers.flatMap { [$0.question, $0.answer] })
    }

    func initialise(_ targets: [String], _ options: String...) async throws -> Output {
      let source = try await Lab.inventory().k3sDirectory
      return try await fleetd(
        ["init", "--from"] + targets + [repository, "--accept-host-keys-from", "\(home)/known_hosts", "--identity"]
          + [nodes.first?.identityFile ?? "", "--k3s-source", source] + options)
    }

    func check() async throws -> Run {
      Run(try await fleetd(["--check", "--output", "json", "--repo", repository]))
    }

    func text(_ name: String) throws -> String {
      try String(contentsOfFile: "\(repository)/\(name)", encoding: .utf8)
    }

    func holds(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
  }

  private static let token = "K3S_TOKEN=sixteen-char-tok"

  private static func handmade(_ node: LabNode, _ words: String...) async throws {
    let output = try await Lab.execute(["lab/handmade", node.name] + words)
    try #require(output.status == 0, "\(node.name): \(output.errors)")
  }

  /// What a login alone leaves differs too: see `CheckChangesNothingTests`.
  private static func configuration(of node: LabNode) async throws -> String {
    try await node.run(
      """
      find /etc /usr/local /boot /root /home /var/lib/fleetd /var/lib/rancher -xdev -printf '%p %y %m %U:%G %s %T@ %l\\n' \
        2>/dev/null | grep -v /server/db | sort
      find /etc /usr/local /boot /var/lib/rancher -xdev -type f -print0 | sort -z | xargs -0 sha256sum | grep -v /server/db
      systemctl show -p ActiveEnterTimestampMonotonic,NRestarts k3s k3s-agent
      """)
  }

  @Test(
    "the example passes an offline check; a second one is refused with what is in the way", .timeLimit(.sharedNodes))
  func example() async throws {
    let control = try Control([])
    let first = try await control.fleetd(["init", control.repository])
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.text.contains("git init: ") && first.text.contains("inventory/nodes/pi1.yaml"))
    let check = try await control.fleetd(["--check", "--offline", "--repo", control.repository])
    #expect(check.status == 0, "\(check.errors)")
    let node = try control.text("inventory/nodes/pi1.yaml")

    let second = try await control.fleetd(["init", control.repository])
    #expect(second.status == 1 && second.errors.contains("holds already: inventory, README.md, .gitignore"))
    #expect(try control.text("inventory/nodes/pi1.yaml") == node)
  }

  @Test(
    "of a fleet that was set up by hand, the first check says in sync, and nothing on it was touched",
    .timeLimit(.sharedNodes))
  func adoption() async throws {
    try await NodePool.lease(2) { nodes in
      let (server, agent) = (nodes[0], nodes[1])
      try await Self.handmade(server, "server", Self.token, "--", "--disable", "traefik", "--node-ip", server.address)
      try await Self.handmade(
        agent, "agent", Self.token, "K3S_URL=https://\(server.address):6443", "--", "--node-label", "disk=ssd")
      for node in nodes {
        try await node.run(
          "echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-k8s.conf; sysctl -q -p /etc/sysctl.d/90-k8s.conf; apt-mark -q hold curl"
        )
      }
      try await agent.run("echo overlay > /etc/modules-load.d/k3s.conf; chmod 640 /etc/modules-load.d/k3s.conf")
      let before = [try await Self.configuration(of: server), try await Self.configuration(of: agent)]

      let control = try Control(nodes)
      let run = try await control.initialise(nodes.reversed().map { "fleet@\($0.address)" })
      #expect(run.status == 0, "\(run.text)\(run.errors)")
      #expect(run.text.contains("a check finds all 2 nodes in sync"))
      #expect(run.text.hasSuffix("next: fleetd --check --repo \(control.repository)\n"))
      let check = try await control.check()
      #expect(check.code == 0, "\(check.summary)")
      #expect(check.document?.nodes?.count == 2 && nodes.allSatisfy { check.changes(of: $0).isEmpty })
      #expect([try await Self.configuration(of: server), try await Self.configuration(of: agent)] == before)

      let base = try control.text("inventory/profiles/base.yaml")
      #expect(base.contains("/etc/sysctl.d/90-k8s.conf") && base.contains("curl: {version: "))
      #expect(try control.text("inventory/nodes/\(agent.name).yaml").contains("/etc/modules-load.d/k3s.conf"))
      // The token is on the control node, for its owner alone, and nowhere in the repository.
      let token = "\(control.home)/.config/fleetd/k3s-token"
      #expect(try String(contentsOfFile: token, encoding: .utf8) == "sixteen-char-tok\n")
      let mode = try FileManager.default.attributesOfItem(atPath: token)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let search = try await Lab.execute(["grep", "-r", "sixteen-char", control.repository])
      #expect(search.status == 1, "\(search.text)")
    }
  }

  @Test(
    "a k3s that cannot be expressed is left out with the reason; the rest is written, and in sync",
    .timeLimit(.sharedNodes))
  func inexpressible() async throws {
    try await NodePool.lease { node in
      try await Self.handmade(node, "server", Self.token, "--", "--data-dir", "/srv/k3s")
      let control = try Control([node])
      let run = try await control.initialise(["fleet@\(node.address)"])
      #expect(run.status == 1, "\(run.text)\(run.errors)")
      #expect(run.text.contains("LEFT OUT: \(node.name): k3s: ") && run.text.contains("data-dir"))
      #expect(try control.text("inventory/nodes/\(node.name).yaml").contains("# K3S RUNS HERE AND IS LEFT OUT."))
      let check = try await control.check()
      #expect(check.code == 0, "\(check.summary)")
    }
  }

  @Test("when one host fails nothing is written, and every failure is told", .timeLimit(.sharedNodes))
  func oneFails() async throws {
    try await NodePool.lease { node in
      let control = try Control([node])
      let run = try await control.initialise([
        "fleet@\(node.address)", "fleet@\(node.address):1", "nobody@\(node.address)",
      ])
      #expect(run.status == 64 && run.errors.contains("twice"))
      let failed = try await control.initialise(["fleet@\(node.address)", "fleet@\(node.address):1"])
      #expect(failed.status == 1)
      #expect(failed.errors.contains("fleet@\(node.address):1: ") && failed.errors.contains("nothing was written"))
      try await node.run("echo 'fleet ALL=(ALL) ALL' > /etc/sudoers.d/010_fleet-nopasswd")
      let sudo = try await control.initialise(["fleet@\(node.address)"])
      #expect(sudo.status == 1 && sudo.errors.contains("sudo"))
      #expect(!control.holds(control.repository) && !control.holds("\(control.home)/.config"))
    }
  }

  @Test(
    "a terminal is asked about host keys and sudo's password, which it does not show; with the password a check works",
    .timeLimit(.sharedNodes))
  func terminal() async throws {
    try await NodePool.lease { node in
      try await node.run(
        "echo fleet:hunter-22 | chpasswd; echo 'fleet ALL=(ALL) ALL' > /etc/sudoers.d/010_fleet-nopasswd")
      let control = try Control([node])
      let words = [
        "init", "--from", "fleet@\(node.address)", control.repository, "--identity", node.identityFile,
      ]
      let no = try await control.terminal(words, answers: [("[y/N]", "n")])
      #expect(no.status == 1 && no.text.contains("the host keys were not accepted; nothing was written"), "\(no.text)")
      #expect(!control.holds(control.repository) && !control.holds("\(control.home)/.config"))

      let run = try await control.terminal(words, answers: [("[y/N]", "y"), ("wants the password", "hunter-22")])
      #expect(run.status == 0 && run.text.contains("in sync"), "\(run.text)")
      #expect(run.text.contains("SHA256:") && run.text.contains("name it as sudo.password"), "\(run.text)")
      #expect(!run.text.contains("hunter-22"))
      #expect(try control.text("inventory/nodes/\(node.name).yaml").contains(node.hostKey))

      let refused = try await control.check()
      #expect(refused.code == 1 && refused.output.text.contains("sudo-refused"), "\(refused.summary)")
      let configuration = "\(control.home)/.config/fleetd/fleetd.yaml"
      let written = try String(contentsOfFile: configuration, encoding: .utf8)
      let password = "\(control.home)/.config/fleetd/sudo"
      let made = FileManager.default.createFile(
        atPath: password, contents: Data("hunter-22\n".utf8), attributes: [.posixPermissions: 0o600])
      #expect(made)
      try (written + "  sudo: {password: {secret: sudo}}\n  secrets: {sudo: {file: \(password)}}\n")
        .write(toFile: configuration, atomically: false, encoding: .utf8)
      let check = try await control.check()
      #expect(check.code == 0, "\(check.summary)")
    }
  }

  @Test("without a terminal and without a file of host keys nobody is believed", .timeLimit(.sharedNodes))
  func hostKeys() async throws {
    try await NodePool.lease { node in
      let control = try Control([node])
      let run = try await control.fleetd([
        "init", "--from", "fleet@\(node.address)", control.repository, "--identity", node.identityFile,
      ])
      #expect(run.status == 1 && run.errors.contains("--accept-host-keys-from"))
      let logins = "journalctl -q -u ssh -o cat | grep -c Accepted || true"
      #expect(try await node.run(logins) == "0\n")
      // A key that is not the host's: it has changed, as far as anybody can tell.
      let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAION46cJbB21xkDgtrzI5wTNR6mDLb1PhA2Aap6TaT2Vc"
      try "\(node.address) \(other)\n".write(toFile: "\(control.home)/known_hosts", atomically: true, encoding: .utf8)
      let wrong = try await control.initialise(["fleet@\(node.address)"])
      #expect(wrong.status == 1 && wrong.errors.contains("host key"))
      #expect(try await node.run(logins) == "0\n" && !control.holds(control.repository))
    }
  }
}
