/// Observations and desired state of the fleet -> its plan. Pure.
package struct FleetPlanner: Sendable {
  package let vault: SecretVault
  package let artifacts: [Architecture: K3sArtifactState]
  /// What this control node knows of the cluster from earlier runs.
  package let past: ClusterPast

  package init(
    vault: SecretVault, artifacts: [Architecture: K3sArtifactState] = [:], past: ClusterPast = .none
  ) {
    self.vault = vault
    self.artifacts = artifacts
    self.past = past
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
    let founding = Founding(fleet, observations, selection, past)
    let token = K3sClusterToken(of: fleet, observations, isRotating: past.isRotatingToken)
    var plans: [String: NodePlan] = [:]
    var serverVersion: K3sVersion?
    for node in fleet.servers + fleet.nodes.filter({ $0.role != .server }) {
      guard let observation = observations[node.name] else { continue }
      var context = ClusterContext(
        view: cluster.view, start: node.role == .server ? founding.start(of: node.name) : nil,
        running: founding.running, authority: cluster.view?.authority)
      context.token = token
      let planner = NodePlanner(vault: vault, artifacts: artifacts, serverVersion: serverVersion, cluster: context)
      let plan = planner.plan(node, from: observation, isSelected: selection.contains(node))
      plans[node.name] = plan
      if node.role == .server {
        let version = version(after: plan, K3sObservation(of: node, in: observations), wanted: fleet.k3s?.version)
        // An agent is never newer than the oldest of its servers; one that is not seen holds agents back only where no
        // other is.
        serverVersion = [serverVersion, version].compactMap { $0 }.min()
      }
    }
    var plan = FleetPlan(
      fleet: fleet.name,
      revision: revision,
      observedAt: observedAt,
      nodes: RolloutHolds(fleet.rollout, cluster, now: observedAt).holding(fleet.nodes.compactMap { plans[$0.name] }),
      cluster: cluster,
      rollout: fleet.rollout,
      k3s: fleet.k3s,
      reserved: fleet.reserved
    )
    plan.clusterFindings = ClusterFindings.of(cluster, in: fleet)
    return plan
  }

  /// What the server runs when the agents' turn comes.
  private func version(after plan: NodePlan, _ observed: K3sObservation?, wanted: K3sVersion?) -> K3sVersion? {
    guard let wanted, let observed else { return nil }
    // Whatever keeps the server from being upgraded in this run, also a refusal of another kind, keeps its agents too.
    let isUpgraded = plan.actionable.contains { set in
      set.disturbance.isOfK3s && set.changes.contains { $0.kind == K3s.kind }
    }
    return isUpgraded ? wanted : observed.installedVersion
  }
}

extension Founding {
  /// From what this pass saw of the fleet.
  fileprivate init(
    _ fleet: Fleet, _ observations: [String: NodeObservation], _ selection: NodeSelection, _ past: ClusterPast
  ) {
    let servers = zip(fleet.servers, fleet.k3s?.servers ?? []).map { node, url in
      let datastore: Server.Datastore =
        switch K3sObservation(of: node, in: observations) {
        case nil: .unknown
        case let observed? where observed.data.datastore == nil: .none
        case let observed?: .present(isRunning: observed.isRunning)
        }
      return Server(name: node.name, url: url, datastore: datastore, isSelected: selection.contains(node))
    }
    let agents = fleet.nodes.filter { node in
      node.role == .agent && K3sObservation(of: node, in: observations)?.data.hasJoined == true
    }
    self.init(
      servers: servers, agents: agents.map(\.name), known: past.authority, isOrdered: past.isFoundingOrdered)
  }
}

extension K3sClusterToken {
  /// From what the servers that live told.
  fileprivate init(of fleet: Fleet, _ observations: [String: NodeObservation], isRotating: Bool) {
    var digests: [String: String] = [:]
    for server in fleet.servers {
      guard let observed = K3sObservation(of: server, in: observations), observed.data.datastore != nil
      else { continue }
      digests[server.name] = observed.tokenDigests[K3sPaths.serverToken]
    }
    self.init(digests: digests, isRotating: isRotating)
  }
}
