import FleetApply
package import FleetModel

extension FleetPass {
  /// How `snapshot` would be restored over what `plan` saw. Throws what speaks against it.
  ///
  /// - Parameters:
  ///   - first: the server that takes it; `nil`: fleetd chooses.
  ///   - without: servers that are gone for good.
  package func restorePlan(
    of snapshot: K3sSnapshot, over plan: FleetPlan, first: String?, without: Set<String>
  ) throws(RestorePlan.Refusal) -> RestorePlan {
    let store = state?.snapshots(of: fleet.name)
    let token = store?.token(of: snapshot)
    let digest = token.flatMap { K3sToken.digest(of: RestorePlan.token, in: vault.holding($0, as: RestorePlan.token)) }
    let source = RestorePlan.Source(
      snapshot, path: store?.path(of: snapshot) ?? "", isIntact: store?.isIntact(snapshot) ?? false, tokenDigest: digest
    )
    // A token that fleetd keeps becomes the snapshot's.
    let isOwn = fleet.k3s?.token == K3sToken.own
    let wanted = isOwn ? digest : fleet.k3s.flatMap { K3sToken.digest(of: $0.token, in: vault) }
    return try RestorePlan(of: source, over: fleet, plan, wantedToken: wanted, first: first, without: without)
  }

  /// Restores it; what is done of it already is not done again. What failed, or `nil`.
  ///
  /// - Parameter journal: of an earlier run that did not come to its end.
  package func restore(
    _ snapshot: K3sSnapshot, by restore: RestorePlan, over plan: FleetPlan, after journal: RestoreJournal?,
    without: Set<String>
  ) async throws(RunFailure) -> (node: String, failure: StepFailure)? {
    guard let state, let token = state.snapshots(of: fleet.name).token(of: snapshot) else {
      throw RunFailure("the token beside \(snapshot.id) is gone")
    }
    var journal =
      journal ?? RestoreJournal(snapshot: snapshot.id, first: restore.first, without: without.sorted())
    try journal.write(of: fleet.name, in: state)
    try keepOwn(token, in: state)
    // The password alone: the nodes may know the cluster by another CA's hash.
    let secrets = K3sToken.bare(vault.holding(token, as: RestorePlan.token), RestorePlan.token)
    let applier = FleetApplier(
      links: links, servers: fleet.servers.map(\.name), vault: secrets, state: state, now: now,
      progress: progress)
    if !journal.isFinishing {
      let taking = plan.keeping(plan.nodes.filter { $0.node == restore.first })
      let failed = await artifacts.fetch(taking, of: fleet, progress: progress)
      if let failure = failed[restore.first] { return (restore.first, failure) }
      if let failure = await applier.carryOut(restore.steps) { return failure }
      journal.isFinishing = true
      try journal.write(of: fleet.name, in: state)
    }
    if let failure = await applier.carryOut(restore.finishing) { return failure }
    try RestoreJournal.remove(of: fleet.name, in: state)
    return nil
  }

  /// The token that fleetd keeps becomes the snapshot's; the one before stays beside it.
  private func keepOwn(_ token: Secret, in state: ControlNodeState) throws(RunFailure) {
    guard fleet.k3s?.token == K3sToken.own else { return }
    let store = TokenStore(state, of: fleet.name)
    let own = K3sToken.own
    let bare = K3sToken.bare(SecretVault().holding(token, as: own), own)
    guard let wanted = bare[own] else { return }
    if let current = try store.token(.current) {
      let present = K3sToken.digest(of: own, in: SecretVault().holding(current, as: own))
      if present == K3sToken.digest(of: own, in: bare) { return }
      try store.keep(current, as: .previous)
    }
    try store.keep(wanted, as: .current)
  }
}
