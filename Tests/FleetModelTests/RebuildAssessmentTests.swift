import FleetModel
import FleetTestSupport
import Testing

@Suite("a rebuild against its target")
struct RebuildAssessmentTests {
  private let start = ControlClock()

  /// A rebuild whose phases took so many seconds each, in order.
  private func rebuild(_ seconds: [Int], target: Int = 3600) -> (rebuild: Rebuild, clock: ControlClock) {
    var clock = start
    var rebuild = Rebuild(
      fleet: "home", node: "pi3", origin: .blank, begun: clock.now, target: target, hasLeft: true)
    for (phase, seconds) in zip(RebuildPhase.allCases, seconds) {
      clock.advance(seconds)
      rebuild.ends[phase] = clock.now
    }
    if seconds.count == RebuildPhase.allCases.count { rebuild.outcome = .converged }
    return (rebuild, clock)
  }

  private var history: RebuildHistory {
    RebuildHistory([
      rebuild([60, 600, 60, 120, 30, 60, 30]).rebuild, rebuild([120, 900, 60, 180, 30, 60, 30]).rebuild,
      rebuild([180, 1200, 60, 240, 30, 60, 30]).rebuild,
    ])
  }

  @Test("percentiles are values that were measured, by the nearest rank")
  func percentiles() {
    #expect(Percentile.of([], 50) == nil)
    #expect(Percentile.of([7], 95) == 7)
    #expect(Percentile.of([4, 1, 3, 2], 50) == 2)
    #expect(Percentile.of(Array(1...100), 95) == 95)
    #expect(Percentile.of(Array(1...100), 100) == 100)
    #expect(Percentile.of(Array(1...100), 0) == 1)
  }

  @Test("the estimate is the median of each phase that is left, and shrinks within a phase")
  func estimate() {
    var (running, clock) = rebuild([60])
    // 900 + 60 + 180 + 30 + 60 + 30
    #expect(RebuildAssessment(running, at: clock.now, history).estimate == 1260)
    clock.advance(300)
    let later = RebuildAssessment(running, at: clock.now, history)
    #expect(later.estimate == 960 && later.elapsed == 360 && later.remaining == 3240 && later.state == .onTrack)
    // A phase that takes longer than ever has nothing left of itself.
    clock.advance(2000)
    #expect(RebuildAssessment(running, at: clock.now, history).estimate == 360)
    running.outcome = .abandoned
    #expect(RebuildAssessment(running, at: clock.now, history).state == .abandoned)
  }

  @Test("at risk is what cannot make it by the fleet's own history, breached what did not")
  func states() {
    var (running, clock) = rebuild([60], target: 1500)
    #expect(RebuildAssessment(running, at: clock.now, history).state == .onTrack)
    clock.advance(1300)
    #expect(RebuildAssessment(running, at: clock.now, history).state == .atRisk)
    clock.advance(141)
    let breached = RebuildAssessment(running, at: clock.now, history)
    #expect(breached.state == .breached && breached.remaining == -1)
    #expect(RebuildAssessment(rebuild([60, 600, 60, 120, 30, 60, 30]).rebuild, at: clock.now, history).state == .met)
    let late = rebuild([60, 600, 60, 120, 30, 60, 30], target: 900).rebuild
    #expect(RebuildAssessment(late, at: clock.now, history).state == .breached)
  }

  @Test("without a history three quarters of the target are a warning")
  func withoutHistory() {
    var (running, clock) = rebuild([60], target: 1000)
    clock.advance(690)
    #expect(RebuildAssessment(running, at: clock.now, .empty).state == .onTrack)
    clock.advance(1)
    let assessment = RebuildAssessment(running, at: clock.now, .empty)
    #expect(assessment.state == .atRisk && assessment.estimate == nil)
  }

  @Test("each alert is given once, whatever the node does meanwhile")
  func alerts() {
    var clock = start
    var node = NodeClock(fleet: "home", node: "pi3")
    func see(after seconds: Int) -> [NodeClock.Transition] {
      clock.advance(seconds)
      return node.see(.away, at: clock.now, target: 1000, history: .empty)
    }
    #expect(node.order(at: clock.now, target: 1000) == [.begun(.ordered)])
    #expect(see(after: 700) == [.lost])
    #expect(see(after: 100) == [.atRisk(remaining: 200, estimate: 0)])
    #expect(see(after: 100) == [])
    #expect(see(after: 101) == [.breached(target: 1000)])
    #expect(see(after: 100) == [])
  }

  @Test("only rebuilds that converged are history")
  func onlyConverged() {
    let history = RebuildHistory([rebuild([60, 600]).rebuild, rebuild([60, 600, 60, 120, 30, 60, 30]).rebuild])
    #expect(history.totals == [960])
    #expect(history.phases[.baseline] == [600])
  }
}
