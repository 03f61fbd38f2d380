import FleetReconcile
import Testing

@testable import FleetModel

@Suite("when a node is looked at")
struct NodeScheduleTests {
  @Test("waits double up to a bound, with jitter between half and all of them")
  func backoff() {
    var backoff = Backoff(base: 5, cap: 120)
    #expect(backoff.delay(jitter: 0.9) == 0)
    var waits: [Int] = []
    for _ in 1...8 {
      backoff.fail()
      waits.append(backoff.delay(jitter: 1))
    }
    #expect(waits == [5, 10, 20, 40, 80, 120, 120, 120])
    #expect(backoff.delay(jitter: 0) == 60)
    backoff.succeed()
    #expect(backoff.delay(jitter: 1) == 0)
  }

  @Test("a breaker opens on failures within its window, not on old ones, and closes by time or by a person's word")
  func breaker() {
    var breaker = Breaker(threshold: 3, window: 600)
    for time in [0, 700, 1400] { breaker.fail(at: time) }
    #expect(!breaker.isOpen(at: 1400))
    for time in [1500, 1501] {
      breaker.succeed(at: time)
      breaker.fail(at: time)
    }
    #expect(breaker.isOpen(at: 1502) && !breaker.isOpen(at: 2101))
    breaker.fail(at: 2101)
    #expect(breaker.isOpen(at: 2102), "one more failure opens it again")
    breaker.reset()
    #expect(!breaker.isOpen(at: 2102))
  }

  @Test("a node that answers is looked at once an interval, a tenth less or more")
  func interval() {
    for (jitter, expected) in [(0.0, 1270), (0.5, 1300), (0.999, 1330)] {
      var schedule = NodeSchedule(interval: 300, firstDue: 1000)
      schedule.looked(at: 1000, isObserved: true, jitter: jitter)
      #expect(schedule.due == expected)
    }
  }

  @Test("a node that is away is tried ever more seldom, every two minutes at least, and its return is told once")
  func away() {
    var schedule = NodeSchedule(interval: 3600, firstDue: 0)
    var now = 0
    for _ in 1...5 {
      schedule.looked(at: now, isObserved: false, jitter: 0.999)
      #expect(schedule.due - now <= 120)
      now = schedule.due
    }
    let cameBack = schedule.looked(at: now, isObserved: true, jitter: 0.5)
    let again = schedule.looked(at: now + 10, isObserved: true, jitter: 0.5)
    #expect(cameBack && !again)
  }

  @Test("however often it is woken, looks are two seconds apart")
  func woken() {
    var schedule = NodeSchedule(interval: 300, firstDue: 0)
    schedule.looked(at: 100, isObserved: true, jitter: 0.5)
    for _ in 1...50 { schedule.wake(.event, at: 100) }
    #expect(schedule.due == 102)
  }

  @Test("a node that flaps every few seconds for an hour costs bounded work, and a person is not kept waiting")
  func flapping() {
    var schedule = NodeSchedule(interval: 300, firstDue: 0)
    var looks = 0
    var returns = 0
    for now in 0..<3600 {
      // Every change of its state wakes the loop.
      if now.isMultiple(of: 3) { schedule.wake(.event, at: now) }
      guard now >= schedule.due else { continue }
      looks += 1
      if schedule.looked(at: now, isObserved: (now / 3).isMultiple(of: 2), jitter: 0.5) { returns += 1 }
    }
    #expect(looks <= 60, "\(looks) looks")
    #expect(returns <= 30, "\(returns) returns")
    schedule.wake(.person, at: 3600)
    #expect(schedule.due <= 3602)
  }

