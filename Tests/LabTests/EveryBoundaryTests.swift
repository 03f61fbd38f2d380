import Testing

@Suite(
  "a roll-out that is killed at every boundary",
  .enabled(if: Lab.isUp && Lab.environment["FLEETD_FAULTS"] == "all", "takes long: make test-faults"))
struct EveryBoundaryTests {
  @Test("whichever step has just begun: the next run finishes it, and ends every cordon", .timeLimit(.minutes(120)))
  func all() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      var boundary = 1
      while boundary <= 200 {
        let settings =
          "config: {server: {etcd-snapshot-retention: \(boundary)}, agent: {kubelet-arg: [max-pods=\(boundary + 10)]}}"
        try await cluster.declare(k3s: settings)
        guard try await cluster.fleet.onceKilled(afterSteps: boundary) else { break }
        let next = try await cluster.fleet.once()
        #expect(next.code == 0, "killed when step \(boundary) had begun: \(next.summary)")
        try await cluster.expectAll(TestCluster.version)
        #expect(try await cluster.fleet.check().code == 0, "\(boundary)")
        boundary += 1
      }
      #expect(boundary > 20)
      #expect(!(try await cluster.kubectl("get nodes -o yaml")).contains("fleetd/cordoned-by"))
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }
}
