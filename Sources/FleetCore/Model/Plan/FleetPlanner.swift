/// Observations and desired state of the fleet -> its plan. Pure.
package struct FleetPlanner: Sendable {
  package let vault: SecretVault
  package let artifacts: [Architecture: K3sArtifacts]
  /// What this control node knows of the cluster from earlier runs.
  package let past: ClusterPast
  /// What keeps nodes as they are, by name: a pause, say.
  package let holds: [String: Finding]

  package init(
    vault: SecretVault, artifacts: [Architecture: K3sArtifacts] = [:], past: ClusterPast = .none,
    holds: [String: Finding] = [:]
  ) {
    self.holds = holds
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
    let holds = RolloutHolds(fleet.rollout, cluster, now: observedAt)
    let plan = { (node: NodeSpec, serverVersion: K3sVersion?) -> NodePlan? in
      guard let observation = observations[node.name] else { return nil }
      var context = ClusterContext(
        view: cluster.view, start: node.role == .server ? founding.start(of: node.name) : nil,
        running: founding.running, authority: cluster.view?.authority)
      context.token = token
      let planner = NodePlanner(vault: vault, artifacts: artifacts, serverVersion: serverVersion, cluster: context)
      let plan = planner.plan(node, from: observation, isSelected: selection.contains(node))
      return self.holds[node.name].map { plan.holdingAll(for: $0) } ?? plan
    }
    let servers = holds.holding(fleet.servers.compactMap { plan($0, nil) })
    // Only when it is known which servers wait is it known what the agents may become.
    let oldest = oldestServer(in: fleet, servers, observations, cluster.view)
    let others = fleet.nodes.filter { $0.role != .server }.compactMap { plan($0, oldest) }
    let plans = Dictionary(
      uniqueKeysWithValues: (servers + holds.holding(others, behind: servers)).map { ($0.node, $0) })
    var whole = FleetPlan(
      fleet: fleet.name,
      revision: revision,
      observedAt: observedAt,
      nodes: fleet.nodes.compactMap { plans[$0.name] },
      cluster: cluster,
      rollout: fleet.rollout,
      k3s: fleet.k3s,
      reserved: fleet.reserved
    )
    whole.clusterFindings = ClusterFindings.of(cluster, in: fleet)
    return whole
  }

  /// What the oldest of the servers runs when the agents' turn comes: an agent is never newer. Of a server that was not
  /// seen, the cluster still tells what it ran last.
  private func oldestServer(
    in fleet: Fleet, _ plans: [NodePlan], _ observations: [String: NodeObservation], _ view: ClusterView?
  ) -> K3sVersion? {
    fleet.servers.compactMap { server in
      let known = view?.node(server.name).flatMap { K3sVersion($0.kubeletVersion) }
      guard let plan = plans.first(where: { $0.node == server.name }),
        let observed = K3sObservation(of: server, in: observations)
      else { return known }
      return version(after: plan, observed, running: known, wanted: fleet.k3s?.version)
    }.min()
  }

  private func version(
    after plan: NodePlan, _ observed: K3sObservation, running: K3sVersion?, wanted: K3sVersion?
  ) -> K3sVersion? {
    // Whatever keeps the server from being upgraded in this run, also a refusal of another kind, keeps its agents too.
    let isUpgraded = plan.actionable.contains { set in
      set.disturbance.isOfK3s && set.changes.contains { $0.kind == K3s.kind }
    }
    guard let installed = observed.installedVersion, !isUpgraded else { return isUpgraded ? wanted : nil }
    // Installed and not started yet: what answers is the older one.
    return observed.isRunning ? [installed, running].compactMap { $0 }.min() : installed
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
