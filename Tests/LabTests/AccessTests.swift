import Testing

@Suite("a change that could lock fleetd out", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct AccessTests {
  @Test("sshd refuses fleetd's account: said at once, undone by the node itself", .timeLimit(.sharedNodes))
  func deniedUser() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node],
        spec: """
          files:
            - {path: /etc/ssh/sshd_config.d/99-test.conf, content: "DenyUsers fleet\\n", notify: ssh}
          """)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "access-lost", "\(run.summary)")
      try await node.await("test ! -e /etc/ssh/sshd_config.d/99-test.conf", seconds: 75)
      try await node.await("test ! -e /var/lib/fleetd/guard")
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      try await node.expectNoLeftovers()
    }
  }

  @Test("sudo refuses fleetd's account: said at once, undone by the node itself", .timeLimit(.sharedNodes))
  func deniedSudo() async throws {
    try await NodePool.lease { node in
      let before = try await node.run("sha256sum /etc/sudoers.d/010_fleet-nopasswd")
      let fleet = try TestFleet(
        [node],
        spec: """
          files: [{path: /etc/sudoers.d/010_fleet-nopasswd, content: "fleet ALL=(ALL) !ALL\\n", mode: "0440"}]
          """)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "access-lost", "\(run.summary)")
      try await node.await("test ! -e /var/lib/fleetd/guard", seconds: 75)
      #expect(try await node.run("sha256sum /etc/sudoers.d/010_fleet-nopasswd") == before)
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      try await node.expectNoLeftovers()
    }
  }

  @Test("a file that its own tool refuses is never put in place", .timeLimit(.sharedNodes))
  func invalid() async throws {
    try await NodePool.lease { node in
      for (path, content) in [
        ("/etc/sudoers.d/50-broken", "fleet ALL=(ALL NOPASSWD ALL"),
        ("/etc/ssh/sshd_config.d/99-broken.conf", "Prot 2"),
      ] {
        let fleet = try TestFleet([node], spec: "files: [{path: \(path), content: \"\(content)\\n\", mode: \"0440\"}]")
        let run = try await fleet.once()
        #expect(run.code == 1, "\(run.summary)")
        let message = run.result(of: node)?.failure?.message
        #expect(message?.contains("refused by its validation") == true, "\(run.summary)")
        #expect(try await !node.holds("test -e \(path)"))
        #expect(try await fleet.check().code == 2)
      }
      // The guard was armed before; whether it undoes nothing or is gone, it leaves nothing.
      try await node.await("test ! -e /var/lib/fleetd/guard", seconds: 75)
      try await node.expectNoLeftovers()
    }
  }

  @Test("a harmless change passes and leaves no guard behind", .timeLimit(.sharedNodes))
  func harmless() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node],
        spec: """
          files:
            - {path: /etc/ssh/sshd_config.d/40-test.conf, content: "X11Forwarding no\\n", notify: ssh}
            - {path: /etc/sudoers.d/40-test, content: "Defaults timestamp_timeout=5\\n", mode: "0440"}
          """)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.run("/usr/sbin/sshd -T").contains("x11forwarding no"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }
}
