import YAMLSource

/// What the hosts' k3s make together: the Fleet's part, and each node's.
///
/// A k3s that the inventory cannot express, or that is not of this cluster, is left out with the reason: fleetd then
/// leaves that node's k3s alone.
struct AdoptedCluster: Sendable {
  /// What one node says of its k3s.
  struct Member: Sendable {
    let role: Role
    let settings: [AdoptedSetting]
    let labels: [String: String]
    let taints: [String]
  }

  /// A secret of a node that the inventory names.
  struct NamedSecret: Sendable {
    let name: String
    let digest: String
    /// The position of the host that has it.
    let host: Int
  }

  /// The secret that stands for the cluster's token.
  static let tokenName = "k3s-token"

  /// The inside of `Fleet.spec.k3s`; empty: there is no cluster.
  let fleet: [YAMLDraft.Part]
  /// In the order of the hosts; `nil`: no k3s, or left out.
  let members: [Member?]
  /// Why a host's k3s is left out, in the order of the hosts.
  let reasons: [[String]]
  let secrets: [NamedSecret]

  /// - Parameters:
  ///   - names: those that the nodes get.
  ///   - source: where releases are to come from, which no node tells.
  init(_ hosts: [AdoptedHost], names: [String], source: K3sSource) {
    let k3s = hosts.map(\.observation.k3s)
    var reasons = zip(k3s, names).map { $0.hindrances(as: $1) }
    let server = Self.chooseServer(hosts, k3s, &reasons)
    if let server { Self.compare(hosts, with: server, &reasons) }
    let included = k3s.indices.map { server != nil && k3s[$0].role != nil && reasons[$0].isEmpty }
    let secrets = Self.secrets(k3s, included, server: server)

    let agents = k3s.indices.filter { included[$0] && k3s[$0].role == .agent }
    let shared = AdoptedSetting.shared(agents.map { Self.settings(k3s[$0].common, below: ["k3s", "config"]) })
    let all = k3s.indices.filter { included[$0] }
    let variables = AdoptedSetting.shared(
      all.map { Self.settings(k3s[$0].environment, below: ["k3s", "environment"]) })
    members = k3s.indices.map { index in
      guard let place = all.firstIndex(of: index), let role = k3s[index].role else { return nil }
      let rest = agents.firstIndex(of: index).map { shared.own[$0] } ?? []
      return Member(
        role: role,
        settings: variables.own[place] + rest + Self.settings(k3s[index].own, below: ["k3s", "config"]),
        labels: k3s[index].labels,
        taints: k3s[index].taints
      )
    }
    fleet = server.map { Self.fleet(hosts, server: $0, shared.common + variables.common, source) } ?? []
    self.reasons = reasons
    self.secrets = secrets
  }

  /// The server that agents join; of several, which this version does not converge, one.
  private static func chooseServer(
    _ hosts: [AdoptedHost],
    _ k3s: [K3sAdoption],
    _ reasons: inout [[String]]
  ) -> Int? {
    let servers = k3s.indices.filter { k3s[$0].role == .server && reasons[$0].isEmpty }
    let joined = Set(k3s.compactMap(\.joinedAt))
    guard let server = servers.first(where: { joined.contains(hosts[$0].defaultEndpoint) }) ?? servers.first else {
      for index in k3s.indices where k3s[index].role == .agent && reasons[index].isEmpty {
        reasons[index].append("no server that can be taken over is among the hosts: name its server in --from too")
      }
      return nil
    }
    for other in servers where other != server {
      reasons[other].append(
        "a second server beside \(hosts[server].target): this version of fleetd converges one server and its agents"
      )
    }
    return server
  }

  /// Leaves out what is not of the server's cluster, or could be in sync only after a change.
  private static func compare(_ hosts: [AdoptedHost], with server: Int, _ reasons: inout [[String]]) {
    let first = hosts[server].observation.k3s
    let accepted = Set([endpoint(of: hosts), hosts[server].defaultEndpoint].compactMap { $0 })
    for (index, host) in hosts.enumerated() where index != server && reasons[index].isEmpty {
      let k3s = host.observation.k3s
      guard k3s.role == .agent else { continue }
      if let version = k3s.version, let wanted = first.version, version != wanted {
        reasons[index].append("it runs \(version), and the server \(wanted): with a role, a check plans its change")
      }
      if k3s.tokenDigest != first.tokenDigest { reasons[index].append("its token is not the server's") }
      if !isSame(k3s.registries, first.registries) {
        reasons[index].append("its \(K3sPaths.registries) is not the server's, and a fleet has one for all")
      }
      if let joined = k3s.joinedAt, !accepted.contains(joined) {
        reasons[index].append("it joined at \(joined), others did at \(accepted.sorted().joined(separator: ", "))")
      }
    }
    for name in Set(hosts.flatMap { $0.observation.k3s.secrets.map(\.name) }) {
      let holders = hosts.indices.filter { index in hosts[index].observation.k3s.secrets.contains { $0.name == name } }
      let digests = Set(hosts.flatMap(\.observation.k3s.secrets).filter { $0.name == name }.map(\.digest))
      guard digests.count > 1 else { continue }
      for index in holders { reasons[index].append("its secret \(name) is not that of other hosts") }
    }
  }

