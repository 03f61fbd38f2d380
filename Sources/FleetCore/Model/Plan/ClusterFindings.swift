/// What the cluster has that no document of the inventory names, and whether it could be looked at.
enum ClusterFindings {
  static let kind = ClusterProbe.kind

  /// At most so many Node objects are listed one by one.
  private static let limit = 20

  static func of(_ cluster: ClusterObservation, in fleet: Fleet) -> [Finding] {
    guard let view = cluster.view else { return unseen(cluster.problems) }
    let unknown = view.nodes.filter { fleet.node(named: $0.name) == nil }.sorted { $0.name < $1.name }
    let listed = unknown.prefix(limit).map { finding(about: $0, in: view) }
    guard unknown.count > limit else { return listed }
    return listed + [
      Finding(.note, .notInInventory, kind, "and \(unknown.count - limit) more Nodes that no document names")
    ]
  }

  /// It is never removed by itself: whoever takes a document away may have meant another.
  private static func finding(about node: KubernetesNode, in view: ClusterView) -> Finding {
    let member = node.isEtcdMember ? ", a member of etcd: one of \(view.members.count) that quorum counts" : ""
    let state = node.isReady ? "Ready" : "not Ready"
    return Finding(
      .note, .notInInventory, kind,
      "the cluster has the Node \(node.name) (\(state)\(member)), and no document of the inventory names it",
      next: "write its document, or take it out of the cluster: fleetd remove \(node.name) --unreachable")
  }

  /// A server that runs and does not answer for the cluster: labels, taints and cordons were not compared.
  private static func unseen(_ problems: [String: String]) -> [Finding] {
    guard !problems.isEmpty else { return [] }
    let told = problems.sorted { $0.key < $1.key }.prefix(3).map { "\($0.key): \($0.value)" }.joined(separator: "; ")
    return [
      Finding(
        .note, .apiUnreachable, kind, "no server tells of the cluster, so that nothing in it was compared: \(told)",
        next: "look at k3s on the server: journalctl -u k3s")
    ]
  }
}
