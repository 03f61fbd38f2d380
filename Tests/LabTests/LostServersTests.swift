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

  @Test("with one of five away the others are still taken in turn; with two, none is", .timeLimit(.sharedNodes))
  func five() async throws {
    try await NodePool.lease(5) { nodes in
      let cluster = try await TestCluster(nodes, servers: 5)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let members = try await cluster.kubectl("get nodes -l node-role.kubernetes.io/etcd=true -o name")
      #expect(members.split(separator: "\n").count == 5)
      let away = cluster.servers[3...]
      for server in away {
        try await Lab.run("lab/power", "off", server.name)
        try await cluster.servers[0].await("! k3s kubectl get node \(server.name) | grep -qw Ready", seconds: 120)
        try await cluster.declare(
          k3s: "config: {server: {etcd-snapshot-retention: \(server.name == away.first?.name ? 7 : 8)}}")
        let run = try await cluster.fleet.once()
        for left in cluster.servers.prefix(3) {
          if server.name == away.first?.name {
            #expect(run.result(of: left)?.outcome == "converged", "\(run.summary)")
          } else {
            #expect(run.plan(of: left)?.findings.map(\.reason) == ["quorum-at-risk"], "\(run.summary)")
          }
        }
      }
      for server in away { try await Lab.run("lab/power", "on", server.name) }
      for server in away {
        try await cluster.servers[0].await("k3s kubectl get node \(server.name) | grep -qw Ready", seconds: 180)
      }
      let whole = try await cluster.fleet.once()
      #expect(whole.code == 0, "\(whole.summary)")
      try await cluster.expectAll(TestCluster.version)
    }
  }

  @Test("a cluster that is gone for good is founded anew only by its fleet's name", .timeLimit(.sharedNodes))
  func foundedAnew() async throws {
    try await NodePool.lease(1) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await Lab.run("lab/reimage", "--keep-host-keys", nodes[0].name)
      try await Lab.run("lab/power", "on", nodes[0].name)
      let refused = try await cluster.fleet.once()
      #expect(refused.plan(of: nodes[0])?.findings.map(\.reason).contains("founding-refused") == true)
      let another = try await cluster.fleet.command("--once", "--yes", "--found-new-cluster", "work")
      #expect(another.status == 64, "\(another)")
      let anew = try await cluster.fleet.once("--found-new-cluster", "lab")
      #expect(anew.code == 0, "\(anew.summary)")
      try await cluster.expectAll(TestCluster.version)
      #expect(try await cluster.fleet.check().code == 0)
    }
  }
}
