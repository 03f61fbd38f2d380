import Synchronization

/// Wakes one waiting task, now or as soon as it waits; many rings are one.
package final class Bell: Sendable {
  private struct State {
    var isRung = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  package init() {}

  package func ring() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      if state.waiter == nil { state.isRung = true }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Until it rings, the time has passed, or the task is cancelled.
  package func wait(for time: Duration, on clock: any Clock<Duration> = ContinuousClock()) async {
    await withTaskGroup(of: Void.self) { group in
      // The schedule itself: that its time has come is the one condition that nothing signals.
      group.addTask { try? await clock.sleep(for: time) }
      group.addTask { await self.rung() }
      await group.next()
      group.cancelAll()
    }
  }

  private func rung() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isRung || Task.isCancelled {
            state.isRung = Task.isCancelled && state.isRung
            return true
          }
          state.waiter = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume()
    }
  }
}
