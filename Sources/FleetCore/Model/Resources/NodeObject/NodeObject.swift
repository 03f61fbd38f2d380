package import YAMLSource

/// The labels and taints of the node's Node object in the cluster, and a cordon of fleetd's that a run left behind.
///
/// k3s sets labels and taints when a node registers, and never takes one away. So they are kept through the API server,
/// where a change restarts nothing. What others set stays.
package struct NodeObject: Resource {
  package static let kind = ResourceKind("node")
  /// Its entry is a Node's alone.
  package static let key = "kubernetes"

  package let name: String
  /// Whose cordons are fleetd's own.
  package let owner: String
  package let labels: [String: String]
  package let taints: [KubernetesNode.Taint]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> NodeObject? {
    guard scope.role != nil, scope.k3s != nil else { return nil }
    var labels: [String: String] = [:]
    for label in scope.kubernetesLabels {
      let halves = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      labels[halves[0]] = halves.count == 2 ? halves[1] : ""
    }
    let taints = scope.kubernetesTaints.compactMap { KubernetesNode.Taint($0) }
    let mark = entry?.mark ?? scope.mark
    for key in labels.keys.sorted() where NodeLabelRule.isOfCluster(key) {
      diagnostics.report(
        at: mark, "Node.spec.kubernetes.labels: \(key) is set by k3s itself", hint: "take it away; k3s keeps it right")
    }
    for taint in taints where taint.isOfCluster {
      diagnostics.report(
        at: mark, "Node.spec.kubernetes.taints: \(taint.key) is set and taken away by Kubernetes itself",
        hint: "take it away; to keep pods off the node for a while: kubectl cordon \(scope.name)")
    }
    var seen: Set<String> = []
    for taint in taints where !seen.insert(taint.identity).inserted {
      diagnostics.report(
        at: mark, "Node.spec.kubernetes.taints: \(taint.identity) has two values, and a node can have one",
        hint: "give one of them in one place")
    }
    return NodeObject(name: scope.name, owner: Cordon.owner(scope.fleet), labels: labels, taints: taints)
  }

  /// The node itself is not asked: the cluster tells.
  package static let probe = ProbeFragment("probe_node() { return 0; }")

  package static func parse(_ section: ProbeSection) throws(ProbeError) {}
}
