/// What keeps a node from being disturbed now, though nothing is wrong with its change: the hour, the others. Pure.
struct RolloutHolds {
  private let rollout: RolloutSettings
  private let cluster: ClusterObservation
  private let now: Int

  /// - Parameter now: seconds since 1970 UTC.
  init(_ rollout: RolloutSettings, _ cluster: ClusterObservation, now: Int) {
    self.rollout = rollout
    self.cluster = cluster
    self.now = now
  }

  /// - Parameter servers: the plans of all servers; where they are planned already, as they are held.
  func holding(_ nodes: [NodePlan], behind servers: [NodePlan]? = nil) -> [NodePlan] {
    let servers = servers ?? nodes.filter { $0.role == .server }
    let refused = servers.first { node in
      node.findings.contains { $0.severity == .refused && $0.kind == K3s.kind }
    }
    let brings = servers.contains(where: \.bringsK3s)
    return nodes.map { node in
      guard !node.disturbing.isEmpty, let hold = hold(node, refused, bringsServer: brings) else { return node }
      return node.holdingWhatDisturbs(for: hold)
    }
  }

  private func hold(_ node: NodePlan, _ refused: NodePlan?, bringsServer: Bool) -> Finding? {
    // What does no work misses nothing: that is why it is repaired.
    guard let k3s = node.observed?.k3s, k3s.isRunning else { return nil }
    // Ready is the kubelet's word: a server's member of etcd may vote all the same, and does where the API still answers.
    if let held = quorum(node) { return held }
    if let view = cluster.view, view.isAnswering, view.node(node.node)?.isReady != true { return nil }
    return preflight(node, refused) ?? unseen(node, bringsServer) ?? window()
  }

  /// One server that cannot follow would leave the cluster with two minor versions: no server begins.
  private func preflight(_ node: NodePlan, _ refused: NodePlan?) -> Finding? {
    guard let refused, refused.node != node.node, node.role == .server,
      node.disturbing.contains(where: { $0.disturbance == .upgradesK3s })
    else { return nil }
    return Finding(
      .held, .waitsForServer, K3s.kind,
      "no server is upgraded while another cannot follow: what is wanted of \(refused.node) is refused",
      next: "mend what \(refused.node) is refused for")
  }

  /// Whether the rest of the cluster does without it could not be told.
  private func unseen(_ node: NodePlan, _ bringsServer: Bool) -> Finding? {
    guard cluster.view == nil, node.role == .agent, !bringsServer else { return nil }
    let why = cluster.problems.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
    return Finding(
      .held, .apiUnreachable, K3s.kind,
      "it is not disturbed while no API server answers" + (why.isEmpty ? "" : ": \(why)"),
      next: "bring a server back first")
  }

  private func quorum(_ node: NodePlan) -> Finding? {
    guard node.role == .server, let view = cluster.view, view.members.count > 1,
      !(rollout.allowQuorumLoss && view.members.count == 2)
    else { return nil }
    guard case .waiting(let why) = Gate([.quorum(without: node.node)]).verdict(on: [view.server: view], since: nil)
    else { return nil }
    let next =
      view.members.count == 2
      ? "add a third server; or allow it: spec.rollout.servers.allowQuorumLoss: true" : "bring the other members back"
    return Finding(.blocked, .quorumAtRisk, K3s.kind, why, next: next)
  }

  private func window() -> Finding? {
    guard !rollout.windows.isEmpty, !rollout.windows.contains(where: { $0.contains(now) }) else { return nil }
    let windows = rollout.windows.map(\.text).joined(separator: "; ")
    return Finding(
      .held, .outsideWindow, K3s.kind, "what disturbs waits for a window: \(windows)",
      next: "run fleetd in the window, or change spec.rollout.windows")
  }
}

extension NodePlan {
  /// Whether an API server may answer on it when its turn is over: a reboot of a blank one brings none.
  fileprivate var bringsK3s: Bool {
    disturbing.contains { $0.disturbance.isOfK3s }
      || (!disturbing.isEmpty && observed?.k3s?.data.isLiving(as: .server) == true)
  }

  /// The same, with every change held.
  func holdingAll(for finding: Finding) -> NodePlan {
    guard let observed else { return self }
    return NodePlan(
      node: node, address: address, role: role, isSelected: isSelected,
      state: .observed(
        .init(
          facts: observed.facts, k3s: observed.k3s, changeSets: changeSets.map { $0.holding(for: finding) },
          findings: findings)))
  }

  /// The same, with everything from the first disturbing change on held.
  func holdingWhatDisturbs(for finding: Finding) -> NodePlan {
    guard let observed, let first = changeSets.firstIndex(where: { $0.isToBeDone && $0.disturbance != .none }) else {
      return self
    }
    let sets = changeSets.enumerated().map { index, set in index < first ? set : set.holding(for: finding) }
    let findings = observed.findings + (finding.severity == .blocked ? [finding] : [])
    return NodePlan(
      node: node, address: address, role: role, isSelected: isSelected,
      state: .observed(.init(facts: observed.facts, k3s: observed.k3s, changeSets: sets, findings: findings)))
  }
}

extension ChangeSet {
  fileprivate var isToBeDone: Bool { held == nil && !steps.isEmpty }
}
