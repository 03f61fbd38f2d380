import Testing

@testable import FleetModel

@Suite("servers first")
struct ServersFirstTests {
  @Test("no agent becomes newer than a server that is blocked or was not seen")
  func blocked() throws {
    var cluster = try SimulatedCluster()
    cluster.upgrade("s1")
    cluster.away = ["s3"]
    let plan = try cluster.plan()
    #expect(plan.nodes.first { $0.node == "s2" }?.findings.map(\.reason) == [.quorumAtRisk])
    #expect(plan.waves.isEmpty)
    for agent in plan.nodes where agent.role == .agent {
      #expect(agent.changeSets.compactMap(\.held?.reason).contains(.waitsForServer), "\(agent.node)")
    }
  }

  @Test("a server that was not seen keeps the agents at what the cluster says that it ran last")
  func unseen() throws {
    var cluster = try SimulatedCluster()
    for server in ["s1", "s2"] { cluster.upgrade(server) }
    cluster.away = ["s3"]
    #expect(try cluster.plan().waves.isEmpty)
    cluster.upgrade("s3")
    #expect(try cluster.plan().waves.flatMap(\.nodes).map(\.node) == ["a1", "a2"])
  }
}
