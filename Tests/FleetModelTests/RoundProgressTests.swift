import FleetTestSupport
import Testing

@testable import FleetModel

@Suite("the clock within a round")
struct RoundProgressTests {
  /// A blank agent beside a server that runs; packages besides, so that the baseline is more than one step.
  private func plan() throws -> FleetPlan {
    try K3sNodes(
      agentAnswer: .blank, agentHost: ["cgroups": "cpu cpuset io pids\n"]
    ).plan()
  }

  private func steps(of name: String, in plan: FleetPlan) throws -> [Step] {
    let node = try #require(plan.nodes.first { $0.node == name })
    let turn = plan.waves.flatMap(\.turns).first { $0.node.node == name }
    return node.undisturbing.flatMap(\.steps) + (turn?.steps ?? [])
  }

  @Test("each phase ends with the step that ends it, and none but a look ends the last")
  func phases() throws {
    let plan = try plan()
    let steps = try steps(of: "agent", in: plan)
    var round = RoundProgress(plan)
    var clock = NodeClock(fleet: "home", node: "agent")
    var time = ControlClock()
    let agent = try #require(plan.nodes.first { $0.node == "agent" })
    var ended: [RebuildPhase: String] = [:]
    func note(_ transitions: [NodeClock.Transition], _ title: String) {
      for case .ended(let phase, after: _) in transitions { ended[phase] = title }
    }
    note(clock.see(NodeSighting(of: agent, in: plan), at: time.now, target: 3600, history: .empty), "look")
    for step in steps {
      time.advance(60)
      guard let sighting = round.did(step, on: "agent") else { continue }
      note(clock.see(sighting, at: time.now, target: 3600, history: .empty), step.title)
    }
    let titles = steps.map(\.title)
    #expect(ended[.reached] == "look", "\(titles)")
    #expect(ended[.k3sInstalled] == "install k3s \(K3sFixture.wanted)", "\(titles) \(ended)")
    #expect(ended[.joined] == "start k3s-agent", "\(ended)")
    #expect(ended[.ready] == "await agent in the cluster", "\(ended)")
    #expect(ended[.converged] == nil)
    let rebuild = try #require(clock.running)
    #expect(rebuild.phase() == .converged)
    // Each by itself: no two of k3s end together.
    #expect(Set([RebuildPhase.k3sInstalled, .joined, .ready].compactMap { rebuild.ends[$0]?.wall }).count == 3)
  }

  @Test("what is held keeps its phase open, and a reboot that succeeds ends the reboot's")
  func held() {
    let file = ResourceKind("files")
    let write = Step("write", .run(StepScript("a", "true"), StepInput()))
    let reboot = Step("reboot", .reboot(because: ["x"]))
    let held = Finding(.held, .paused, file, "paused")
    func progress(_ sets: [ChangeSet], _ steps: [Step]) -> [NodeSighting?] {
      var round = RoundProgress(
        FleetPlan(
          fleet: "home", revision: .unknown(""), observedAt: 0,
          nodes: [
            NodePlan(
              node: "pi1", address: "192.0.2.1", role: nil,
              state: .observed(.init(facts: K3sFixture.facts(), changeSets: sets, findings: [])))
          ]))
      return steps.map { round.did($0, on: "pi1") }
    }
    let sets = [
      ChangeSet([Change(.add, file, "/a")], steps: [write]),
      ChangeSet([Change(.act, Reboot.kind, "")], steps: [reboot], disturbance: .reboots),
    ]
    let seen = progress(sets, [write, reboot]).map { sighting -> [Bool]? in
      guard case .seen(let progress)? = sighting else { return nil }
      return [progress.hasBaseline, progress.owesReboot, progress.isConverged]
    }
    #expect(seen == [[true, true, false], [true, false, false]])
    let waiting = sets + [ChangeSet([Change(.add, file, "/b")], steps: [write], held: held)]
    let first = progress(waiting, [write])[0]
    #expect(first == nil)
  }

  @Test("a step of a node that was not seen, or of another, says nothing")
  func unknown() throws {
    var round = RoundProgress(try plan())
    #expect(round.did(Step("x", .reboot(because: [])), on: "nobody") == nil)
  }
}
