import Testing

@testable import FleetModel

@Suite("what is left although every step succeeded")
struct StallTests {
  private typealias Fixture = RendererFixture

  private static let cgroups = ChangeSet([Change(.change, Boot.kind, "cmdline")], steps: [Step("edit", .verifyAccess)])
  private static let join = ChangeSet([Change(.act, K3s.kind, "k3s")], steps: [Step("start", .verifyAccess)])

  private func stall(_ before: [ChangeSet], left: [ChangeSet]) -> NodeFailure? {
    let report = RunReport(
      before: Fixture.plan([Fixture.node("pi2", before)]), after: Fixture.plan([Fixture.node("pi2", left)]),
      failures: [:])
    guard case .stalled(let failure) = report.results[0].outcome else { return nil }
    return failure
  }

  @Test("what was done and is to be done again does not converge, and only that is named")
  func undone() {
    let failure = stall([Self.cgroups], left: [Self.cgroups, Self.join])
    #expect(failure?.reason == .doesNotConverge)
    #expect(failure?.message == "every step succeeded, and still there is something to do: boot cmdline")
  }

  @Test("what was kept from the plan and is free now was never tried: it says so")
  func freed() {
    let failure = stall([Self.cgroups], left: [Self.join])
    #expect(failure?.reason == .notInPlan)
    #expect(failure?.message == "there is more to do than the plan of this run showed: k3s k3s")
  }
}
