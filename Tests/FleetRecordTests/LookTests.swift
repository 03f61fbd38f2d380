import FleetRecord
import Testing

@testable import FleetModel

@Suite("what a pass tells the clocks")
struct LookTests {
  private let folder: StoreFolder
  private let store: FleetStore

  init() throws {
    folder = try StoreFolder()
    store = try FleetStore(at: folder.store)
  }

  private func reading(_ seconds: Int) -> ClockReading {
    ClockReading(wall: 1_800_000_000 + seconds, boot: "b", ticks: 1000 + seconds)
  }

  private func plan(_ state: NodePlan.State) -> FleetPlan {
    FleetPlan(
      fleet: "home", revision: .unknown("none"), observedAt: 0,
      nodes: [NodePlan(node: "pi1", address: "192.0.2.1", role: nil, state: state)])
  }

  private func seen(
    _ machine: String, isMarked: Bool = true, _ kinds: ResourceKind...
  ) -> NodePlan.State {
    let known = HostFacts.sample
    var facts = HostFacts(
      bootID: "b", machineID: machine, hostname: "pi1", architecture: "arm64", kernel: "6.12",
      operatingSystem: "Debian", model: nil, serial: nil, freeBytes: known.freeBytes, clock: 0, clockSkew: 0,
      isClockSynchronised: true, kernelCommandLine: "", firstBoot: nil, pendingRestarts: [], lastReboot: nil,
      runningStep: nil)
    if isMarked { facts.record = NodeRecord(declared: [.init(kind: "package", name: "jq")]) }
    let sets = kinds.map { ChangeSet([Change(.add, $0, "x")], steps: []) }
    return .observed(NodePlan.Observed(facts: facts, changeSets: sets, findings: []))
  }

  private func look(_ state: NodePlan.State, at seconds: Int) throws -> [NodeClock.Transition] {
    try store.look(at: plan(state), now: reading(seconds), target: 3600).flatMap(\.transitions)
  }

  @Test("a card that is written anew is followed from plan to plan, and ends up in the report")
  func rebuild() throws {
    let package = ResourceKind("package")
    #expect(try look(seen("old"), at: 0) == [])
    #expect(try look(.notObserved(NodeFailure(.connectTimedOut, "")), at: 60) == [.lost])
    #expect(try look(.notObserved(NodeFailure(.hostKeyChanged, "")), at: 120) == [.untrusted])
    #expect(
      try look(seen("new", isMarked: false, package, Reboot.kind), at: 180)
        == [.begun(.blank), .ended(.reached, after: 60)])
    #expect(try look(.notObserved(NodeFailure(.stepRunning, "")), at: 240) == [])
    #expect(try look(seen("new", Reboot.kind), at: 300) == [.ended(.baseline, after: 120)])
    #expect(
      try look(seen("new"), at: 360)
        == [.ended(.rebooted, after: 60), .ended(.converged, after: 0), .converged(after: 240)])
    let rebuilds = try store.rebuilds(of: "home")
    #expect(rebuilds.map(\.outcome) == [.converged])
    #expect(rebuilds.first?.outage(at: reading(9999)) == 300)
    #expect(try store.events(of: "pi1", last: 99).map(\.reason).first == "rebuild-converged")
    // 60 s to each look that found it, the first of them after an outage; the unclear one is no look.
    let availability = try store.availability(of: "home", at: reading(360))
    #expect(availability.map(\.availability) == [Availability(up: 180, down: 180)])
    #expect(try store.fleets() == ["home"])
  }

  @Test("an adopted node that is in sync has no rebuild")
  func adopted() throws {
    #expect(try look(seen("m", isMarked: false), at: 0) == [])
    #expect(try store.rebuilds().isEmpty)
  }
}
