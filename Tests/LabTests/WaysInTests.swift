import Foundation
import Testing

@Suite("ways into a node", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct WaysInTests {
  private static let spec = "files: [{path: /etc/wanted, content: wanted}]"
  private static let password = #"se cr"et$HOME\n"#

  /// Checks, applies, and checks again: the way in does everything that fleetd does.
  private func expectConvergence(_ fleet: TestFleet, _ node: LabNode) async throws {
    let check = try await fleet.check()
    #expect(check.code == 2, "\(check.summary)")
    let once = try await fleet.once()
    #expect(once.code == 0, "\(once.summary)")
    let again = try await fleet.check()
    #expect(again.code == 0, "\(again.summary)")
    #expect(try await node.holds("test -e /etc/wanted"))
  }

  /// An account whose sudo asks for its password.
  private func addAccount(to node: LabNode) async throws {
    try await node.run(
      #"""
      useradd -m -s /bin/sh -G sudo asked
      printf '%s\n' 'asked:\#(Self.password)' | chpasswd
      cp -r /home/fleet/.ssh /home/asked/.ssh && chown -R asked /home/asked/.ssh
      """#)
  }

  private func passwordFleet(_ node: LabNode, _ password: String) throws -> TestFleet {
    let fleet = try TestFleet([node], spec: Self.spec, fleet: "ssh: {user: asked}")
    try fleet.secret("sudo", password)
    try fleet.configure(
      "ssh: {identities: [{file: \(node.identityFile)}]}\nsudo: {password: {secret: sudo}}",
      secrets: "sudo: {file: \(fleet.directory)/sudo}")
    return fleet
  }

  @Test("sudo with a password converges a node, and leaves the password nowhere")
  func sudo() async throws {
    try await NodePool.lease { node in
      try await addAccount(to: node)
      try await expectConvergence(try passwordFleet(node, Self.password), node)
      // The password itself, not its hash; and sudo remembers no login.
      #expect(try await !node.holds(#"journalctl --no-pager -q | grep -qF 'se cr"et'"#))
      #expect(try await !node.holds(#"grep -rqF 'se cr"et' /var/log /run /etc /home /tmp /var/lib/sudo 2>/dev/null"#))
      #expect(try await node.attempt("find /run/sudo/ts -type f").text == "")
    }
  }

  @Test("a node that only a bastion knows is converged through it; both host keys are checked")
  func bastion() async throws {
    try await NodePool.lease(2) { nodes in
      let (node, bastion) = (try #require(nodes.first), try #require(nodes.last))
      // The name is in no resolver but the bastion's own.
      try await bastion.run("echo '\(node.address) inner.test' >> /etc/hosts")
      func fleet(bastionKey: String) throws -> TestFleet {
        let jump = "{address: \(bastion.address), hostKeys: [\"\(bastionKey)\"]}"
        let fleet = try TestFleet([node], spec: Self.spec, fleet: "ssh: {proxyJump: \(jump)}")
        try fleet.address(node, by: "inner.test")
        return fleet
      }
      try await expectConvergence(try fleet(bastionKey: bastion.hostKey), node)
      let wrong = try await fleet(bastionKey: node.hostKey).check()
      #expect(wrong.code == 1 && wrong.plan(of: node)?.failure?.reason == "host-key-changed", "\(wrong.summary)")
    }
  }

  @Test("a password that sudo does not want never reaches the probe or a step")
  func unwantedPassword() async throws {
    try await NodePool.lease { node in
      try await addAccount(to: node)
      try await node.run("echo 'asked ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/asked")
      try await expectConvergence(try passwordFleet(node, "sleep 60"), node)
    }
  }

  @Test("a wrong password is one failed login at sudo, whatever sudo would allow, and is said to be wrong")
  func wrongPassword() async throws {
    try await NodePool.lease { node in
      try await addAccount(to: node)
      try await node.run("echo 'Defaults passwd_tries=10' > /etc/sudoers.d/tries")
      let run = try await passwordFleet(node, "wrong").once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = run.plan(of: node)?.failure
      #expect(failure?.reason == "sudo-refused", "\(run.summary)")
      #expect(failure?.message == "sudo does not accept the password of asked; it was tried once", "\(run.summary)")
      let attempts = try await node.run("journalctl --no-pager -q -o cat -t sudo | grep 'incorrect password attempt'")
      #expect(
        attempts.split(separator: "\n").allSatisfy { $0.contains(": 1 incorrect password attempt ") }, "\(attempts)")
    }
  }

  @Test("sudo that wants a terminal is said to, with what to do, which helps")
  func requiretty() async throws {
    try await NodePool.lease { node in
      try await addAccount(to: node)
      try await node.run("echo 'Defaults requiretty' > /etc/sudoers.d/terminal")
      let fleet = try passwordFleet(node, Self.password)
      let failure = try await fleet.check().plan(of: node)?.failure
      #expect(failure?.reason == "sudo-refused")
      try await node.run(String(try #require(failure?.next?.split(separator: "as root: ").last)))
      try await expectConvergence(fleet, node)
    }
  }

  @Test("the keys of an ssh-agent converge a node")
  func agent() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      let socket = "\(fleet.directory)/agent"
      let script = #"eval "$(ssh-agent -a "$1")" > /dev/null && ssh-add -q "$2" && echo "$SSH_AGENT_PID""#
      let started = try await Lab.run("sh", "-c", script, "sh", socket, node.identityFile)
      try fleet.configure("ssh: {identities: [{agent: \(socket)}]}")
      try await expectConvergence(fleet, node)
      let pid = started.text.trimmingCharacters(in: .whitespacesAndNewlines)
      try await Lab.run("env", "SSH_AGENT_PID=\(pid)", "ssh-agent", "-k")

      let run = try await fleet.check()
      #expect(run.plan(of: node)?.failure?.reason == "identity-unusable", "\(run.summary)")
      #expect(run.plan(of: node)?.failure?.message.contains("the agent at \(socket): ") == true)
    }
  }

  @Test("an encrypted key converges a node with its passphrase, and nothing of it is left behind")
  func encryptedKey() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      let key = "\(fleet.directory)/encrypted"
      try await Lab.run("cp", node.identityFile, key)
      try await Lab.run("ssh-keygen", "-q", "-p", "-N", Self.password, "-f", key)
      try fleet.secret("passphrase", Self.password)
      try fleet.configure(
        "ssh: {identities: [{file: \(key), passphrase: {secret: passphrase}}]}",
        secrets: "passphrase: {file: \(fleet.directory)/passphrase}")
      try await expectConvergence(fleet, node)
      // ssh-agent looks every ten seconds whether it is still wanted.
      let isGone =
        #"for i in $(seq 150); do pgrep -f "[s]sh-agent -a .*$1" > /dev/null || exit 0; sleep 0.2; done; exit 1"#
      try await Lab.run("sh", "-c", isGone, "sh", key)

      try fleet.configure("ssh: {identities: [{file: \(key)}]}")
      let run = try await fleet.check()
      let failure = run.plan(of: node)?.failure
      #expect(failure?.reason == "identity-unusable", "\(run.summary)")
      #expect(failure?.message.contains("no passphrase was given") == true, "\(run.summary)")
    }
  }

  @Test("a known_hosts file with hashed entries decides where no key is pinned")
  func hashedKnownHosts() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      try fleet.unpin(node)
      let file = "\(fleet.directory)/known_hosts"
      try "\(node.address) \(node.hostKey)\n".write(toFile: file, atomically: true, encoding: .utf8)
      try await Lab.run("ssh-keygen", "-q", "-H", "-f", file)
      try fleet.configure("ssh: {identities: [{file: \(node.identityFile)}], knownHosts: \(file)}")
      try await expectConvergence(fleet, node)
      try "".write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try await fleet.check().plan(of: node)?.failure?.reason == "host-key-unknown")
    }
  }
}
