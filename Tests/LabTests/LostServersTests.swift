import Testing

@Suite("all servers are lost", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct LostServersTests {
  @Test(
    "onto blank servers a snapshot brings the cluster back, and the agents that ran are left alone",
    .timeLimit(.sharedNodes))
  func blank() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await cluster.kubectl("create configmap before")
      let saved = try await cluster.fleet.command("snapshot", "save")
      let id = try #require(saved.text.split(whereSeparator: \.isWhitespace).first.map(String.init), "\(saved.errors)")
      let agent = cluster.agents[0]
      let running = try await agent.run("systemctl show --value --property=MainPID k3s-agent")
      for server in cluster.servers {
        try await Lab.run("lab/reimage", "--keep-host-keys", server.name)
        try await Lab.run("lab/power", "on", server.name)
      }

      let refused = try await cluster.fleet.once()
      #expect(refused.code == 1, "\(refused.summary)")
      #expect(refused.plan(of: cluster.servers[0])?.findings.map(\.reason).contains("founding-refused") == true)
      #expect(try await agent.run("systemctl show --value --property=MainPID k3s-agent") == running)

      let restored = try await cluster.fleet.command("snapshot", "restore", id, "--yes")
      #expect(restored.status == 0, "\(restored.errors)")
      let whole = try await cluster.fleet.once()
      #expect(whole.code == 0, "\(whole.summary)")
      try await cluster.expectAll(TestCluster.version)
      #expect(try await cluster.kubectl("get configmap before -o name") == "configmap/before\n")
      #expect(try await cluster.fleet.check().code == 0)
    }
  }
}
