/// How far the steps of one round have brought its nodes, as the clocks of their rebuilds see it: between two looks a phase
/// ends with the step that ends it. Pure.
///
/// It says less than a look does and never more: a node converges only where a look finds nothing left.
package struct RoundProgress: Sendable {
  private var nodes: [String: Node] = [:]

  private struct Node: Sendable {
    var progress: NodeSighting.Progress
    /// Change sets of which something is left to do; one that is held has all of it left.
    var left: [(kinds: Set<ResourceKind>, steps: [Step])]
  }

  /// - Parameter plan: what the round does.
  package init(_ plan: FleetPlan) {
    for node in plan.nodes {
      guard case .seen(var progress) = NodeSighting(of: node, in: plan) else { continue }
      progress.isConverged = false
      nodes[node.node] = Node(
        progress: progress, left: node.changeSets.map { (Set($0.changes.map(\.kind)), $0.steps) })
    }
  }

  /// A step has succeeded. What that makes of the node, where it makes anything of it.
  package mutating func did(_ step: Step, on name: String) -> NodeSighting? {
    guard var node = nodes[name] else { return nil }
    let before = node.progress
    if let place = node.left.firstIndex(where: { $0.steps.contains(step) }) {
      node.left[place].steps.removeAll { $0 == step }
      if node.left[place].steps.isEmpty { node.left.remove(at: place) }
    }
    let kinds = node.left.reduce(into: Set<ResourceKind>()) { $0.formUnion($1.kinds) }
    node.progress.hasBaseline = node.progress.hasBaseline || NodeSighting.Progress.hasBaseline(lacking: kinds)
    node.progress.owesReboot = kinds.contains(Reboot.kind)
    if step.isReboot { node.progress.owesReboot = false }
    node.progress.k3s = node.progress.k3s?.advanced(by: step, of: name)
    nodes[name] = node
    return node.progress == before ? nil : .seen(node.progress)
  }
}

extension NodeSighting.K3s {
  /// What the step brings; what was reached stays so.
  fileprivate func advanced(by step: Step, of node: String) -> NodeSighting.K3s {
    var (installs, joins, isReady) = (false, false, false)
    switch step.action {
    case .run(let script, _), .runAsUnit(let script, _):
      installs = script == .installK3s
      joins = script == .startK3s
    case .await(let gate): isReady = gate.awaitsReady(node)
    case .push, .reboot, .verifyAccess, .onServer, .snapshot: break
    }
    return NodeSighting.K3s(
      isInstalled: isInstalled || installs, hasJoined: hasJoined || joins || isReady, isReady: self.isReady || isReady)
  }
}

extension Gate {
  fileprivate func awaitsReady(_ node: String) -> Bool {
    conditions.contains { condition in
      if case .nodeReady(node, version: _, notBoot: _) = condition { true } else { false }
    }
  }
}

extension Step {
  fileprivate var isReboot: Bool { if case .reboot = action { true } else { false } }
}
