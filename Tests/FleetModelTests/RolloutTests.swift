import Foundation
import Testing

@testable import FleetModel

@Suite("the roll-out: order, care and holds")
struct RolloutTests {
  /// A server or an agent whose k3s runs, with something to be done that disturbs.
  private func node(
    _ name: String, _ role: Role, _ disturbance: ChangeSet.Disturbance = .restartsK3s, isRunning: Bool = true,
    findings: [Finding] = []
  ) throws -> NodePlan {
    var answer = isRunning ? Answer() : .blank
    answer.data = isRunning ? (role == .server ? "etcd agent" : "agent") : ""
    var fixture = K3sFixture(role: role)
    fixture.serverConfig = nil
    let section = try ProbeTranscript(parsing: try answer.bytes(for: try fixture.k3s(), fixture)).section(K3s.kind)
    let kind = disturbance == .reboots ? Reboot.kind : K3s.kind
    let set = ChangeSet(
      [Change(.act, kind, "work")], steps: [Step("work", .run(StepScript("test", "true"), StepInput()))],
      disturbance: disturbance)
    return NodePlan(
      node: name, address: "192.0.2.1", role: role,
      state: .observed(
        .init(
          facts: K3sFixture.facts(), k3s: try K3s.parse(section), changeSets: disturbance == .none ? [] : [set],
          findings: findings)))
  }

  private func plan(
    _ nodes: [NodePlan], _ objects: [KubernetesNode]?, _ rollout: RolloutSettings = RolloutSettings(), now: Int = 0
  ) throws -> FleetPlan {
    let cluster = ClusterObservation(
      view: objects.map { GateTests.view($0) }, problems: objects == nil ? ["s1": "down"] : [:])
    let settings = InventoryText.decode(
      InventoryText.fleet("{k3s: {version: \(K3sFixture.wanted), source: {directory: /k}, token: {secret: t}}}")
    ).fleet?.k3s
    return FleetPlan(
      fleet: "home", revision: .unknown(""), observedAt: now,
      nodes: RolloutHolds(rollout, cluster, now: now).holding(nodes), cluster: cluster, rollout: rollout, k3s: settings)
  }

  private func titles(_ plan: FleetPlan, _ name: String) -> [String] {
    guard let turn = plan.waves.flatMap(\.turns).first(where: { $0.node.node == name }) else { return [] }
    return turn.before.map(\.title) + ["…"] + turn.after.map(\.title)
  }

  private let three = ["s1", "s2", "s3"].map { GateTests.member($0) }
  private let agents = ["a1", "a2", "a3"].map { KubernetesNode(name: $0, kubeletVersion: K3sFixture.wanted) }

