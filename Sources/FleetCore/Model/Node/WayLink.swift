/// The links of the way to a node, in the order in which each needs the ones before it.
package enum WayLink: String, Sendable, Hashable, CaseIterable {
  /// The address in the inventory is one, or a name that has one.
  case name
  /// Packets find the machine.
  case route
  /// Something listens, and it speaks SSH.
  case port
  case keyExchange = "key exchange"
  case hostKey = "host key"
  case userKey = "user key"
  /// The account's shell runs what it is told, and the tools that fleetd uses are there.
  case shell
  case sudo
  case disk
  case clock
  case cgroups

  package func isBefore(_ other: WayLink) -> Bool {
    let order = Self.allCases
    guard let own = order.firstIndex(of: self), let others = order.firstIndex(of: other) else { return false }
    return own < others
  }
}
