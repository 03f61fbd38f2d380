/// What the key that nodes are entered with may do there.
package enum NodeAccess: String, Sendable, Hashable, CaseIterable {
  /// Everything, by sudo.
  case full
  /// Look, at what the inventory names, and nothing else: the key that CI holds.
  case check
}
