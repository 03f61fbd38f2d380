/// Two configurations of k3s, compared by what they mean to k3s and not by how they are written.
package struct K3sComparison: Sendable {
  /// Keys that the wanted configuration has and the present one has not, or with another value.
  package let differing: [String]
  /// What the present configuration has and the wanted one does not mention: its keys, with their values.
  package let unexpressed: K3sConfiguration

  /// What is compared elsewhere: the token by its digest, the name of the file that is read.
  private static let apart: Set<String> = ["token", "token-file"]

  /// - Parameters:
  ///   - present: all that k3s is told on the node; secrets in it may be hidden.
  ///   - hostname: what k3s calls a node without `node-name`.
  ///   - servers: what `server` may also be: any server of the fleet leads into the same cluster.
  ///   - isLiving: whether the node is part of a cluster already. A server that is takes no notice of `cluster-init` and
  ///     `server` any more.
  package init(
    from present: K3sConfiguration,
    to wanted: K3sConfiguration,
    role: Role,
    hostname: String,
    servers: [String],
    isLiving: Bool
  ) {
    var standards = Self.standards
    standards["node-name"] = hostname.lowercased()
    func values(_ key: String, of configuration: K3sConfiguration) -> [String]? {
      let values = configuration.values(of: key).map { Self.canonical($0, of: key) }
      return values == standards[key].map { [$0] } || (values == ["false"] && K3sConfigKeys.isFlag(key)) ? nil : values
    }
    func isSame(_ key: String) -> Bool {
      guard let before = values(key, of: present), let after = values(key, of: wanted) else {
        return values(key, of: present) == nil && values(key, of: wanted) == nil
      }
      if key == "server" { return before == after || before.allSatisfy { Self.isServer($0, among: servers) } }
      return before.count == after.count && zip(before, after).allSatisfy { K3sHidden.isSame($0, as: $1) }
    }
    let settled: Set<String> = role == .server && isLiving ? ["cluster-init"] : []
    differing = wanted.keys.filter { !Self.apart.contains($0) && !settled.contains($0) && !isSame($0) }
    let expressed = present.keys.filter { key in
      if Self.apart.contains(key) || settled.contains(key) || wanted.keys.contains(key) { return true }
      if values(key, of: present) == nil { return true }
      return role == .server && isLiving && key == "server"
        && (values(key, of: present) ?? []).allSatisfy { Self.isServer($0, among: servers) }
    }
    unexpressed = present.without(Set(expressed))
  }

  /// Whether a key says what k3s would do without it.
  package static func isStandard(_ key: String, _ configuration: K3sConfiguration) -> Bool {
    let values = configuration.values(of: key).map { canonical($0, of: key) }
    return values == standards[key].map { [$0] } || (values == ["false"] && K3sConfigKeys.isFlag(key))
  }

  package var isEmpty: Bool { differing.isEmpty && unexpressed.keys.isEmpty }

  private static func isServer(_ url: String, among servers: [String]) -> Bool {
    func plain(_ url: String) -> String { (url.hasSuffix("/") ? String(url.dropLast()) : url).lowercased() }
    return servers.contains { plain($0) == plain(url) }
  }

  /// What k3s takes where a key is missing. Flags are false.
  private static let standards = [
    "cluster-cidr": "10.42.0.0/16", "service-cidr": "10.43.0.0/16", "cluster-dns": "10.43.0.10",
    "cluster-domain": "cluster.local", "flannel-backend": "vxlan", "data-dir": K3sPaths.data,
    "write-kubeconfig": "/etc/rancher/k3s/k3s.yaml", "write-kubeconfig-mode": "0600",
    "etcd-snapshot-schedule-cron": "0 */12 * * *", "etcd-snapshot-retention": "5",
    "etcd-snapshot-dir": K3sPaths.data + "/server/db/snapshots", "config": K3sPaths.config,
    "private-registry": K3sPaths.registries,
  ]

  /// Of these the first counts for more: the family of the addresses.
  private static let ordered: Set<String> = [
    "cluster-cidr", "service-cidr", "cluster-dns", "node-ip", "node-external-ip",
  ]

  private static func canonical(_ values: [String], of key: String) -> [String] {
    if K3sConfigKeys.isFlag(key) { return values.suffix(1).map { isTrue($0) ? "true" : "false" } }
    if key == "write-kubeconfig-mode" { return values.map { $0.count == 3 ? "0" + $0 : $0 } }
    if key == "node-name" { return values.map { $0.lowercased() } }
    guard K3sConfigKeys.isList(key), !ordered.contains(key) else { return values }
    return Set(values).sorted()
  }

  /// As Go reads a boolean flag, and as YAML 1.1 does.
  static func isTrue(_ text: String) -> Bool { ["true", "t", "1", "yes", "on", "y"].contains(text.lowercased()) }
}
