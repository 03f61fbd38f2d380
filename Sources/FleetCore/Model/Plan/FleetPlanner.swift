/// Observations and desired state of the fleet -> its plan. Pure.
package struct FleetPlanner: Sendable {
  package let vault: SecretVault
  package let artifacts: [Architecture: K3sArtifactState]

  package init(vault: SecretVault, artifacts: [Architecture: K3sArtifactState] = [:]) {
    self.vault = vault
    self.artifacts = artifacts
  }

  /// `selection` limits what may change, never what is observed.
  package func plan(
    _ fleet: Fleet,
    observations: [String: NodeObservation],
    cluster: ClusterObservation = .none,
    selection: NodeSelection = .all,
    revision: Revision,
    observedAt: Int
  ) -> FleetPlan {
    var plans: [String: NodePlan] = [:]
    var serverVersion: K3sVersion?
    for node in fleet.servers + fleet.nodes.filter({ $0.role != .server }) {
      guard let observation = observations[node.name] else { continue }
      let planner = NodePlanner(vault: vault, artifacts: artifacts, serverVersion: serverVersion)
      let plan = planner.plan(node, from: observation, isSelected: selection.contains(node))
      plans[node.name] = plan
      if node.role == .server { serverVersion = version(after: plan, observation, wanted: fleet.k3s?.version) }
    }
    return FleetPlan(
      fleet: fleet.name,
      revision: revision,
      observedAt: observedAt,
      nodes: fleet.nodes.compactMap { plans[$0.name] },
      cluster: cluster,
      reserved: fleet.reserved
    )
  }

  /// What the server runs when the agents' turn comes.
  private func version(after plan: NodePlan, _ observation: NodeObservation, wanted: K3sVersion?) -> K3sVersion? {
    guard let wanted, case .success(let transcript) = observation.answer,
      let section = transcript.sections[K3s.kind.name], let observed = try? K3s.parse(section)
    else { return nil }
    // Whatever keeps the server from being upgraded in this run, also a refusal of another kind, keeps its agents too.
    let isUpgraded = plan.actionable.contains { set in set.changes.contains { $0.kind == K3s.kind } }
    return isUpgraded ? wanted : observed.installedVersion
  }
}