  @Test("servers one at a time, the broken one first; then agents that do no work at once, the others by the budget")
  func order() throws {
    var objects = three + agents
    objects[1] = GateTests.member("s2", ready: "False")
    let nodes = try [
      node("a1", .agent), node("a2", .agent), node("a3", .agent), node("b1", .agent, isRunning: false),
      node("b2", .agent, isRunning: false), node("s1", .server), node("s2", .server), node("s3", .server),
    ]
    // With s2 away neither s1 nor s3 may be taken: they are blocked, and s2 is repaired.
    let broken = try plan(nodes, objects, RolloutSettings(agentsMaxUnavailable: 2))
    #expect(broken.waves.map { $0.nodes.map(\.node) } == [["s2"], ["b1", "b2"], ["a1", "a2"], ["a3"]])
    #expect(broken.nodes.filter { $0.findings.contains { $0.reason == .quorumAtRisk } }.map(\.node) == ["s1", "s3"])
    let whole = try plan(nodes, three + agents, RolloutSettings(agentsMaxUnavailable: 2))
    #expect(
      whole.waves.map { $0.nodes.map(\.node) } == [["s1"], ["s2"], ["s3"], ["b1", "b2"], ["a1", "a2"], ["a3"]])
  }

  @Test("reboots and minor upgrades are drained, restarts and patches cordoned, and each is awaited and uncordoned")
  func care() throws {
    let nodes = try [
      node("a1", .agent, .reboots), node("a2", .agent, .upgradesK3s), node("a3", .agent), node("s1", .server),
    ]
    let plan = try plan(nodes, three + agents)
    #expect(titles(plan, "a1") == ["cordon a1", "drain a1", "…", "await a1 in the cluster", "uncordon a1"])
    #expect(titles(plan, "a2").prefix(2) == ["cordon a2", "drain a2"])
    #expect(titles(plan, "a3") == ["cordon a3", "…", "await a3 in the cluster", "uncordon a3"])
    #expect(
      titles(plan, "s1") == [
        "see that etcd can do without s1", "cordon s1", "…", "await s1 in the cluster", "uncordon s1",
      ])
    #expect(
      plan.waves.flatMap(\.turns).map(\.words) == [
        ["cordon", "restart k3s"], ["drain", "reboot"], ["drain", "upgrade k3s"], ["cordon", "restart k3s"],
      ])
  }

  @Test("a server's turn is over when every server that was healthy answers for itself again")
  func servers() throws {
    var objects = three
    objects[2] = GateTests.member("s3", ready: "False")
    objects += [GateTests.member("s4"), GateTests.member("s5")]
    let nodes = try ["s1", "s2", "s3", "s4", "s5"].map { try node($0, .server, $0 == "s1" ? .restartsK3s : .none) }
    let turn = try #require(try plan(nodes, objects).waves.first?.turns.first)
    guard case .await(let gate)? = turn.after.first?.action else {
      Issue.record("nothing is awaited")
      return
    }
    #expect(gate.asked == ["s1", "s2", "s4", "s5"])
    #expect(gate.conditions.last == .nodeReady("s1", version: K3sFixture.wanted, notBoot: nil))
  }

  @Test("a node that contributes nothing, or is the only one, is repaired without a cordon")
  func noCare() throws {
    let down = KubernetesNode(name: "a1", conditions: ["Ready": "Unknown"], kubeletVersion: "")
    #expect(titles(try plan([node("a1", .agent)], three + [down]), "a1") == ["…", "await a1 in the cluster"])
    #expect(
      titles(try plan([node("s1", .server)], [GateTests.member("s1")]), "s1") == ["…", "await s1 in the cluster"])
    #expect(titles(try plan([node("s1", .server, isRunning: false)], nil), "s1") == ["…", "await s1 in the cluster"])
  }

  @Test("a server whose kubelet is not Ready may vote in etcd: with another member away it is not taken")
  func notReadyButVoting() throws {
    let objects = [
      GateTests.member("s1"), GateTests.member("s2", ready: "False"), GateTests.member("s3", ready: "Unknown"),
    ]
    let blocked = try plan([node("s1", .server), node("s2", .server)], objects)
    #expect(blocked.waves.isEmpty)
    #expect(blocked.nodes.allSatisfy { $0.findings.map(\.reason) == [.quorumAtRisk] })
    let repaired = try plan([node("s2", .server)], [objects[0], objects[1], GateTests.member("s3")])
    #expect(titles(repaired, "s2") == ["see that etcd can do without s2", "…", "await s2 in the cluster"])
  }

  @Test("of two servers neither is disturbed unless the owner allows the loss of the quorum")
  func twoServers() throws {
    let nodes = try [node("s1", .server), node("s2", .server, .none)]
    let blocked = try plan(nodes, Array(three.prefix(2)))
    #expect(blocked.waves.isEmpty && blocked.nodes[0].findings.map(\.reason) == [.quorumAtRisk])
    #expect(ExitCode(checking: blocked) == .failed)
    let allowed = try plan(nodes, Array(three.prefix(2)), RolloutSettings(allowQuorumLoss: true))
    #expect(titles(allowed, "s1").first == "cordon s1")
  }

  @Test("outside its windows a node that does its work is left alone, and one that does none is repaired")
  func windows() throws {
    // 1970-01-01 was a Thursday.
    let window = MaintenanceWindow(days: [.saturday], from: 0, to: 60, timeZone: .gmt)
    let rollout = RolloutSettings(windows: [window])
    let nodes = try [node("a1", .agent), node("b1", .agent, isRunning: false)]
    let closed = try plan(nodes, three + agents, rollout)
    #expect(closed.waves.map { $0.nodes.map(\.node) } == [["b1"]])
    #expect(closed.nodes[0].changeSets.compactMap(\.held).map(\.reason) == [.outsideWindow])
    #expect(try plan([node("a1", .agent)], three + agents, rollout, now: 2 * 86_400).waves.count == 1)
    #expect(ExitCode(checking: try plan([node("a1", .agent)], three + agents, rollout)) == .drift)
    let open = try plan(nodes, three + agents, rollout, now: 2 * 86_400)
    let turns = Dictionary(uniqueKeysWithValues: open.waves.flatMap(\.turns).map { ($0.node.node, $0) })
    #expect(turns["a1"]?.mayBegin(at: 2 * 86_400 + 59 * 60) == true)
    #expect(turns["a1"]?.mayBegin(at: 2 * 86_400 + 60 * 60) == false)
    #expect(turns["b1"]?.mayBegin(at: 0) == true)
  }

  @Test("an agent is not disturbed while no API server answers, unless this run brings one back")
  func unseen() throws {
    let held = try plan([node("a1", .agent, .reboots)], nil)
    #expect(held.waves.isEmpty && held.nodes[0].changeSets.first?.held?.reason == .apiUnreachable)
    let repaired = try plan([node("a1", .agent, .reboots), node("s1", .server, isRunning: false)], nil)
    #expect(repaired.waves.map { $0.nodes.map(\.node) } == [["s1"], ["a1"]])
  }

  @Test("no server begins a minor upgrade while another is refused it")
  func preflight() throws {
    let refusal = Finding(.refused, .diskFull, K3s.kind, "too little disk")
    let nodes = try [
      node("s1", .server, .upgradesK3s), node("s2", .server, .none, findings: [refusal]), node("s3", .server),
    ]
    let plan = try plan(nodes, three)
    #expect(plan.waves.map { $0.nodes.map(\.node) } == [["s3"]])
    #expect(plan.nodes[0].changeSets.first?.held?.message.contains("s2") == true)
  }
}
