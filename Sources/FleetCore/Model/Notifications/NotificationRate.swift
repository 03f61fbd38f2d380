/// How many one receiver is sent: single ones while there is room, what is beyond in digests. Pure.
package struct NotificationRate: Sendable {
  private let singles: Int
  private let digests: Int
  private var sentSingles: [Int] = []
  private var sentDigests: [Int] = []
  private var held: [Notification] = []
  private var more = 0

  private static let hour = 3600
  /// Of what is held so much is kept; of the rest only the number.
  private static let mostNamed = 20
  /// A digest waits for what comes with it. Seconds.
  private static let gathering = 60

  /// - Parameter perHour: 2 or more; a quarter of it, one at least, is for digests.
  package init(perHour: Int) {
    digests = max(1, perHour / 4)
    singles = max(1, perHour - digests)
  }

  /// What is sent now; `nil`: it comes with a digest.
  package mutating func take(_ notification: Notification, at now: Int) -> Notification? {
    sentSingles = Self.recent(sentSingles, now)
    guard held.isEmpty, sentSingles.count < singles else {
      if held.count < Self.mostNamed { held.append(notification) } else { more += 1 }
      return nil
    }
    sentSingles.append(now)
    return notification
  }

  /// The digest that is due.
  package mutating func due(at now: Int) -> Notification? {
    guard let last = held.last, let next, now >= next else { return nil }
    sentDigests = Self.recent(sentDigests, now) + [now]
    var digest = Notification(
      fleet: last.fleet, event: held.max { Self.weight($0) < Self.weight($1) }?.event ?? last.event,
      subject: .rollout, message: "more than its share of an hour", since: held.first?.at ?? now, at: now)
    digest.digest = held.map(\.title)
    digest.more = more
    held = []
    more = 0
    return digest
  }

  /// When the next digest is due; `nil`: nothing is held.
  package var next: Int? {
    guard let first = held.first else { return nil }
    let spacing = Self.hour / digests
    return max(first.at + Self.gathering, sentDigests.last.map { $0 + spacing } ?? 0)
  }

  private static func recent(_ times: [Int], _ now: Int) -> [Int] { times.filter { abs(now - $0) < hour } }

  private static func weight(_ notification: Notification) -> Int {
    switch notification.severity {
    case .critical: 2
    case .warning: 1
    case .info: 0
    }
  }
}