  /// Where most agents joined; `nil`: there are none.
  private static func endpoint(of hosts: [AdoptedHost]) -> String? {
    let endpoints = hosts.map(\.observation.k3s).filter { $0.role == .agent }.compactMap(\.joinedAt)
    let counts = Dictionary(endpoints.map { ($0, 1) }, uniquingKeysWith: +)
    return endpoints.first { counts[$0] == counts.values.max() }
  }

  private static func secrets(_ k3s: [K3sAdoption], _ included: [Bool], server: Int?) -> [NamedSecret] {
    guard let server, let token = k3s[server].tokenDigest else { return [] }
    var secrets = [NamedSecret(name: tokenName, digest: token, host: server)]
    for index in k3s.indices where included[index] {
      for secret in k3s[index].secrets where !secrets.contains(where: { $0.name == secret.name }) {
        secrets.append(NamedSecret(name: secret.name, digest: secret.digest, host: index))
      }
    }
    return secrets
  }

  private static func fleet(
    _ hosts: [AdoptedHost],
    server: Int,
    _ shared: [AdoptedSetting],
    _ source: K3sSource
  ) -> [YAMLDraft.Part] {
    let k3s = hosts[server].observation.k3s
    var parts: [YAMLDraft.Part] = [
      .entry("version", .string(k3s.version?.description ?? "")),
      .comment("No node tells where releases come from; it is asked when one is to be installed."),
      .entry("source", .value(source.value)),
    ]
    if let datastore = k3s.datastore { parts.append(.entry("datastore", .string(datastore.rawValue))) }
    if let endpoint = endpoint(of: hosts), endpoint != hosts[server].defaultEndpoint {
      parts.append(.entry("endpoint", .string(endpoint)))
    }
    parts.append(.comment("The control node's configuration says where it is kept."))
    let token = AdoptedValue.mapping([("secret", AdoptedValue.string(tokenName))])
    parts.append(.entry("token", .value(token)))
    // Below `k3s.config` of a Node, and `k3s.config.agent` of the Fleet.
    let sharedHere = shared.map { setting in
      let isConfig = setting.path[1] == "config"
      return AdoptedSetting(
        isConfig ? ["config", "agent"] + setting.path.dropFirst(2) : Array(setting.path.dropFirst()), setting.value)
    }
    parts += AdoptedSetting.parts(settings(k3s.common, below: ["config", "server"]) + sharedHere)
    if let registries = k3s.registries { parts.append(.entry("registries", .value(registries))) }
    return parts
  }

  private static func settings(_ mapping: YAMLNode, below path: [String]) -> [AdoptedSetting] {
    (mapping.mapping?.entries ?? []).map { AdoptedSetting(path + [$0.key], $0.value) }
  }

  private static func isSame(_ one: YAMLNode?, _ other: YAMLNode?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.hasSameContent(as: other)
  }
}

extension K3sAdoption {
  /// Whether there is anything of k3s.
  var isPresent: Bool { role != nil || version != nil || !inexpressible.isEmpty }

  /// Why it cannot be taken over as the node `name`, whatever the other hosts are.
  fileprivate func hindrances(as name: String) -> [String] {
    var reasons = inexpressible
    guard role != nil else { return reasons }
    if version == nil { reasons.append("its release is not known") }
    if tokenDigest == nil { reasons.append("it has no token, or two that differ") }
    if let nodeName, nodeName != name {
      reasons.append("it is called \(nodeName) in the cluster, and the node \(name) in this inventory")
    }
    return reasons
  }

  /// Where an agent joined, in one spelling.
  fileprivate var joinedAt: String? {
    guard role == .agent, let endpoint else { return nil }
    return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
  }
}

extension AdoptedHost {
  /// Where agents join a server at this address, unless the Fleet says otherwise.
  fileprivate var defaultEndpoint: String {
    target.host.contains(":") ? "https://[\(target.host)]:6443" : "https://\(target.host):6443"
  }
}

extension K3sSource {
  /// Where k3s itself publishes its releases.
  package static let published = K3sSource.url("https://github.com/k3s-io/k3s/releases/download")

  fileprivate var value: YAMLNode {
    switch self {
    case .directory(let path): AdoptedValue.mapping([("directory", AdoptedValue.string(path))])
    case .url(let url): AdoptedValue.mapping([("url", AdoptedValue.string(url))])
    }
  }
}
