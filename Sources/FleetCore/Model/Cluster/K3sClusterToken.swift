/// What the servers of a fleet say of the token with which their datastore is encrypted, and whether a wanted one may be
/// given to a node.
///
/// k3s decrypts the cluster's certificates with the token when a server starts. One that starts with another token ends
/// in "bootstrap data already found and encrypted with different token", and no restart mends that: so the token is
/// compared before anything is written or restarted. `server/token` is what k3s itself wrote at its last start.
package struct K3sClusterToken: Sendable, Hashable {
  /// Of `server/token`, by server: see `K3sHidden.digest`. A server whose datastore lives and which has no such file is
  /// not in it.
  private let digests: [String: String]
  /// The cluster has a new token, and servers that were not restarted since still have the old one in that file.
  private let isRotating: Bool

  package init(digests: [String: String], isRotating: Bool = false) {
    self.digests = digests
    self.isRotating = isRotating
  }

  package static let unknown = K3sClusterToken(digests: [:])

  package enum Verdict: Sendable, Hashable {
    case agrees
    /// This server's datastore is encrypted with another token.
    case differsHere
    /// That of these servers is; this node would be given one that they refuse.
    case differs([String])
    /// The server's datastore lives, and nothing tells with which token.
    case unknown
  }

  /// - Parameters:
  ///   - wanted: the digest of the token that the node shall have.
  ///   - server: the node's name, where it is a server whose datastore lives; `nil`: any other node.
  ///   - isGiven: whether the token that k3s is given on the node is the wanted one already.
  package func verdict(on wanted: String, server: String?, isGiven: Bool) -> Verdict {
    // All that is left then is to give every node the new one.
    if isRotating { return .agrees }
    if let server, let own = digests[server], own != wanted { return .differsHere }
    let others = digests.filter { $0.key != server && $0.value != wanted }.keys.sorted()
    if !others.isEmpty { return .differs(others) }
    if let server, digests[server] == nil, digests.isEmpty, !isGiven { return .unknown }
    return .agrees
  }
}
