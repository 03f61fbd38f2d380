/// How a node is, in one word.
package enum NodeState: String, Sendable, Hashable, CaseIterable {
  /// It was not looked at yet.
  case unknown
  case inSync = "in-sync"
  case drift
  /// Everything that is left waits.
  case held
  /// Something is refused, blocked or failed.
  case attention
  case away
}
