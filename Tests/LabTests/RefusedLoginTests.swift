import Foundation
import Testing

@Suite("a node that cannot be entered", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct RefusedLoginTests {
  private static let spec = "files: [{path: /etc/wanted, content: wanted}]"

  @Test(
    "sudo that asks for a password is a refusal that says what to do, in any language",
    arguments: ["C.UTF-8", "de_DE.UTF-8"])
  func sudo(_ language: String) async throws {
    try await NodePool.lease { node in
      try await node.run("rm /etc/sudoers.d/010_fleet-nopasswd; echo LANG=\(language) > /etc/default/locale")
      let fleet = try TestFleet([node], spec: Self.spec)
      for run in [try await fleet.check(), try await fleet.once()] {
        #expect(run.code == 1, "\(run.summary)")
        let failure = run.plan(of: node)?.failure
        #expect(failure?.reason == "sudo-refused", "\(run.summary)")
        #expect(failure?.message.hasPrefix("sudo refuses fleet: ") == true)
        #expect(failure?.next?.contains("fleet ALL=(ALL) NOPASSWD:ALL") == true)
      }
      // What it says to do does it.
      let next = try #require(try await fleet.check().plan(of: node)?.failure?.next)
      let command = try #require(next.split(separator: "as root: ").last)
      try await node.run(String(command))
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
    }
  }

  @Test("another host key than the pinned one stops there, with both fingerprints")
  func changedHostKey() async throws {
    try await NodePool.lease { node in
      let pinned = try await node.fingerprint()
      try await node.run("rm /etc/ssh/ssh_host_* && ssh-keygen -q -A && systemctl restart ssh")
      let offered = try await node.fingerprint()
      #expect(pinned != offered)

      let fleet = try TestFleet([node], spec: Self.spec)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = run.plan(of: node)?.failure
      #expect(failure?.reason == "host-key-changed")
      #expect(failure?.message.contains(pinned) == true, "\(run.summary)")
      #expect(failure?.message.contains(offered) == true, "\(run.summary)")
      #expect(failure?.next?.contains("fleetd trust \(node.name)") == true)
      #expect(try await node.holds("test ! -e /etc/wanted"))
    }
  }

  @Test("a key that the node does not know is a refusal, and names what was tried")
  func refusedKey() async throws {
    try await NodePool.lease { node in
      try await node.run("rm /home/fleet/.ssh/authorized_keys")
      let run = try await TestFleet([node], spec: Self.spec).check()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.failure?.reason == "authentication-failed")
    }
  }

  @Test("where no sshd listens, that is said, and nothing is known of the node")
  func refusedConnection() async throws {
    try await NodePool.lease { node in
      try await node.run("systemctl stop ssh.socket ssh.service")
      let run = try await TestFleet([node], spec: Self.spec).check()
      #expect(run.code == 3, "\(run.summary)")
      #expect(run.plan(of: node)?.failure?.reason == "connection-refused")
    }
  }

  @Test("a dead node does not keep the others from being repaired")
  func dead() async throws {
    try await NodePool.lease(2) { nodes in
      let (dead, alive) = (nodes[0], nodes[1])
      try await Lab.run("lab/power", "off", dead.name)
      let fleet = try TestFleet(nodes, spec: Self.spec)

      let check = try await fleet.check()
      #expect(check.code == 4, "\(check.summary)")
      #expect(["unreachable", "connect-timed-out"].contains(check.plan(of: dead)?.failure?.reason))
      #expect(check.changes(of: alive) == ["add file /etc/wanted"])

      let run = try await fleet.once()
      #expect(run.code == 3, "\(run.summary)")
      #expect(run.result(of: dead)?.outcome == "not-observed")
      #expect(run.result(of: alive)?.outcome == "converged")
      #expect(try await alive.holds("test -e /etc/wanted"))
    }
  }
}

extension LabNode {
  /// Of its Ed25519 host key: `SHA256:…`.
  fileprivate func fingerprint() async throws -> String {
    let words = try await run("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub").split(separator: " ")
    return String(try #require(words.dropFirst().first))
  }
}
