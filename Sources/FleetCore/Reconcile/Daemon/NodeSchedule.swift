/// When a node is looked at next. Pure: the clock and the dice are the caller's.
package struct NodeSchedule: Sendable, Hashable {
  /// Who or what wants a look now.
  package enum WakeUp: Sendable, Hashable {
    /// A commit, or what a pass left.
    case event
    /// A person, who is not kept waiting by a breaker.
    case person
  }

  /// Seconds between looks when all is well.
  private let interval: Int
  private var backoff: Backoff
  private var breaker: Breaker
  private var lastLook: Int?
  /// Seconds since 1970 UTC.
  package private(set) var due: Int

  /// However often it is woken, so many seconds lie between two looks.
  private static let shortestGap = 2
  /// A node that is away is tried this often at least: a look costs one connection.
  private static let longestRetry = 120

  package init(interval: Int, firstDue: Int) {
    self.interval = max(1, interval)
    due = firstDue
    backoff = Backoff(base: 5, cap: min(max(5, interval), Self.longestRetry))
    breaker = Breaker(threshold: 6, window: max(interval, 600))
  }

  /// Whether it came and went too often, and is left alone but for its interval.
  package func isTripped(at now: Int) -> Bool { breaker.isOpen(at: now) }

  package var trippedUntil: Int? { breaker.openUntil }

  /// How often in a row it could not be observed.
  package var failures: Int { backoff.failures }

  package mutating func wake(_ wakeUp: WakeUp, at now: Int) {
    if wakeUp == .person { breaker.reset() }
    guard !breaker.isOpen(at: now) else { return }
    due = min(due, max(now, (lastLook ?? now - Self.shortestGap) + Self.shortestGap))
  }

  /// Seconds until it is due.
  package func wait(at now: Int) -> Int {
    Due.wait(until: due, at: now, atMost: max(interval + interval / 5, Self.longestRetry) + Self.shortestGap)
  }

  /// Something may be tried again then.
  package mutating func expect(at time: Int) { due = min(due, time) }

  /// It was looked at. Whether it came back after failures.
  ///
  /// - Parameter jitter: 0..<1.
  @discardableResult
  package mutating func looked(at now: Int, isObserved: Bool, jitter: Double) -> Bool {
    lastLook = now
    let wasAway = backoff.failures > 0
    if isObserved {
      backoff.succeed()
      breaker.succeed(at: now)
    } else {
      backoff.fail()
      breaker.fail(at: now)
    }
    let wait = isObserved || breaker.isOpen(at: now) ? spread(jitter) : backoff.delay(jitter: jitter)
    due = now + max(wait, Self.shortestGap)
    return isObserved && wasAway
  }

  /// The interval, a tenth less or more, so that looks at many nodes drift apart.
  private func spread(_ jitter: Double) -> Int { Int((Double(interval) * (0.9 + 0.2 * jitter)).rounded()) }
}
