extension NodeIdentity {
  enum Verdict: Sendable, Hashable {
    /// It has no past, or is still the node that it was.
    case nothingToClear
    /// Its Node object is that of a past.
    case clears(KubernetesNode)
    /// It must not join now: it is not proved who it is, or the cluster would suffer.
    case withheld(Finding)
  }

  /// That the host key is right was shown by the connection itself.
  func verdict(in context: PlanContext) -> Verdict {
    guard let view = context.cluster.view, let past = view.node(name), let k3s = context.observed(K3s.self),
      !k3s.data.isLiving(as: role)
    else { return .nothingToClear }
    // A member without its data never comes back: etcd takes a second one of its name for a mistake.
    guard past.isEtcdMember || context.observed(NodeIdentity.self) != true else { return .nothingToClear }
    let isSameSystem = !past.machineID.isEmpty && past.machineID == context.facts.machineID
    if !isSameSystem, let doubt = doubt(about: past, in: context) { return .withheld(doubt) }
    guard past.isEtcdMember else { return .clears(past) }
    guard case .waiting(let why) = Gate([.quorumAfterRemoval(of: name)]).verdict(on: [view.server: view], since: nil)
    else { return .clears(past) }
    return .withheld(
      Finding(
        .blocked, .quorumAtRisk, Self.kind,
        "its card was written anew, and its old member of etcd cannot be removed now: \(why)",
        next: "bring the other members back first; this node then joins by itself"))
  }

  /// What keeps this machine from being taken for the node: the same board must answer under the name.
  private func doubt(about past: KubernetesNode, in context: PlanContext) -> Finding? {
    let known = context.node.serial ?? past.annotations[NodeOwnership.boardAnnotation]?.lowercased()
    let place = context.node.serial == nil ? "the cluster" : "the inventory"
    guard let board = context.facts.board else {
      return unproven("this machine tells no serial number that would prove it", next: byHand)
    }
    guard let known else {
      return unproven(
        "neither the inventory nor the cluster knows its board",
        next: "if this board, \(board), is \(name): write spec.serial: \"\(board)\" for the node; or \(byHand)")
    }
    guard known != board else { return nil }
    return unproven(
      "to \(place) it is the board \(TextRule.boardSerial.problem(with: known) == nil ? known : "?"), and this is \(board)",
      next: "correct the address; if the board was replaced, write spec.serial: \"\(board)\" for the node")
  }

  private var byHand: String {
    "take the old one out of the cluster by hand: fleetd remove \(name) --unreachable; then it joins as a new node"
  }

  private func unproven(_ why: String, next: String) -> Finding {
    Finding(
      .refused, .identityUnproven, Self.kind,
      "another system answers than the Node \(name) of the cluster was, and \(why)", next: next)
  }
}
