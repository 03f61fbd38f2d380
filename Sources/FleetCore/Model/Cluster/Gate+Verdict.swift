/// What a gate makes of what is seen.
package enum GateVerdict: Sendable, Hashable {
  case open
  /// Not yet: what is missing, in words. At the deadline it is the evidence.
  case waiting(String)
}

extension Gate {
  /// - Parameters:
  ///   - views: by the server that was asked: at least one for the cluster as such, and that of each of `asked`.
  ///   - first: how the cluster looked when the gate was reached. Heartbeats are compared with these and never with a
  ///     clock: the nodes' clocks need not agree.
  package func verdict(on views: [String: ClusterView], since first: ClusterView?) -> GateVerdict {
    for condition in conditions {
      if let missing = Self.missing(condition, views, first) { return .waiting(missing) }
    }
    return .open
  }

  private static func missing(_ condition: Condition, _ views: [String: ClusterView], _ first: ClusterView?) -> String?
  {
    let view = views.values.filter(\.isAnswering).max { $0.clock < $1.clock }
    switch condition {
    case .serversHealthy(let names):
      let problems = names.compactMap { name -> String? in
        guard let own = views[name] else { return "\(name) cannot be asked" }
        return own.problem.map { "the API server of \(name) does not answer: \($0)" }
      }
      return problems.isEmpty ? nil : problems.joined(separator: "; ")
    case .quorum(let node):
      guard let view else { return "no API server answers" }
      return quorumProblem(without: node, in: view)
    case .quorumAfterRemoval(let node):
      guard let view else { return "no API server answers" }
      return removalProblem(of: node, in: view)
    case .nodeSilent(let name):
      guard let view else { return "no API server answers" }
      return noise(of: name, in: view, since: first)
    case .nodeReady(let name, let version, let boot):
      guard let view else { return "no API server answers" }
      return readinessProblem(of: name, version, notBoot: boot, in: view, since: first)
    }
  }

  private static func quorumProblem(without node: String, in view: ClusterView) -> String? {
    let healthy = view.members.filter { $0.name != node && $0.isReady && $0.isVoter }
    guard healthy.count < view.quorum else { return nil }
    let away = view.members.filter { $0.name != node && !($0.isReady && $0.isVoter) }.map(\.name).sorted()
    return "without \(node) etcd would have \(healthy.count) healthy of \(view.members.count) members and needs "
      + "\(view.quorum)" + (away.isEmpty ? "" : "; not healthy: \(away.joined(separator: ", "))")
  }

  private static func removalProblem(of node: String, in view: ClusterView) -> String? {
    let others = view.members.filter { $0.name != node }
    let healthy = others.filter { $0.isReady && $0.isVoter }
    guard !others.isEmpty else { return "\(node) is the only member of etcd: with it the cluster would end" }
    let needed = others.count / 2 + 1
    guard healthy.count < needed else { return nil }
    let away = others.filter { !($0.isReady && $0.isVoter) }.map(\.name).sorted()
    return
      "without \(node) etcd would have \(healthy.count) healthy of \(others.count) members and need \(needed); not "
      + "healthy: \(away.joined(separator: ", "))"
  }

  /// Longer than a kubelet takes from one heartbeat to the next, which is 10 s. Seconds.
  private static let silence = 25

  private static func noise(of name: String, in view: ClusterView, since first: ClusterView?) -> String? {
    guard let node = view.node(name), node.isReady else { return nil }
    if let first, first.server == view.server, view.clock - first.clock >= silence,
      first.node(name)?.heartbeat == node.heartbeat
    {
      return nil
    }
    return "the Node \(name) says Ready: whether a machine of that name still runs shows within half a minute"
  }

  private static func readinessProblem(
    of name: String, _ version: String?, notBoot boot: String?, in view: ClusterView, since first: ClusterView?
  ) -> String? {
    guard let node = view.node(name) else { return "the cluster has no Node \(name)" }
    guard node.isReady else { return "the Node \(name) is not Ready (\(node.conditions["Ready"] ?? "no condition"))" }
    if let version, node.kubeletVersion != version {
      return "the kubelet of \(name) runs \(node.kubeletVersion) and not \(version)"
    }
    if let boot, node.bootID == boot { return "the Node \(name) still has the boot id from before the reboot" }
    guard let heartbeat = node.heartbeat else { return "the Node \(name) has no Lease" }
    if let before = first?.node(name)?.heartbeat, before == heartbeat {
      return "the Node \(name) says Ready, but its heartbeat is that of \(heartbeat): it is not fresh"
    }
    return nil
  }
}
