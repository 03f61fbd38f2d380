/// Who may set which label of a Node object.
package enum NodeLabelRule {
  /// What the kubelet and k3s set by themselves: another value would be fought over for ever.
  package static func isOfCluster(_ key: String) -> Bool { ownKeys.contains(key) }

  private static let ownKeys: Set<String> = [
    "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch", "node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master",
    "node-role.kubernetes.io/etcd",
  ]

  /// Whether the kubelet may register with it: Kubernetes keeps most of its own prefixes from nodes, so that none gives
  /// itself a role, and a kubelet that is told such a label does not start. Through the API server they can be set.
  package static func isKubeletAllowed(_ key: String) -> Bool {
    guard let slash = key.firstIndex(of: "/") else { return true }
    let prefix = String(key[..<slash])
    guard isWithin(prefix, "kubernetes.io") || isWithin(prefix, "k8s.io") else { return true }
    return isWithin(prefix, "node.kubernetes.io") || isWithin(prefix, "kubelet.kubernetes.io")
      || allowedKeys.contains(key)
  }

  private static let allowedKeys: Set<String> = [
    "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch", "beta.kubernetes.io/instance-type", "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
  ]

  private static func isWithin(_ prefix: String, _ domain: String) -> Bool {
    prefix == domain || prefix.hasSuffix("." + domain)
  }
}
