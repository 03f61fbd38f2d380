import Testing

@testable import FleetModel

@Suite("gates before a node leaves the cluster")
struct NodeGateTests {
  private static func view(
    _ members: [(name: String, isReady: Bool)], clock: Int = 1000, heartbeat: String = "a", server: String = "pi1"
  ) -> ClusterView {
    ClusterView(
      server: server, clock: clock, authority: nil, problem: nil,
      nodes: members.map { member in
        KubernetesNode(
          name: member.name, labels: ["node-role.kubernetes.io/etcd": "true"],
          conditions: ["Ready": member.isReady ? "True" : "Unknown"], kubeletVersion: K3sFixture.wanted,
          heartbeat: heartbeat)
      })
  }

  private func isOpen(_ condition: Gate.Condition, _ view: ClusterView, since first: ClusterView? = nil) -> Bool {
    Gate([condition]).verdict(on: [view.server: view], since: first) == .open
  }

  @Test(
    "a member may go where those that stay have quorum among themselves",
    arguments: [
      (["a+", "b+"], true), (["a-", "b+"], true), (["a+", "b-"], false), (["a+"], false),
      (["a-", "b+", "c+"], true), (["a+", "b+", "c-"], false), (["a-", "b+", "c+", "d+", "e-"], true),
      (["a-", "b+", "c+", "d-", "e-"], false),
    ])
  func removal(members: [String], isOpen expected: Bool) {
    let view = Self.view(members.map { (String($0.prefix(1)), $0.hasSuffix("+")) })
    #expect(isOpen(.quorumAfterRemoval(of: "a"), view) == expected)
  }

  @Test("a node is silent when it is not Ready, is not there, or has not reported for longer than a heartbeat")
  func silence() {
    let condition = Gate.Condition.nodeSilent("a")
    let first = Self.view([("a", true)])
    #expect(isOpen(condition, Self.view([("a", false)])) && isOpen(condition, Self.view([("b", true)])))
    #expect(!isOpen(condition, first) && !isOpen(condition, first, since: first))
    #expect(!isOpen(condition, Self.view([("a", true)], clock: 1020), since: first))
    #expect(isOpen(condition, Self.view([("a", true)], clock: 1026), since: first))
    #expect(!isOpen(condition, Self.view([("a", true)], clock: 1026, heartbeat: "b"), since: first))
    #expect(!isOpen(condition, Self.view([("a", true)], clock: 1026, server: "pi2"), since: first))
  }
}
