extension NodeSighting {
  /// What the pass that made `plan` saw of one of its nodes.
  package init(of node: NodePlan, in plan: FleetPlan) {
    switch node.state {
    case .notObserved(let failure):
      switch failure.reason {
      case .hostKeyUnknown, .hostKeyChanged: self = .awaitingTrust
      case .connectionRefused, .unreachable, .connectTimedOut, .nameNotResolved, .connectionLost: self = .away
      default: self = .unclear
      }
    case .observed(let observed):
      self = .seen(Progress(node, observed, plan.cluster.view?.node(node.node)))
    }
  }
}

extension NodeSighting.Progress {
  /// - Parameter object: its Node object; `nil`: there is none, or no server was asked.
  fileprivate init(_ node: NodePlan, _ observed: NodePlan.Observed, _ object: KubernetesNode?) {
    let facts = observed.facts
    let kinds = Set(node.changes.map(\.kind))
    let cluster: Set<ResourceKind> = [K3s.kind, NodeIdentity.kind, NodeObject.kind]
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
      hasBaseline: kinds.subtracting(cluster).subtracting([Reboot.kind]).isEmpty,
      owesReboot: kinds.contains(Reboot.kind), k3s: k3s, isConverged: node.isInSync)
  }
}
