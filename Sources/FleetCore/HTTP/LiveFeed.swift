internal import NIOCore
internal import Synchronization

/// Gives everybody who follows the page its newest state. Whoever reads slowly misses states in between, never the last, and
/// keeps nobody waiting; whoever does not read at all is cut off.
final class LiveFeed: Sendable {
  private struct Client {
    let states: AsyncStream<ByteBuffer>.Continuation
    let cut: @Sendable () -> Void
    /// Since when it has been taking one state in.
    var busySince: ContinuousClock.Instant?
  }

  private struct State {
    var clients: [Int: Client] = [:]
    var nextID = 0
    /// What was published last while somebody follows.
    var newest: ByteBuffer?
  }

  private let state = Mutex(State())
  private let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation
  let most: Int

  init(most: Int) {
    self.most = most
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// One element whenever somebody began to follow since the last was taken.
  var comings: AsyncStream<Void> { arrivals }

  var count: Int { state.withLock { $0.clients.count } }

  /// Follows from now on; `nil`: too many do.
  ///
  /// - Parameter cut: ends its connection.
  func join(cut: @escaping @Sendable () -> Void) -> (id: Int, states: AsyncStream<ByteBuffer>)? {
    let (states, continuation) = AsyncStream<ByteBuffer>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id: Int? = state.withLock { state in
      guard state.clients.count < most else { return nil }
      state.nextID += 1
      state.clients[state.nextID] = Client(states: continuation, cut: cut)
      if let newest = state.newest { continuation.yield(newest) }
      return state.nextID
    }
    guard let id else { return nil }
    arrival.yield()
    return (id, states)
  }

  /// Gives its place up; its states end.
  func leave(_ id: Int) {
    let client = state.withLock { $0.clients.removeValue(forKey: id) }
    client?.states.finish()
  }

  /// A client begins to take a state in, or has done so.
  func isBusy(_ id: Int, since: ContinuousClock.Instant?) { state.withLock { $0.clients[id]?.busySince = since } }

  /// Whether anybody follows. When nobody does, what was published is forgotten.
  func isFollowed() -> Bool {
    state.withLock { state in
      if state.clients.isEmpty { state.newest = nil }
      return !state.clients.isEmpty
    }
  }

  func publish(_ buffer: ByteBuffer) {
    state.withLock { state in
      state.newest = buffer
      for client in state.clients.values { client.states.yield(buffer) }
    }
  }

  /// Cuts off who has been taking one state in since before `instant`.
  func cut(busySince instant: ContinuousClock.Instant) {
    let slow = state.withLock { state in
      state.clients.values.filter { client in client.busySince.map { $0 < instant } ?? false }
    }
    for client in slow { client.cut() }
  }
}
