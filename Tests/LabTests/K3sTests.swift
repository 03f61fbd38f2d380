import Testing

@Suite("k3s", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct K3sTests {
  @Test("a second run leaves everything alone; what is killed or stopped by hand is started", .timeLimit(.sharedNodes))
  func keeps() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: TestFleet.roles([node]))
      let first = try await fleet.once()
      #expect(first.code == 0, "\(first.summary)")
      #expect(try await node.holds("systemctl is-enabled --quiet k3s"))
      let invocation = try await node.invocation(of: "k3s")
      let second = try await fleet.once()
      #expect(second.code == 0, "\(second.summary)")
      #expect(try await node.invocation(of: "k3s") == invocation)

      // A run that died between the rename and the restart leaves this mark.
      try await node.run("mkdir -p /run/fleetd/pending; : > /run/fleetd/pending/k3s.service")
      let owed = try await fleet.once()
      #expect(owed.code == 0, "\(owed.summary)")
      #expect(owed.changes(of: node) == ["act k3s k3s"])
      let restarted = try await node.invocation(of: "k3s")
      #expect(restarted != invocation)
      #expect(try await fleet.once().code == 0)
      #expect(try await node.invocation(of: "k3s") == restarted)

      try await node.run("systemctl stop k3s")
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      #expect(check.changes(of: node) == ["act k3s k3s"])
      #expect(try await fleet.once().code == 0)
      #expect(try await node.holds("systemctl is-active --quiet k3s"))

      try await node.run("systemctl kill --signal=KILL k3s")
      try await node.await("test $(systemctl show -p ActiveState --value k3s) != active")
      let revived = try await fleet.once()
      #expect(revived.code == 0, "\(revived.summary)")
      #expect(try await node.holds("systemctl is-active --quiet k3s"))
      try await node.expectNoLeftovers()
    }
  }

  @Test("an upgrade restarts once, and the new version is live", .timeLimit(.sharedNodes))
  func upgrade() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: TestFleet.roles([node]))
      #expect(try await fleet.once().code == 0)
      try fleet.write(
        spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.5+k3s1"), node: TestFleet.roles([node]))
      let starts = try await node.starts(of: "k3s")
      let upgrade = try await fleet.once()
      #expect(upgrade.code == 0, "\(upgrade.summary)")
      #expect(upgrade.changes(of: node).first == "change k3s /usr/local/bin/k3s")
      #expect(try await node.starts(of: "k3s") == starts + 1)
      let running = try await node.run("/proc/$(systemctl show -p MainPID --value k3s)/exe --version")
      #expect(running.contains("v1.33.5+k3s1"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("a node's own key, and registries.yaml, restart only what reads them", .timeLimit(.sharedNodes))
  func configuration() async throws {
    try await NodePool.lease(2) { nodes in
      let (server, agent) = (nodes[0], nodes[1])
      var roles = TestFleet.roles(nodes)
      let fleet = try TestFleet(
        nodes, spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: roles)
      let first = try await fleet.once()
      #expect(first.code == 0, "\(first.summary)")
      let (serverBefore, agentBefore) = (
        try await server.invocation(of: "k3s"), try await agent.invocation(of: "k3s-agent")
      )

      roles[agent.name] = "role: agent\nk3s: {config: {kubelet-arg: [max-pods=50]}}"
      try fleet.write(spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: roles)
      let own = try await fleet.once()
      #expect(own.code == 0, "\(own.summary)")
      #expect(own.changes(of: server).isEmpty)
      let agentAfter = try await agent.invocation(of: "k3s-agent")
      #expect(agentAfter != agentBefore)
      #expect(try await server.invocation(of: "k3s") == serverBefore)

      let registries = "registries: {mirrors: {docker.io: {endpoint: [\"https://registry.lan\"]}}}"
      try fleet.write(spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1", registries), node: roles)
      let all = try await fleet.once()
      #expect(all.code == 0, "\(all.summary)")
      #expect(try await server.invocation(of: "k3s") != serverBefore)
      #expect(try await agent.invocation(of: "k3s-agent") != agentAfter)
      #expect(try await agent.run("cat /etc/rancher/k3s/registries.yaml").contains("https://registry.lan"))
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }
}

extension LabNode {
  /// How often systemd has begun to start the unit since the boot.
  func starts(of unit: String) async throws -> Int {
    let lines = try await run(
      "journalctl -q -b -o cat UNIT=\(unit).service JOB_TYPE=start + UNIT=\(unit).service JOB_TYPE=restart")
    return lines.split(separator: "\n").filter { $0.hasPrefix("Starting ") }.count
  }
}
