import Testing

@testable import FleetModel

@Suite("k3s: a Node object that somebody deleted")
struct K3sMissingNodeObjectTests {
  private func plan(
    _ role: Role, runningFor seconds: Int, problem: String? = nil, named: [String] = []
  ) throws
    -> KindPlan
  {
    var fixture = K3sFixture(role: role)
    fixture.cluster = ClusterContext(
      view: ClusterView(
        server: "pi1", clock: 10, authority: nil, problem: problem,
        nodes: named.map {
          KubernetesNode(
            name: $0, labels: [:], conditions: [:], kubeletVersion: K3sFixture.wanted, bootID: "b1", heartbeat: "")
        }),
      start: nil, running: ["https://192.0.2.1:6443"], authority: K3sFixture.authority)
    var answer = Answer()
    answer.data = role == .server ? "etcd agent" : "agent"
    answer.activeSince = 1000
    answer.records = [("uptime", "\(1000 + seconds)")]
    return try fixture.plan(answer)
  }

  @Test("an agent is marked for a restart and started: it registers only when it starts")
  func agent() throws {
    let plan = try plan(.agent, runningFor: 600)
    #expect(plan.changes.map(\.action) == [.act] && plan.findings.isEmpty)
    #expect(plan.steps.map(\.title) == ["mark k3s-agent.service for a restart", "start k3s-agent"])
  }

  @Test("of a server a person is told: no restart brings its member of etcd back")
  func server() throws {
    let plan = try plan(.server, runningFor: 600)
    #expect(plan.changes.isEmpty)
    #expect(plan.findings.map(\.reason) == [.nodeObjectGone] && plan.findings.map(\.severity) == [.blocked])
  }

  @Test(
    "nothing is said of one that has just started, while no API answers, or that is there", arguments: Role.allCases)
  func quiet(_ role: Role) throws {
    for plan in [
      try plan(role, runningFor: 60), try plan(role, runningFor: 600, problem: "no API server answers"),
      try plan(role, runningFor: 600, named: ["pi3"]),
    ] {
      #expect(plan.changes.isEmpty && plan.findings.isEmpty)
    }
  }
}
