import Testing

@testable import FleetApply
@testable import FleetModel

@Suite("hooks around a node's change")
struct TurnHooksTests {
  @Test("one hook runs before the first step of a node and one after its last, whatever is between")
  func around() async {
    let (recorder, failures) = await apply(quiet: ["files"], disturbing: ["reboot"])
    #expect(failures.isEmpty)
    #expect(recorder.recorded == ["a1: before", "a1: files", "a1: reboot", "a1: after"])
    #expect(await apply(quiet: ["files"], disturbing: []).0.recorded == ["a1: before", "a1: files", "a1: after"])
    #expect(await apply(quiet: [], disturbing: ["reboot"]).0.recorded == ["a1: before", "a1: reboot", "a1: after"])
    #expect(await apply(quiet: [], disturbing: []).0.recorded == [])
  }

  @Test("a hook that fails before a node keeps it from being changed, and no hook runs after it")
  func beforeFails() async {
    let (recorder, failures) = await apply(quiet: ["files"], disturbing: ["reboot"], failing: ["a1: before"])
    #expect(recorder.recorded == ["a1: before"])
    #expect(failures["a1"]?.failure.reason == .hookFailed)
  }

  @Test("the hook after a node hears of a failed step, and cannot hide it")
  func stepFails() async {
    let (recorder, failures) = await apply(
      quiet: ["files"], disturbing: ["reboot"], failing: ["a1: files", "a1: after a failure"])
    #expect(recorder.recorded == ["a1: before", "a1: files", "a1: after a failure"])
    #expect(failures["a1"]?.step == "files")
  }

  @Test("a hook that fails after a node fails it")
  func afterFails() async {
    let (_, failures) = await apply(quiet: ["files"], disturbing: [], failing: ["a1: after"])
    #expect(failures["a1"]?.failure.reason == .hookFailed)
  }

  @Test("a node that is changed in two rounds has its hooks before the one and after the other")
  func rounds() async {
    let first = await apply(quiet: ["clock"], disturbing: [], rounds: .init(unfinished: ["a1"]))
    #expect(first.0.recorded == ["a1: before", "a1: clock"])
    let second = await apply(quiet: ["packages"], disturbing: ["k3s"], rounds: .init(begun: ["a1"]))
    #expect(second.0.recorded == ["a1: packages", "a1: k3s", "a1: after"])
    // What failed in the first round has no second one.
    let failed = await apply(
      quiet: ["clock"], disturbing: [], failing: ["a1: clock"], rounds: .init(unfinished: ["a1"]))
    #expect(failed.0.recorded == ["a1: before", "a1: clock", "a1: after a failure"])
  }

  private func apply(
    quiet: [String], disturbing: [String], failing: Set<String> = [], rounds: FleetApplier.Rounds = .init()
  ) async -> (Recorder, [String: StepFailure]) {
    let recorder = Recorder(failing: failing)
    let sets = quiet.map { set($0, .none) } + disturbing.map { set($0, .reboots) }
    let node = NodePlan(
      node: "a1", address: "192.0.2.1", role: .agent,
      state: .observed(.init(facts: .sample, changeSets: sets, findings: [])))
    let plan = FleetPlan(fleet: "test", revision: .unknown("a test"), observedAt: 0, nodes: [node])
    let applier = FleetApplier(
      runners: ["a1": recorder.runner(for: "a1")], hooks: RecordingHooks(recorder: recorder), rounds: rounds,
      progress: { _ in })
    return (recorder, await applier.apply(plan))
  }

  private func set(_ title: String, _ disturbance: ChangeSet.Disturbance) -> ChangeSet {
    let step = Step(title, .run(StepScript("test", "true"), StepInput()))
    return ChangeSet([Change(.change, Files.kind, title)], steps: [step], disturbance: disturbance, held: nil)
  }
}

private struct RecordingHooks: TurnHooks {
  let recorder: Recorder

  func before(_ node: NodePlan) async throws(NodeFailure) { try await run("before", node) }

  func after(_ node: NodePlan, _ failure: StepFailure?) async throws(NodeFailure) {
    try await run(failure == nil ? "after" : "after a failure", node)
  }

  private func run(_ title: String, _ node: NodePlan) async throws(NodeFailure) {
    do throws(NodeFailure) {
      try await recorder.runner(for: node.node).run(Step(title, .run(StepScript("test", "true"), StepInput())))
    } catch { throw NodeFailure(.hookFailed, "told to fail") }
  }
}
