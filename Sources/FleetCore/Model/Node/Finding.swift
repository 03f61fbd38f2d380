/// Something a plan says about a node that is not a change.
package struct Finding: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    /// Worth knowing; changes nothing.
    case note
    /// Will be done later, by itself: a window, the clock, a first boot.
    case held
    /// Cannot be done until somebody mends something.
    case blocked
    /// Must not be done.
    case refused
  }

  package let severity: Severity
  package let reason: Reason
  package let kind: ResourceKind
  /// What and why; may hold text from the node, which renderers escape.
  package let message: String
  /// What to do next.
  package let next: String?

  package init(
    _ severity: Severity,
    _ reason: Reason,
    _ kind: ResourceKind,
    _ message: String,
    next: String? = nil
  ) {
    self.severity = severity
    self.reason = reason
    self.kind = kind
    self.message = message
    self.next = next
  }
}