  @Test("a clock that jumps an hour either way leaves a node neither forgotten nor tried without end")
  func clockJump() {
    var schedule = NodeSchedule(interval: 300, firstDue: 10_000)
    schedule.looked(at: 10_000, isObserved: true, jitter: 0.5)
    #expect(schedule.wait(at: 10_000) == 300)
    // Set back: not forgotten until the clock is where it was.
    #expect(schedule.wait(at: 6_400) == 0)
    schedule.looked(at: 6_400, isObserved: false, jitter: 0.5)
    #expect(schedule.wait(at: 6_400) > 0 && schedule.wait(at: 6_400) <= 330)
    #expect(schedule.wait(at: 13_600) == 0)
    schedule.looked(at: 13_600, isObserved: true, jitter: 0.5)
    #expect(schedule.wait(at: 13_600) == 300)
  }

  @Test("thirty nodes that are all dead are tried apart from each other, and few times in the first ten minutes")
  func allDead() {
    var dues: Set<Int> = []
    var looks = 0
    for node in 0..<30 {
      var schedule = NodeSchedule(interval: 300, firstDue: 0)
      while schedule.due < 600 {
        looks += 1
        schedule.looked(at: schedule.due, isObserved: false, jitter: Double((node * 7 + looks * 3) % 30) / 30)
      }
      dues.insert(schedule.due)
    }
    #expect(looks <= 30 * 12, "\(looks) looks")
    #expect(dues.count > 5)
  }
}

@Suite("when a change that failed is tried again")
struct AttemptsTests {
  @Test("it waits ever longer, an hour at most, and says for what")
  func waits() throws {
    var attempts = Attempts()
    #expect(attempts.hold(at: 0) == nil)
    for _ in 1...20 { attempts.failed("apt-get install x: exit status 100", at: 1000, jitter: 1) }
    let hold = try #require(attempts.hold(at: 1000))
    #expect(hold.reason == .backingOff && hold.severity == .held)
    #expect(hold.message.hasPrefix("tried 20 times: apt-get install x"))
    #expect(attempts.notBefore == 4600 && attempts.hold(at: 4600) == nil)
    attempts.succeeded()
    #expect(attempts.hold(at: 1000) == nil)
  }

  @Test("what a run left as its plan had not shown it was not tried, and waits for nothing; what came back was")
  func untried() {
    func plan(_ changed: [String]) -> FleetPlan {
      let sets = changed.map {
        ChangeSet([Change(.add, ResourceKind("file"), $0)], steps: [Step("step", .verifyAccess)])
      }
      let node = NodePlan(
        node: "pi1", address: "192.0.2.1", role: .agent,
        state: .observed(.init(facts: .sample, changeSets: sets, findings: [])))
      return FleetPlan(
        fleet: "home", revision: .unknown("no checkout"), observedAt: 0, nodes: [node])
    }
    func attempts(_ before: [String], left: [String]) -> [String?] {
      RunReport(before: plan(before), after: plan(left), failures: [:]).failedAttempts.map(\.what)
    }
    #expect(attempts(["/a"], left: ["/b"]) == [nil])
    #expect(attempts(["/a"], left: ["/a"]) == ["every step succeeded, and still there is something to do: file /a"])
  }

  @Test("a clock that was set back does not make the wait longer")
  func clockJump() {
    var attempts = Attempts()
    attempts.failed("x", at: 100_000, jitter: 0.5)
    #expect(attempts.hold(at: 90_000) == nil)
  }
}

@Suite("a bell")
struct BellTests {
  @Test("a ring before the wait is not lost, and many are one")
  func before() async {
    let bell = Bell()
    for _ in 1...5 { bell.ring() }
    await bell.wait(for: .seconds(3600))
    let clock = ContinuousClock()
    let began = clock.now
    await bell.wait(for: .milliseconds(20))
    #expect(clock.now - began >= .milliseconds(20))
  }

  @Test("a ring ends the wait, and so does cancellation")
  func during() async {
    let bell = Bell()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await bell.wait(for: .seconds(3600)) }
      bell.ring()
      await group.next()
      group.addTask { await bell.wait(for: .seconds(3600)) }
      group.cancelAll()
    }
  }
}
