/// A run that cannot begin: what is wrong on the control node, and what to do about it.
package struct RunFailure: Error, Sendable, CustomStringConvertible {
  package let message: String
  package let next: String?

  package init(_ message: String, next: String? = nil) {
    self.message = message
    self.next = next
  }

  package var description: String { next.map { "\(message)\n  = \($0)" } ?? message }
}
