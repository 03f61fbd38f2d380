import FleetModel
import FleetTestSupport
import Testing

@Suite("the reprovision clock")
struct NodeClockTests {
  private var time = ControlClock()
  private var clock = NodeClock(fleet: "home", node: "pi3")

  /// A node that serves and is known.
  init() {
    _ = clock.see(.settled("old"), at: time.now, target: 3600, history: .empty)
  }

  private mutating func see(_ sighting: NodeSighting, after seconds: Int) -> [NodeClock.Transition] {
    time.advance(seconds)
    return clock.see(sighting, at: time.now, target: 3600, history: .empty)
  }

  @Test("a node that is lost and comes back as it was had an outage and no rebuild")
  mutating func outage() {
    #expect(see(.away, after: 60) == [.lost])
    #expect(see(.away, after: 60) == [])
    #expect(see(.settled("old"), after: 240) == [.found(after: 300)])
    #expect(clock.rebuild == nil && clock.lost == nil)
  }

  @Test("a blank card goes through every phase, each measured by itself, and the outage beside it")
  mutating func rebuild() {
    #expect(see(.away, after: 60) == [.lost])
    #expect(see(.blank("new"), after: 600) == [.begun(.blank), .ended(.reached, after: 0)])
    #expect(see(.working("new", baseline: true, owesReboot: true), after: 300) == [.ended(.baseline, after: 300)])
    #expect(see(.away, after: 20) == [])
    #expect(see(.working("new", baseline: true), after: 40) == [.ended(.rebooted, after: 60)])
    #expect(
      see(.working("new", baseline: true, installed: true), after: 100) == [.ended(.k3sInstalled, after: 100)])
    #expect(
      see(.working("new", baseline: true, installed: true, joined: true), after: 10) == [.ended(.joined, after: 10)])
    #expect(
      see(.working("new", baseline: true, installed: true, joined: true, ready: true), after: 30)
        == [.ended(.ready, after: 30)])
    #expect(see(.settled("new"), after: 5) == [.ended(.converged, after: 5), .converged(after: 505)])
    let rebuild = clock.rebuild
    #expect(rebuild?.outcome == .converged)
    #expect(rebuild?.elapsed(at: time.now) == 505)
    #expect(rebuild?.outage(at: time.now) == 1105)
    #expect(clock.lost == nil && clock.machineID == "new")
    // It stands still afterwards.
    #expect(see(.settled("new"), after: 1000) == [])
    #expect(clock.rebuild?.elapsed(at: time.now) == 505)
  }

  @Test("one look may end several phases; a node without k3s has none of k3s")
  mutating func several() {
    _ = see(.blank("new", hasK3s: false), after: 10)
    let ended = see(.settled("new", hasK3s: false), after: 90)
    #expect(
      ended == [
        .ended(.baseline, after: 90), .ended(.rebooted, after: 0), .ended(.converged, after: 0), .converged(after: 90),
      ])
  }

  @Test("a phase that is over never begins again, whatever a later look sees")
  mutating func monotone() {
    _ = see(.blank("new"), after: 10)
    _ = see(.working("new", baseline: true), after: 10)
    #expect(see(.working("new", baseline: false), after: 10) == [])
    #expect(clock.rebuild?.phase() == .k3sInstalled)
  }

  @Test("a node that answers and does not tell more is neither lost nor found")
  mutating func unclear() {
    #expect(see(.unclear, after: 60) == [] && clock.lost == nil)
    #expect(see(.away, after: 60) == [.lost])
    #expect(see(.unclear, after: 60) == [] && clock.lost != nil)
  }

  @Test("an order runs from the order, and waits for the old system to leave")
  mutating func order() {
    time.advance(100)
    #expect(clock.order(at: time.now, target: 1800) == [.begun(.ordered)])
    #expect(clock.order(at: time.now, target: 1800) == [])
    // It is in order still: that is no rebuild that has converged.
    #expect(see(.settled("old"), after: 60) == [])
    #expect(see(.away, after: 60) == [.lost])
    // It came back as it was.
    #expect(see(.settled("old"), after: 60) == [.found(after: 60)])
    #expect(see(.away, after: 60) == [.lost])
    #expect(see(.blank("new"), after: 300) == [.ended(.reached, after: 540)])
    #expect(see(.settled("new"), after: 60).last == .converged(after: 600))
    #expect(clock.rebuild?.origin == .ordered && clock.rebuild?.target == 1800)
  }

  @Test("a key that nobody trusts yet is the first sighting of the blank node, once it proves to be one")
  mutating func untrusted() {
    #expect(see(.awaitingTrust, after: 60) == [.lost, .untrusted])
    #expect(see(.awaitingTrust, after: 60) == [])
    #expect(clock.rebuild == nil)
    #expect(see(.blank("new"), after: 140) == [.begun(.blank), .ended(.reached, after: 200)])
  }

  @Test("a card that is written once more during a rebuild begins the phases anew, and the clock goes on")
  mutating func rewritten() {
    _ = see(.blank("new"), after: 10)
    _ = see(.working("new", baseline: true), after: 100)
    #expect(see(.blank("newer"), after: 200) == [.restarted])
    #expect(clock.rebuild?.phase() == .baseline && clock.rebuild?.restarts == 1)
    #expect(see(.settled("newer"), after: 50).last == .converged(after: 350))
  }

  @Test("the old card in its place again ends a rebuild that nobody ordered")
  mutating func swappedBack() {
    _ = see(.blank("new"), after: 10)
    #expect(see(.settled("old"), after: 100) == [.abandoned])
    #expect(clock.running == nil)
  }

  @Test("a node that was never in order before is built from its first sighting; one that already is has no rebuild")
  mutating func first() {
    clock = NodeClock(fleet: "home", node: "pi4")
    #expect(see(.blank("first"), after: 1) == [.begun(.blank), .ended(.reached, after: 0)])
    clock = NodeClock(fleet: "home", node: "pi5")
    #expect(see(.settled("adopted"), after: 1) == [])
    #expect(clock.machineID == "adopted")
  }

  @Test("an hour forward or back on the wall changes no duration", arguments: [3600, -3600])
  mutating func wallJumps(by jump: Int) {
    _ = see(.away, after: 60)
    time.jump(jump)
    _ = see(.blank("new"), after: 600)
    time.jump(jump)
    _ = see(.working("new", baseline: true), after: 300)
    time.jump(-jump)
    _ = see(.settled("new"), after: 60)
    #expect(clock.rebuild?.elapsed(at: time.now) == 360)
    #expect(clock.rebuild?.outage(at: time.now) == 960)
    #expect(clock.rebuild?.durations.map(\.seconds) == [0, 300, 0, 60, 0, 0, 0])
  }

  @Test("over a reboot of the control node the wall clock stands in, and never runs backwards")
  mutating func reboots() {
    _ = see(.blank("new"), after: 60)
    time.reboot(taking: 90)
    _ = see(.working("new", baseline: true), after: 10)
    #expect(clock.rebuild?.elapsed(at: time.now) == 100)
    time.reboot(taking: 30)
    time.jump(-7200)
    #expect(see(.settled("new"), after: 10).last == .converged(after: 100))
  }
}
