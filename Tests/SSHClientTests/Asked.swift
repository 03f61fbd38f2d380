import Synchronization

/// Counts how often somebody was asked.
final class Asked: Sendable {
  private let counter = Atomic(0)

  func count() {
    counter.add(1, ordering: .relaxed)
  }

  var times: Int { counter.load(ordering: .relaxed) }
}
