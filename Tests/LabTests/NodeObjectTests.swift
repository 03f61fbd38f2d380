import Foundation
import Testing

@Suite("labels, taints and cordons of Node objects", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct NodeObjectTests {
  @Test("they follow the inventory without a restart; what others set stays", .timeLimit(.sharedNodes))
  func labelsAndTaints() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let agent = cluster.agents[0]
      let worker = "node-role.kubernetes.io/worker"
      try await cluster.declare(
        node: [
          agent.name:
            "kubernetes: {labels: {rack: a, \(worker): \"true\"}, taints: [\"gpu=yes:NoSchedule\", \"slow:PreferNoSchedule\"]}"
        ])
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      #expect(try await cluster.node(agent, ".metadata.labels.rack") == "a")
      #expect(try await cluster.kubectl("get node \(agent.name)").contains("worker"))
      try await cluster.kubectl("label node \(agent.name) theirs=x")
      try await cluster.kubectl("taint node \(agent.name) theirs=x:NoSchedule")
      #expect(try await cluster.fleet.check().code == 0)

      let before = try await agent.invocation(of: "k3s-agent")
      try await cluster.declare(
        node: [agent.name: "kubernetes: {labels: {rack: b}, taints: [\"gpu=no:NoSchedule\"]}"])
      let changed = try await cluster.fleet.once()
      #expect(changed.code == 0, "\(changed.summary)")
      #expect(
        changed.changes(of: agent) == [
          "change k3s /etc/rancher/k3s/config.yaml", "change node label rack", "remove node label \(worker)",
          "change node taint gpu:NoSchedule", "remove node taint slow:PreferNoSchedule",
        ])
      #expect(try await agent.invocation(of: "k3s-agent") == before)
      let labels = try await cluster.node(agent, ".metadata.labels")
      #expect(labels.contains(#""rack":"b""#) && labels.contains(#""theirs":"x""#) && !labels.contains("worker"))
      let taints = try await cluster.node(agent, ".spec.taints[*].key")
      #expect(Set(taints.split(separator: " ")) == ["gpu", "theirs"])
      #expect(try await cluster.fleet.check().code == 0)

      // k3s merges what its file says at every start: nothing old comes back.
      try await agent.run("systemctl restart k3s-agent")
      #expect(try await cluster.fleet.check().code == 0)
      try await cluster.kubectl("label node \(agent.name) --overwrite rack=z")
      let drift = try await cluster.fleet.once()
      #expect(drift.changes(of: agent) == ["change node label rack"])

      try await cluster.declare()
      let none = try await cluster.fleet.once()
      #expect(none.code == 0, "\(none.summary)")
      let left = try await cluster.node(agent, ".metadata")
      #expect(!left.contains("rack") && left.contains(#""theirs":"x""#) && !left.contains("fleetd/managed"))
      #expect(try await agent.invocation(of: "k3s-agent") != before)
    }
  }

  @Test("a cordon of fleetd's that a run left is undone; an operator's stays", .timeLimit(.sharedNodes))
  func cordons() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let agent = cluster.agents[0]
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await cluster.kubectl("cordon \(agent.name)")
      #expect(try await cluster.fleet.once().code == 0)
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "true")

      try await cluster.kubectl("annotate node \(agent.name) fleetd/cordoned-by=fleet/lab")
      let check = try await cluster.fleet.check()
      #expect(check.code == 2 && check.changes(of: agent) == ["act node uncordon"], "\(check.summary)")
      #expect(try await cluster.fleet.once().code == 0)
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "")
      #expect(try await cluster.fleet.check().code == 0)
    }
  }

  @Test("a Node that no document names is noted, and left", .timeLimit(.sharedNodes))
  func unknown() async throws {
    try await NodePool.lease(1) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      #expect(try await cluster.fleet.once().code == 0)
      try await nodes[0].run(
        """
        printf '{"apiVersion":"v1","kind":"Node","metadata":{"name":"stray"}}' | k3s kubectl create -f -
        """)
      let check = try await cluster.fleet.check()
      #expect(check.code == 0, "\(check.summary)")
      #expect(check.document?.clusterFindings?.map(\.reason) == ["not-in-inventory"])
      let removed = try await cluster.fleet.remove("stray", "--unreachable")
      #expect(removed.status == 0, "\(removed.errors)")
      #expect(try await cluster.fleet.check().document?.clusterFindings?.isEmpty == true)
    }
  }
}
