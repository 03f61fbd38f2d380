package import FleetModel
import Synchronization

/// Takes what happens, decides by the policy who is told what, and hands it to the receivers' outboxes. Taking never waits.
package final class NotificationDispatcher: Sendable {
  private let policy: Mutex<NotificationPolicy>
  private let outboxes: [NotificationOutbox]
  private let now: @Sendable () -> Int
  /// What the waits go by.
  private let clock: any Clock<Duration>
  private let bell = Bell()

  package init(
    to outboxes: [NotificationOutbox], policy: NotificationPolicy = NotificationPolicy(),
    now: @escaping @Sendable () -> Int, clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.outboxes = outboxes
    self.policy = Mutex(policy)
    self.now = now
    self.clock = clock
  }

  package func take(_ facts: [NotificationFact]) {
    guard !outboxes.isEmpty, !facts.isEmpty else { return }
    let now = now()
    let due = policy.withLock { policy in facts.flatMap { policy.take($0, at: now) } }
    if !due.isEmpty { for outbox in outboxes { outbox.put(due) } }
    bell.ring()
  }

  /// What became of notifications, by receiver.
  package var counts: [NotificationCounts] { outboxes.map(\.counts) }

  /// The fleet that is kept now, and its nodes.
  package func keep(_ fleet: String, nodes: [String]) {
    policy.withLock { policy in
      policy.fleet = fleet
      policy.keep(nodes: Set(nodes))
    }
  }

  /// Delivers, and tells what becomes due by the time that passes. Returns when it is cancelled.
  package func run() async {
    guard !outboxes.isEmpty else { return }
    await withDiscardingTaskGroup { group in
      for outbox in outboxes { group.addTask { await outbox.run() } }
      while !Task.isCancelled { await bell.wait(for: .seconds(advance()), on: clock) }
      group.cancelAll()
    }
  }

  /// What is due by now. Seconds until it is worth another look.
  @discardableResult
  package func advance() -> Int {
    let now = now()
    let (due, next) = policy.withLock { policy in (policy.due(at: now), policy.next()) }
    for outbox in outboxes where !due.isEmpty || outbox.nextDigest.map({ $0 <= now }) == true { outbox.put(due) }
    let times = [next].compactMap { $0 } + outboxes.compactMap(\.nextDigest)
    return min(max((times.min() ?? now + Self.longest) - now, 1), Self.longest)
  }

  /// A clock that was set back must not silence it.
  private static let longest = 60
}
