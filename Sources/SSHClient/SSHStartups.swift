internal import Synchronization

/// How many connections to one server are being set up at a time: sshd drops some of those beyond ten that have not
/// logged in (MaxStartups 10:30:100), and a whole fleet may come through one bastion.
final class SSHStartups: Sendable {
  static let shared = SSHStartups(limit: 8)

  private struct State {
    var inside: [String: Int] = [:]
    /// In the order in which they came.
    var queue: [(place: String, ticket: Int, turn: CheckedContinuation<Bool, Never>)] = []
    var nextTicket = 0
    /// Cancelled before they came to the queue.
    var cancelled: Set<Int> = []
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) {
    self.limit = limit
  }

  /// Waits for a turn at `place`; then `leave` must follow. False, without a turn: the Swift task was cancelled.
  func enter(_ place: String) async -> Bool {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    let entered = await withTaskCancellationHandler {
      await withCheckedContinuation { turn in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.contains(ticket) { return false }
          if state.inside[place, default: 0] < limit {
            state.inside[place, default: 0] += 1
            return true
          }
          state.queue.append((place, ticket, turn))
          return nil
        }
        if let answer { turn.resume(returning: answer) }
      }
    } onCancel: {
      let turn: CheckedContinuation<Bool, Never>? = state.withLock { state in
        guard let index = state.queue.firstIndex(where: { $0.ticket == ticket }) else {
          state.cancelled.insert(ticket)
          return nil
        }
        return state.queue.remove(at: index).turn
      }
      turn?.resume(returning: false)
    }
    state.withLock { _ = $0.cancelled.remove(ticket) }
    return entered
  }

  func leave(_ place: String) {
    let turn: CheckedContinuation<Bool, Never>? = state.withLock { state in
      if let index = state.queue.firstIndex(where: { $0.place == place }) { return state.queue.remove(at: index).turn }
      let left = state.inside[place, default: 1] - 1
      state.inside[place] = left > 0 ? left : nil
      return nil
    }
    turn?.resume(returning: true)
  }
}
