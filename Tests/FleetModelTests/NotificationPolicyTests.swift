import Testing

@testable import FleetModel

@Suite("notifications: who is told when")
struct NotificationPolicyTests {
  private var policy = NotificationPolicy()
  private let away = NotificationProblem(.nodeAway, reason: "unreachable", "no route to host")
  private let pi3 = NotificationSubject.node("pi3")

  init() { policy.fleet = "home" }

  @Test("a node that flaps every few seconds for minutes is one notification, and one recovery when it stays")
  mutating func flaps() {
    var told: [Notification] = []
    for second in stride(from: 0, to: 1800, by: 6) {
      told += policy.take(.broken(pi3, away), at: second)
      told += policy.take(.sound(pi3), at: second + 3)
      told += policy.due(at: second + 4)
    }
    #expect(told.map(\.event) == [.nodeAway])
    #expect(told.first?.at == 120 && told.first?.since == 0)
    told = []
    for second in stride(from: 1800, to: 4000, by: 10) { told += policy.due(at: second) }
    #expect(told.map(\.event) == [.recovered])
    #expect(told.first.map { $0.at >= 1797 + 300 && $0.alert == .nodeAway } == true)
    #expect(policy.next() == nil)
  }

  @Test("a reboot is told nobody; what stays away is, once, and when it is back for good")
  mutating func reboot() {
    #expect(policy.take(.broken(pi3, away), at: 0) == [])
    #expect(policy.take(.sound(pi3), at: 90) == [])
    #expect(policy.due(at: 400) == [] && policy.next() == nil)
    #expect(policy.take(.broken(pi3, away), at: 1000) == [])
    #expect(policy.next() == 1120)
    #expect(policy.due(at: 1119) == [])
    #expect(policy.due(at: 1120).map(\.title) == ["pi3: node away"])
    #expect(policy.due(at: 5000) == [] && policy.next() == nil)
    #expect(policy.take(.sound(pi3), at: 5000) == [])
    let recovered = policy.due(at: 5300)
    #expect(recovered.map(\.title) == ["pi3: recovered (node away)"])
    #expect(recovered.first?.message == "it was: no route to host" && recovered.first?.isResolved == true)
  }

  @Test("what needs somebody is told at once; another problem of the same node too, but none of them twice")
  mutating func escalates() {
    let attention = NotificationProblem(.nodeAttention, reason: "sudo-refused", "sudo asks")
    #expect(policy.take(.broken(pi3, attention), at: 0).map(\.event) == [.nodeAttention])
    #expect(policy.take(.broken(pi3, away), at: 10) == [])
    #expect(policy.due(at: 130).map(\.event) == [.nodeAway])
    #expect(policy.take(.broken(pi3, attention), at: 140) == [])
    #expect(policy.take(.sound(pi3), at: 200) == [])
    #expect(policy.due(at: 500).map(\.event) == [.recovered])
  }

  @Test("what happens once is told once, and again only much later")
  mutating func happens() {
    let stopped = NotificationFact.happened(
      .rollout, NotificationProblem(.rolloutStopped, "2 nodes did not get their turn"))
    #expect(policy.take(stopped, at: 0).map(\.title) == ["fleet home: rollout stopped"])
    #expect(policy.take(stopped, at: 3600) == [])
    #expect(policy.take(stopped, at: 6 * 3600).count == 1)
    // The control node's clock was set back by a year.
    #expect(policy.take(stopped, at: -365 * 86400).count == 1)
  }

  @Test("a node that leaves the fleet is forgotten, and the fleet's own problems stay")
  mutating func leaves() {
    let failed = NotificationProblem(.commitRejected, "a typo")
    _ = policy.take(.broken(pi3, away), at: 0)
    #expect(policy.take(.broken(.commit, failed), at: 0).count == 1)
    policy.keep(nodes: ["pi1"])
    #expect(policy.due(at: 9999) == [])
    _ = policy.take(.sound(.commit), at: 10_000)
    #expect(policy.due(at: 10_300).map(\.alert) == [.commitRejected])
  }

  @Test("what a node says is bounded and cannot act on a terminal")
  func hostile() {
    let problem = NotificationProblem(.nodeFailed, String(repeating: "a\u{1B}[31m\n", count: 5000))
    #expect(problem.message.count <= 1501 && !problem.message.contains("\u{1B}"))
  }

  @Test("a rate: single ones to its bound, the rest in digests, and never more than that in an hour")
  func rate() {
    var rate = NotificationRate(perHour: 8)
    func notification(_ at: Int) -> Notification {
      Notification(fleet: "home", event: .nodeAway, subject: .node("pi\(at)"), message: "m", since: at, at: at)
    }
    var sent: [(at: Int, Notification)] = []
    for second in stride(from: 0, to: 4 * 3600, by: 10) {
      if let single = rate.take(notification(second), at: second) { sent.append((second, single)) }
      if let digest = rate.due(at: second) { sent.append((second, digest)) }
    }
    for start in stride(from: 0, to: 3 * 3600, by: 60) {
      #expect(sent.count { $0.at >= start && $0.at < start + 3600 } <= 8)
    }
    let digests = sent.map(\.1).filter(\.isDigest)
    let singles = sent.count - digests.count
    let counted = digests.reduce(singles) { $0 + $1.digest.count + $1.more }
    #expect(digests.count >= 6)
    // Nothing is lost but in number: what is not held any more was sent, one way or the other.
    #expect(counted > 4 * 360 - 360 && digests.allSatisfy { $0.digest.count <= 20 })
    #expect(digests.first?.title.hasPrefix("fleet home: ") == true)
  }

  @Test("a queue drops its oldest, and says with the next one how many")
  func queue() {
    var queue = NotificationQueue()
    func notification(_ number: Int) -> Notification {
      Notification(fleet: "home", event: .nodeAway, subject: .node("pi\(number)"), message: "m", since: 0, at: number)
    }
    let dropped = (0..<105).map { queue.put(notification($0)) }
    #expect(dropped.count { $0 } == 5 && queue.count == 100)
    guard let first = queue.first(at: 200) else {
      Issue.record("nothing waits")
      return
    }
    #expect(first.at == 5 && first.dropped == 5)
    queue.done(with: first, isDelivered: true)
    #expect(queue.first(at: 200)?.dropped == 0)
    // A day later it is news to nobody.
    #expect(queue.first(at: 200 + 24 * 3600) == nil && queue.count == 0 && queue.droppedEver == 104)
  }
}
