extension NodeSighting {
  /// What the pass that made `plan` saw of one of its nodes.
  package init(of node: NodePlan, in plan: FleetPlan) { self.init(of: node, beside: plan.cluster.view) }

  /// What a look at one node alone saw, beside what an earlier look at the fleet saw of its cluster. A node with k3s has
  /// converged only when the cluster was looked at, too.
  package init(ofNodeAlone node: NodePlan, beside cluster: ClusterView?) {
    self.init(of: node, beside: cluster)
    guard case .seen(var progress) = self, progress.k3s != nil else { return }
    progress.isConverged = false
    self = .seen(progress)
  }

  private init(of node: NodePlan, beside cluster: ClusterView?) {
    switch node.state {
    case .notObserved(let failure):
      switch failure.reason {
      case .hostKeyUnknown, .hostKeyChanged: self = .awaitingTrust
      case .connectionRefused, .unreachable, .connectTimedOut, .nameNotResolved, .connectionLost: self = .away
      default: self = .unclear
      }
    case .observed(let observed):
      self = .seen(Progress(node, observed, cluster?.node(node.node)))
    }
  }
}

extension NodeSighting.Progress {
  /// - Parameter object: its Node object; `nil`: there is none, or no server was asked.
  fileprivate init(_ node: NodePlan, _ observed: NodePlan.Observed, _ object: KubernetesNode?) {
    let facts = observed.facts
    let kinds = Set(node.changes.map(\.kind))
    let lives = node.role.map { observed.k3s?.data.isLiving(as: $0) ?? false } ?? false
    var k3s: NodeSighting.K3s?
    if observed.k3s != nil {
      // The object of a past, or of the boot before, says nothing of this system.
      let isOwn = object.map { $0.machineID == facts.machineID && $0.bootID == facts.bootID } ?? false
      k3s = NodeSighting.K3s(
        isInstalled: { if case .release? = observed.k3s?.binary { true } else { false } }(), hasJoined: lives,
        isReady: isOwn && object?.isReady == true)
    }
    self.init(
      machineID: facts.machineID, isBlank: facts.record.board == nil && facts.record.declared.isEmpty && !lives,
      hasBaseline: Self.hasBaseline(lacking: kinds),
      owesReboot: kinds.contains(Reboot.kind), k3s: k3s, isConverged: node.isInSync)
  }
  /// - Parameter kinds: of what is left to do.
  static func hasBaseline(lacking kinds: Set<ResourceKind>) -> Bool {
    kinds.isSubset(of: [AirgapImages.kind, K3s.kind, NodeIdentity.kind, NodeObject.kind, Reboot.kind])
  }
}
