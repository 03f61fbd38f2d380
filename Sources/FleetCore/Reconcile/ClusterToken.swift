package import FleetModel

/// The token of a fleet's cluster as one run has it.
package struct ClusterToken: Sendable {
  /// The run's secrets, the token's password among them.
  package let vault: SecretVault
  /// Where fleetd made the token in this run: it is kept before the first node gets it, and not at all when none does.
  package let unkept: Secret?
  package let store: TokenStore
  /// Whether the cluster was given this token, and not every node has it yet.
  package var isBeingRotatedTo: Bool {
    guard let reference, let digest = K3sToken.digest(of: reference, in: vault) else { return false }
    return store.rotatingTo == digest
  }

  private let reference: SecretReference?

  /// - Parameter vault: what the control node's configuration defines.
  package init(of fleet: Fleet, _ vault: SecretVault, _ store: TokenStore) throws(RunFailure) {
    self.store = store
    self.reference = fleet.k3s?.token
    guard let reference = fleet.k3s?.token else {
      self.vault = vault
      unkept = nil
      return
    }
    guard reference == K3sToken.own else {
      self.vault = K3sToken.bare(vault, reference)
      unkept = nil
      return
    }
    let kept = try store.token(.current)
    let token = kept ?? .randomToken()
    self.vault = vault.holding(token, as: reference)
    unkept = kept == nil ? token : nil
  }

  /// A check that is no control node's: it has what its configuration defines, makes no token and keeps none.
  package init(of fleet: Fleet, _ vault: SecretVault, _ store: TokenStore, isGiven: Void) {
    self.store = store
    reference = fleet.k3s?.token
    self.vault = fleet.k3s.map { K3sToken.bare(vault, $0.token) } ?? vault
    unkept = nil
  }

  /// The same run with another token: during a rotation it is the one that the cluster shall have.
  ///
  /// - Parameter vault: what the control node's configuration defines.
  package init(of fleet: Fleet, _ vault: SecretVault, _ store: TokenStore, rotatingTo next: Secret) {
    self.store = store
    reference = fleet.k3s?.token
    self.vault = fleet.k3s.map { vault.holding(next, as: $0.token) } ?? vault
    unkept = nil
  }

  /// Keeps a token that was made in this run, if `plan` gives it to a node, be it in a later round.
  package func keep(for plan: FleetPlan) throws(RunFailure) {
    guard let unkept else { return }
    let isGiven = plan.nodes.flatMap(\.changes).contains { $0.name == K3sPaths.token }
    if isGiven { try store.keep(unkept, as: .current) }
  }
}
