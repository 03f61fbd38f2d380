/// How long to wait after failures in a row: doubling, up to a bound, with jitter so that many do not come at once. Pure.
package struct Backoff: Sendable, Hashable {
  /// Seconds after the first failure.
  private let base: Int
  /// Seconds at most.
  private let cap: Int
  package private(set) var failures = 0

  package init(base: Int, cap: Int) {
    self.base = max(1, base)
    self.cap = max(cap, base, 1)
  }

  package mutating func fail() { failures += 1 }

  package mutating func succeed() { failures = 0 }

  /// Seconds to wait now.
  ///
  /// - Parameter jitter: 0..<1; the wait is between half and all of what has been doubled.
  package func delay(jitter: Double) -> Int {
    guard failures > 0 else { return 0 }
    let doublings = min(failures - 1, 20)
    let full = min(Double(cap), Double(base) * Double(1 << doublings))
    return max(1, Int((full * (0.5 + jitter / 2)).rounded()))
  }
}
