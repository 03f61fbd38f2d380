import Synchronization

/// How many are inside, with a bound.
final class Counter: Sendable {
  private let count = Mutex(0)

  /// Whether there was room.
  func enter(below most: Int) -> Bool {
    count.withLock { count in
      guard count < most else { return false }
      count += 1
      return true
    }
  }

  func leave() { count.withLock { $0 -= 1 } }
}
