import Synchronization

/// Somebody asked the run to end in order: the step in hand is finished, no other begins.
package final class StopFlag: Sendable {
  private let state = Mutex(false)

  package init() {}

  package var isRaised: Bool { state.withLock { $0 } }

  package func raise() { state.withLock { $0 = true } }
}
