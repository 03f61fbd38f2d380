import Foundation
import Testing

@Suite("a card that was written anew", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct IdentityTests {
  private static let label = "kubernetes: {labels: {rack: a}}"

  @Test("an agent joins again by itself, with its labels, and the next check finds nothing", .timeLimit(.sharedNodes))
  func agent() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let agent = cluster.agents[0]
      try await cluster.declare(node: [agent.name: Self.label])
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let uid = try await cluster.node(agent, ".metadata.uid")
      #expect(try await cluster.node(agent, ".metadata.annotations.fleetd/board").count == 16)

      try await agent.reimage()
      let check = try await cluster.fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      let change = try #require(check.plan(of: agent)?.changes.first { $0.kind == "identity" })
      #expect(change.note?.hasPrefix("clears its past: Node object (machine id ") == true)
      #expect(try await cluster.node(agent, ".metadata.uid") == uid)

      let joined = try await cluster.fleet.once()
      #expect(joined.code == 0, "\(joined.summary)")
      #expect(try await cluster.node(agent, ".metadata.uid") != uid)
      #expect(try await cluster.node(agent, ".status.nodeInfo.machineID") == agent.machineID())
      #expect(try await cluster.node(agent, ".metadata.labels.rack") == "a")
      try await cluster.expectAll(TestCluster.version)
      #expect(try await cluster.fleet.check().code == 0)
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }

  @Test(
    "a server joins again: its old member goes first, the API answers all the time, and three members are left",
    .timeLimit(.sharedNodes))
  func server() async throws {
    try await NodePool.lease(3) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let (first, blank) = (cluster.servers[0], cluster.servers[2])
      try await blank.reimage()
      let (joined, polls) = try await APIPoller.during(cluster) { try await cluster.fleet.once() }
      #expect(joined.code == 0, "\(joined.summary)")
      #expect(joined.plan(of: blank)?.changes.first { $0.kind == "identity" }?.note?.contains("etcd member") == true)
      #expect(polls.polls > 10 && polls.failed == 0, "\(polls)")
      for server in cluster.servers { #expect(try await cluster.members(seenBy: server) == 3) }
      try await cluster.expectAll(TestCluster.version)
      #expect(try await cluster.fleet.check().code == 0)

      // With another member away the rest would be without quorum: it waits, and nothing of it is touched.
      try await blank.reimage()
      try await Lab.run("lab/power", "off", cluster.servers[1].name)
      try await first.await("! k3s kubectl get --raw /readyz", seconds: 60)
      let waiting = try await cluster.fleet.once()
      #expect(waiting.code == 3, "\(waiting.summary)")
      #expect(try await blank.holds("test ! -e /var/lib/rancher/k3s/server/db"))
      try await Lab.run("lab/power", "on", cluster.servers[1].name)
      try await first.await("k3s kubectl get --raw /readyz", seconds: 120)
      try await first.await("k3s kubectl get node \(cluster.servers[1].name) | grep -qw Ready", seconds: 120)
      let again = try await cluster.fleet.once()
      #expect(again.code == 0, "\(again.summary)")
      try await cluster.expectAll(TestCluster.version)
    }
  }

  @Test("a run that dies while the past is cleared is made good by the next", .timeLimit(.sharedNodes))
  func killed() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let agent = cluster.agents[0]
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      for line in ["\(agent.name): clear the past", "\(agent.name): install k3s", "\(agent.name): start k3s"] {
        try await agent.reimage()
        #expect(try await cluster.fleet.onceKilled(at: line), "\(line)")
        let next = try await cluster.fleet.once()
        #expect(next.code == 0, "\(line): \(next.summary)")
        try await cluster.expectAll(TestCluster.version)
      }
      #expect(try await cluster.fleet.check().code == 0)
    }
  }

  @Test(
    "a machine that cannot be proved to be the node gets no identity until somebody says so", .timeLimit(.sharedNodes))
  func unproven() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let agent = cluster.agents[0]
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let board = try await cluster.node(agent, ".metadata.annotations.fleetd/board")
      let uid = try await cluster.node(agent, ".metadata.uid")
      try await agent.reimage()
      for value in ["fleetd/board-", "--overwrite fleetd/board=10000000ffffffff"] {
        try await cluster.kubectl("annotate node \(agent.name) \(value)")
        let refused = try await cluster.fleet.once()
        #expect(refused.code == 1, "\(refused.summary)")
        #expect(refused.plan(of: agent)?.findings.map(\.reason) == ["identity-unproven"])
        #expect(try await agent.holds("test ! -e /usr/local/bin/k3s -a ! -e /etc/rancher/node/password"))
        #expect(try await cluster.node(agent, ".metadata.uid") == uid)
      }
      try await cluster.declare(node: [agent.name: "serial: \"\(board)\""])
      let joined = try await cluster.fleet.once()
      #expect(joined.code == 0, "\(joined.summary)")
      try await cluster.expectAll(TestCluster.version)
      #expect(try await cluster.fleet.check().code == 0)
    }
  }
}
