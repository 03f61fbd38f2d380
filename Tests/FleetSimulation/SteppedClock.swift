import Synchronization

/// A clock on which time passes only when it is told to: it goes on to the next moment that somebody waits for.
package final class SteppedClock: Clock, Sendable {
  package struct Instant: InstantProtocol {
    /// Since the clock was made.
    package let offset: Duration

    package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    package func duration(to other: Instant) -> Duration { other.offset - offset }
    package static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
  }

  private struct Sleeper {
    let deadline: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    var nextID = 0
    /// Who waits until so many sleep.
    var stepper: (wanted: Int, continuation: CheckedContinuation<Void, Never>)?

    mutating func takeStepper() -> CheckedContinuation<Void, Never>? {
      guard let stepper, sleepers.count >= stepper.wanted else { return nil }
      self.stepper = nil
      return stepper.continuation
    }
  }

  private let state = Mutex(State())

  package init() {}

  package var now: Instant { state.withLock { $0.now } }
  package var minimumResolution: Duration { .zero }
  /// Whole seconds since the clock was made.
  package var seconds: Int { Int(now.offset.components.seconds) }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (isOver, stepper) = state.withLock { state in
          if Task.isCancelled || deadline <= state.now {
            return (true, nil as CheckedContinuation<Void, Never>?)
          }
          state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
          return (false, state.takeStepper())
        }
        stepper?.resume()
        // That it was cancelled is its task's to see.
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Waits until so many sleep; then it goes to the next moment that one of them waits for, and wakes who does. So time
  /// stands still while any of them works.
  /// Throws when the task is cancelled: those that it waits for may be gone.
  package func step(whenAsleep wanted: Int) async throws {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let stepper = state.withLock { state in
          state.stepper = (Task.isCancelled ? 0 : wanted, continuation)
          return state.takeStepper()
        }
        stepper?.resume()
      }
    } onCancel: {
      let stepper = state.withLock { state in
        defer { state.stepper = nil }
        return state.stepper
      }
      stepper?.continuation.resume()
    }
    try Task.checkCancellation()
    let woken = state.withLock { state in
      guard let next = state.sleepers.values.map(\.deadline).min() else { return [Sleeper]() }
      state.now = max(state.now, next)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return Array(due.values)
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }
}
