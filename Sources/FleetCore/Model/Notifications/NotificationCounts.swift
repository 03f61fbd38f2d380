/// What became of the notifications to one receiver since the daemon was started.
package struct NotificationCounts: Sendable, Hashable {
  /// Its name; not its address, which may be a secret.
  package let receiver: String
  package var sent = 0
  /// Attempts that failed; each notification is tried again and again.
  package var failures = 0
  /// Those that will never arrive: refused, too old, or one too many.
  package var dropped = 0
  /// Those that wait now.
  package var queued = 0
  /// Whether the last attempt failed.
  package var isFailing = false

  package init(receiver: String) { self.receiver = receiver }
}
