import YAMLSource

/// What all servers of a cluster must be told alike: k3s refuses a server that differs ("critical configuration value
/// mismatch"), after it was started. Here it is found before.
enum CriticalSettings {
  /// The keys that k3s compares, and those of which its documentation says that they must be equal.
  static let keys = [
    "agent-token-file", "cluster-cidr", "cluster-dns", "cluster-domain", "disable-cloud-controller",
    "disable-helm-controller", "disable-network-policy", "disable", "disable-kube-proxy", "egress-selector-mode",
    "flannel-backend", "flannel-external-ip", "flannel-ipv6-masq", "secrets-encryption", "service-cidr",
  ]

  static func report(_ servers: [NodeSpec], _ diagnostics: inout Diagnostics) {
    guard let first = servers.first, let wanted = first.resource(of: K3s.self)?.configuration else { return }
    for server in servers.dropFirst() {
      guard let own = server.resource(of: K3s.self)?.configuration else { continue }
      for key in keys where Set(own.values(of: key) ?? []) != Set(wanted.values(of: key) ?? []) {
        diagnostics.report(
          at: server.mark,
          "\(server.name) and \(first.name) differ in k3s.config.\(key), and k3s refuses servers that do",
          hint: "write it once, in spec.k3s.config.server of the Fleet"
        )
      }
    }
  }
}
