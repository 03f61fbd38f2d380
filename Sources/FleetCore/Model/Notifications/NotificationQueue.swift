/// What waits to be delivered to one receiver: bounded, and what is dropped is counted and told. Pure.
package struct NotificationQueue: Sendable {
  private var waiting: [Notification] = []
  /// Dropped since the last one that was delivered.
  private var dropped = 0
  package private(set) var droppedEver = 0

  package static let capacity = 100
  /// Older ones are news to nobody. Seconds.
  package static let longestAge = 24 * 3600

  package init() {}

  package var count: Int { waiting.count }

  /// The oldest makes room. Whether one was dropped.
  package mutating func put(_ notification: Notification) -> Bool {
    waiting.append(notification)
    guard waiting.count > Self.capacity else { return false }
    waiting.removeFirst()
    drop()
    return true
  }

  /// The one whose turn it is, with the number of those that it follows upon.
  package mutating func first(at now: Int) -> Notification? {
    while let oldest = waiting.first, now - oldest.at > Self.longestAge {
      waiting.removeFirst()
      drop()
    }
    guard var next = waiting.first else { return nil }
    next.dropped = dropped
    return next
  }

  /// It was delivered, or never can be.
  package mutating func done(with notification: Notification, isDelivered: Bool) {
    // Room was made while it was under way.
    if let first = waiting.first, first.isSame(as: notification) { waiting.removeFirst() }
    if isDelivered { dropped = max(0, dropped - notification.dropped) } else { drop() }
  }

  private mutating func drop() {
    dropped += 1
    droppedEver += 1
  }
}

extension Notification {
  fileprivate func isSame(as other: Notification) -> Bool {
    var other = other
    other.dropped = dropped
    return self == other
  }
}

/// What became of one attempt to deliver. The words hold no secret and no address.
package enum NotificationDelivery: Sendable, Hashable {
  case delivered
  /// Worth another attempt; `after`: seconds that the receiver asked for.
  case failed(String, after: Int?)
  /// It will never be taken.
  case refused(String)
}

/// The way to one receiver.
package protocol NotificationSender: Sendable {
  func send(_ notification: Notification) async -> NotificationDelivery
}
