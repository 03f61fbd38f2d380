/// What the control node remembers of a fleet's cluster, and what its owner ordered.
package struct ClusterPast: Sendable, Hashable {
  /// Lowercase SHA-256 of the CA of the cluster that this fleet was last seen with; `nil`: none was ever seen.
  package let authority: String?
  /// `--found-new-cluster`: whatever speaks for an old cluster, it is gone for good.
  package let isFoundingOrdered: Bool
  /// The cluster has a new token, and not every node has it yet: `fleetd token rotate`.
  package var isRotatingToken = false

  package init(authority: String?, isFoundingOrdered: Bool = false) {
    self.authority = authority
    self.isFoundingOrdered = isFoundingOrdered
  }

  package static let none = ClusterPast(authority: nil)
}
