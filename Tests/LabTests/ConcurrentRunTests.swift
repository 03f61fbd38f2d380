import Testing

@Suite("two runs at once", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ConcurrentRunTests {
  @Test("nothing is done twice, and both end well or say why", .timeLimit(.sharedNodes))
  func both() async throws {
    try await NodePool.lease { node in
      let spec = """
        packages: {fleet-slow: present}
        files: [{path: /etc/fleet/app.conf, content: "new\\n"}]
        """
      let (one, other) = (try TestFleet([node], spec: spec), try TestFleet([node], spec: spec))
      async let first = one.once()
      async let second = other.once()
      for run in [try await first, try await second] where run.code != 0 {
        #expect(run.code == 1 || run.code == 3, "\(run.summary)")
        let reason = run.result(of: node)?.failure?.reason
        #expect(["node-busy", "changed-meanwhile", "step-running"].contains(reason), "\(run.summary)")
      }
      #expect(try await node.run("grep -c '^Commandline:.*install.*fleet-slow' /var/log/apt/history.log") == "1\n")
      let check = try await one.once()
      #expect(check.code == 0, "\(check.summary)")
      try await node.expectNoLeftovers()
    }
  }

  @Test("a lock that is held for longer than a step waits is reported as a busy node", .timeLimit(.sharedNodes))
  func busy() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        mkdir -p /run/fleetd
        systemd-run --quiet --unit=holder flock /run/fleetd/lock sh -c 'touch /run/holds; exec sleep infinity'
        """)
      try await node.await("test -e /run/holds")
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/fleet/app.conf, content: \"new\\n\"}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "node-busy", "\(run.summary)")
      #expect(try await !node.holds("test -e /etc/fleet/app.conf"))

      try await node.run("systemctl stop holder")
      #expect(try await fleet.once().code == 0)
      try await node.expectNoLeftovers()
    }
  }
}
