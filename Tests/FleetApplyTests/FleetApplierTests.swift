import Foundation
import Testing

@testable import FleetApply
@testable import FleetModel

@Suite("applying a plan")
struct FleetApplierTests {
  @Test("what disturbs waits until nothing undisturbing is left, servers go first, one node after the other")
  func order() async {
    let recorder = Recorder()
    let plan = fleet([
      node("a1", .agent, quiet: ["files"], disturbing: ["reboot", "k3s"]),
      node("a2", .agent, quiet: ["files"], disturbing: ["k3s"]),
      node("s1", .server, quiet: ["files"], disturbing: ["k3s"]),
    ])
    let failures = await apply(plan, recorder)
    #expect(failures.isEmpty)
    #expect(Set(recorder.recorded.prefix(3)) == ["a1: files", "a2: files", "s1: files"])
    #expect(recorder.recorded.dropFirst(3) == ["s1: k3s", "a1: reboot", "a1: k3s", "a2: k3s"])
  }

  @Test("the first failed wave stops the waves behind it and says so")
  func stopped() async {
    let recorder = Recorder(failing: ["s1: k3s"])
    let plan = fleet([
      node("a1", .agent, quiet: [], disturbing: ["k3s"]), node("s1", .server, quiet: [], disturbing: ["k3s"]),
    ])
    let failures = await apply(plan, recorder)
    #expect(recorder.recorded == ["s1: k3s"])
    #expect(failures["s1"]?.failure.reason == .stepFailed)
    #expect(failures["a1"]?.failure.reason == .rolloutStopped)
  }

  @Test("agents do not overtake a server that failed before its turn", arguments: [true, false])
  func noOvertaking(whileFetching: Bool) async {
    let recorder = Recorder(failing: ["s1: packages"])
    let plan = fleet([
      node("a1", .agent, quiet: ["files"], disturbing: ["k3s"]),
      node("s1", .server, quiet: ["packages"], disturbing: ["k3s"]),
    ])
    let unfetched = StepFailure(step: "fetch k3s", failure: NodeFailure(.k3sArtifactWrong, "another file"))
    let failures = await apply(plan, recorder, after: whileFetching ? ["s1": unfetched] : [:])
    #expect(recorder.recorded.contains("a1: files"))
    #expect(!recorder.recorded.contains { $0.hasSuffix(": k3s") })
    #expect(recorder.recorded.contains("s1: packages") != whileFetching)
    #expect(failures["a1"]?.failure.reason == .rolloutStopped)
  }

  @Test("a failed step ends its node's turn and leaves the others alone")
  func isolated() async {
    let recorder = Recorder(failing: ["a1: packages"])
    let plan = fleet([
      node("a1", .agent, quiet: ["packages", "files"], disturbing: ["reboot"]),
      node("a2", .agent, quiet: ["packages", "files"], disturbing: []),
    ])
    let failures = await apply(plan, recorder)
    #expect(failures.keys.sorted() == ["a1"])
    #expect(!recorder.recorded.contains("a1: files"))
    #expect(!recorder.recorded.contains("a1: reboot"))
    #expect(recorder.recorded.contains("a2: files"))
  }

  @Test("what is held, and nodes that are not selected, are left as they are")
  func untouched() async {
    let recorder = Recorder()
    let held = Finding(.held, .clockSkew, Packages.kind, "the clock is off")
    let plan = fleet([
      node("a1", .agent, quiet: ["files"], disturbing: [], held: held),
      node("a2", .agent, quiet: ["files"], disturbing: ["reboot"], isSelected: false),
    ])
    #expect(await apply(plan, recorder).isEmpty)
    #expect(recorder.recorded.isEmpty)
  }

  @Test("when a window closes in mid roll-out no further turn begins, and that is no failure")
  func windowCloses() async throws {
    let recorder = Recorder()
    let nodes = try [
      node("a1", .agent, quiet: ["files"], disturbing: ["k3s"]), node("s1", .server, quiet: [], disturbing: ["k3s"]),
      node("s2", .server, quiet: [], disturbing: ["k3s"]),
    ].map { try $0.atWork() }
    // 1970-01-01 was a Thursday.
    let window = MaintenanceWindow(days: [.thursday], from: 0, to: 60, timeZone: .gmt)
    let plan = FleetPlan(
      fleet: "test", revision: .unknown("a test"), observedAt: 0, nodes: nodes,
      rollout: RolloutSettings(windows: [window]))
    let runners = Dictionary(uniqueKeysWithValues: nodes.map { ($0.node, recorder.runner(for: $0.node)) })
    let failures = await FleetApplier(
      runners: runners, now: { recorder.recorded.contains("s1: k3s") ? 3600 : 3599 }, progress: { _ in }
    ).apply(plan)
    #expect(failures.isEmpty)
    #expect(recorder.recorded == ["a1: files", "s1: k3s"])
  }

  private func apply(
    _ plan: FleetPlan, _ recorder: Recorder, after earlier: [String: StepFailure] = [:]
  ) async -> [String: StepFailure] {
    let runners = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.node, recorder.runner(for: $0.node)) })
    return await FleetApplier(runners: runners, progress: { _ in }).apply(plan, after: earlier)
  }

  private func fleet(_ nodes: [NodePlan]) -> FleetPlan {
    FleetPlan(fleet: "test", revision: .unknown("a test"), observedAt: 0, nodes: nodes)
  }

  private func node(
    _ name: String, _ role: Role, quiet: [String], disturbing: [String], held: Finding? = nil, isSelected: Bool = true
  ) -> NodePlan {
    let sets =
      quiet.map { set($0, .none, held) }
      + disturbing.map { set($0, $0 == "reboot" ? .reboots : .restartsK3s, held) }
    return NodePlan(
      node: name, address: "192.0.2.1", role: role, isSelected: isSelected,
      state: .observed(.init(facts: .sample, changeSets: sets, findings: [])))
  }

  private func set(_ title: String, _ disturbance: ChangeSet.Disturbance, _ held: Finding?) -> ChangeSet {
    let step = Step(title, .run(StepScript("test", "true"), StepInput()))
    return ChangeSet([Change(.change, Files.kind, title)], steps: [step], disturbance: disturbance, held: held)
  }
}

extension NodePlan {
  /// The same node, with k3s running on it.
  fileprivate func atWork() throws -> NodePlan {
    var section = ProbeSection(kind: K3s.kind.name)
    section.append("asked", Array("k3s.service".utf8))
    section.append("unit", Array("LoadState=loaded\nActiveState=active\nSubState=running\n".utf8))
    let observed = NodePlan.Observed(
      facts: .sample, k3s: try K3sObservation(section), changeSets: changeSets, findings: findings)
    return NodePlan(node: node, address: address, role: role, state: .observed(observed))
  }
}
