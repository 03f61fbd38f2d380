/// Opens when something fails too often within a while, in a row or not: a node that comes and goes every few seconds would
/// reset a mere backoff each time it comes. Pure.
package struct Breaker: Sendable, Hashable {
  /// So many failures open it.
  private let threshold: Int
  /// Seconds in which they are counted, and for which it stays open.
  private let window: Int
  /// When the last failures were, at most `threshold` of them.
  private var failures: [Int] = []
  /// When it closes again; `nil`: it is closed.
  package private(set) var openUntil: Int?

  package init(threshold: Int, window: Int) {
    self.threshold = max(1, threshold)
    self.window = max(1, window)
  }

  package func isOpen(at now: Int) -> Bool { openUntil.map { now < $0 } ?? false }

  package mutating func fail(at now: Int) {
    // A clock that was set back must not count what lies ahead.
    failures = (failures + [now]).filter { $0 <= now && now - $0 < window }.suffix(threshold)
    // The first look after it closed decides anew: it is enough to open it again.
    let isSecondChance = openUntil.map { now >= $0 } ?? false
    guard isSecondChance || failures.count >= threshold else { return }
    openUntil = now + window
    failures = []
  }

  package mutating func succeed(at now: Int) {
    guard let openUntil, now >= openUntil || now + window < openUntil else { return }
    self.openUntil = nil
    failures = []
  }

  /// Somebody says so.
  package mutating func reset() {
    openUntil = nil
    failures = []
  }
}
