package import FleetModel
import Synchronization

/// Delivers to one receiver, one after the other, again and again after failures. Nobody ever waits for it.
package final class NotificationOutbox: Sendable {
  package let receiver: NotificationReceiver
  private let sender: any NotificationSender
  private let state: Mutex<State>
  private let bell = Bell()
  private let now: @Sendable () -> Int
  /// What the wait for the next one goes by.
  private let clock: any Clock<Duration>
  private let jitter: @Sendable () -> Double
  /// Waits between attempts.
  private let pause: @Sendable (Duration) async -> Void
  private let tell: @Sendable (Event) -> Void

  private struct State {
    var queue = NotificationQueue()
    var rate: NotificationRate
    var sent = 0
    var failures = 0
    var isFailing = false
  }

  package enum Event: Sendable, Hashable {
    case delivered(Notification)
    /// The words are told once for each new failure; `again`: seconds until the next attempt.
    case failed(String, again: Int)
    case refused(String, Notification)
    /// So many were dropped so far, as more came than were taken.
    case dropped(Int)
  }

  package init(
    to receiver: NotificationReceiver, by sender: any NotificationSender, now: @escaping @Sendable () -> Int,
    clock: any Clock<Duration> = ContinuousClock(),
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    // The wait after a failure: nothing signals that a receiver is well again.
    pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },
    tell: @escaping @Sendable (Event) -> Void
  ) {
    self.receiver = receiver
    self.sender = sender
    self.now = now
    self.clock = clock
    self.jitter = jitter
    self.pause = pause
    self.tell = tell
    state = Mutex(State(rate: NotificationRate(perHour: receiver.perHour)))
  }

  /// Takes those that the receiver wants, and the digest that is due by now. Returns at once.
  package func put(_ notifications: [Notification]) {
    let now = now()
    let wanted = notifications.filter { receiver.events.contains($0.event) }
    let dropped = state.withLock { state in
      var dropped = false
      for notification in wanted {
        if let single = state.rate.take(notification, at: now), state.queue.put(single) { dropped = true }
      }
      if let digest = state.rate.due(at: now), state.queue.put(digest) { dropped = true }
      return dropped ? state.queue.droppedEver : nil
    }
    if let dropped { tell(.dropped(dropped)) }
    bell.ring()
  }

  /// What became of those that it took.
  package var counts: NotificationCounts {
    state.withLock { state in
      var counts = NotificationCounts(receiver: receiver.name)
      counts.sent = state.sent
      counts.failures = state.failures
      counts.dropped = state.queue.droppedEver
      counts.queued = state.queue.count
      counts.isFailing = state.isFailing
      return counts
    }
  }

  /// When a digest is due; `nil`: none is held.
  package var nextDigest: Int? { state.withLock { $0.rate.next } }

  /// Until it is cancelled. What waits then is lost: what is still wrong is told anew after the next start.
  package func run() async {
    var backoff = Backoff(base: 5, cap: 3600)
    var told: String?
    while !Task.isCancelled {
      guard let next = state.withLock({ $0.queue.first(at: now()) }) else {
        await bell.wait(for: .seconds(3600), on: clock)
        continue
      }
      let result = await sender.send(next)
      guard !Task.isCancelled else { return }
      switch result {
      case .delivered:
        backoff.succeed()
        told = nil
        state.withLock { state in
          state.queue.done(with: next, isDelivered: true)
          state.sent += 1
          state.isFailing = false
        }
        tell(.delivered(next))
      case .refused(let words):
        backoff.succeed()
        told = nil
        state.withLock { state in
          state.queue.done(with: next, isDelivered: false)
          state.failures += 1
          state.isFailing = true
        }
        tell(.refused(words, next))
      case .failed(let words, let after):
        backoff.fail()
        state.withLock { state in
          state.failures += 1
          state.isFailing = true
        }
        let again = max(backoff.delay(jitter: jitter()), min(after ?? 0, 3600))
        if words != told { tell(.failed(words, again: again)) }
        told = words
        await pause(.seconds(again))
      }
    }
  }
}
