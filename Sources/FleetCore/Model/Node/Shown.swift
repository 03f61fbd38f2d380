/// A value as a plan shows it.
package enum Shown: Sendable, Hashable {
  /// There is none: absent on the node, or not wanted.
  case none
  case text(String)
  /// A secret differs. No payload: a plan shows that it changes and nothing to guess it from.
  case secret
}
