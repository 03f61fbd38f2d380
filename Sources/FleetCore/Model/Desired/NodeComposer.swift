import YAMLSource

/// Lays the layers of one node over each other, and decodes the result.
///
/// Fleet, its profiles and the node's profiles, then the node. Profiles have equal rank: two that give one value
/// differently are reported, unless the node settles it.
struct NodeComposer {
  private let fleet: InventoryDocument
  private let k3s: K3sSettings?
  private let profiles: [String: InventoryDocument]

  init(fleet: InventoryDocument, k3s: K3sSettings?, profiles: [InventoryDocument]) {
    self.fleet = fleet
    self.k3s = k3s
    self.profiles = Dictionary(profiles.map { ($0.name, $0) }) { first, _ in first }
  }

  func compose(_ node: InventoryDocument, _ diagnostics: inout Diagnostics) -> NodeSpec? {
    let merged = merge(node, &diagnostics)
    guard let entries = merged.mapping, let address = entries["address"]?.string else { return nil }
    let role = entries["role"]?.string.flatMap(Role.init(rawValue:))
    let architecture = entries["arch"]?.string.flatMap(Architecture.init(rawValue:)) ?? .arm64
    let ssh = sshSettings(entries["ssh"])
    if let roleNode = entries["role"], fleet.spec.mapping?["k3s"] == nil {
      diagnostics.report(
        at: roleNode.mark,
        "Node.spec.role: the fleet has no k3s",
        hint: "add spec.k3s to the Fleet, or leave the role out"
      )
    }
    let kubernetes = entries["kubernetes"]?.mapping
    let scope = NodeScope(
      name: node.name,
      fleet: fleet.name,
      role: role,
      architecture: architecture,
      account: ssh.user,
      declaredHome: entries["users"]?.mapping?[ssh.user]?.mapping?["home"]?.string,
      k3s: k3s,
      kubernetesLabels: (kubernetes?["labels"]?.mapping?.entries ?? []).map { "\($0.key)=\($0.value.string ?? "")" }
        .sorted(),
      kubernetesTaints: kubernetes?["taints"]?.sequence?.compactMap(\.string) ?? [],
      mark: node.mark,
      serial: entries["serial"]?.string?.lowercased(),
      checkKeys: fleet.spec.mapping?["checkAccess"]?.mapping?["keys"]?.sequence?.compactMap(\.string) ?? []
    )
    var resources = ResourceRegistry.kinds.compactMap { kind -> (any Resource)? in
      kind.decode(entries[kind.key], in: scope, &diagnostics)
    }
    RequiredPackages.add(to: &resources, of: node, &diagnostics)
    PathClaims.report(resources, in: entries, of: node, &diagnostics)
    Contradictions.report(resources, in: entries, of: node, &diagnostics)
    var spec = NodeSpec(
      name: node.name,
      labels: node.labels,
      address: address,
      ssh: ssh,
      hostKeys: entries["hostKeys"]?.sequence?.compactMap(\.string) ?? [],
      role: role,
      architecture: architecture,
      serial: scope.serial,
      resources: resources,
      mark: node.mark
    )
    let mode = entries["mode"] ?? fleet.spec.mapping?["mode"]
    spec.mode = mode?.string.flatMap(Mode.init) ?? .enforce
    spec.document = merged
    return spec
  }

  private func merge(_ node: InventoryDocument, _ diagnostics: inout Diagnostics) -> YAMLNode {
    let schema = Schema.object(DocumentSchema.node)
    var conflicts: [LayerConflict] = []
    var layers: YAMLNode?
    for layer in profileLayers(of: node, &diagnostics) {
      layers = layers.map { schema.merge($0, layer.spec) { conflicts.append($0) } } ?? layer.spec
    }
    for conflict in conflicts where !isSettled(conflict.path, by: node.spec) {
      diagnostics.report(
        at: conflict.second.mark,
        "spec.\(conflict.path.joined(separator: ".")): two profiles of \(node.name) disagree; the other value is in "
          + "\(conflict.first.mark)",
        hint: "give the value in the Node, or in one of the profiles only"
      )
    }
    return layers.map { schema.merge($0, node.spec) { _ in } } ?? node.spec
  }

  private func profileLayers(of node: InventoryDocument, _ diagnostics: inout Diagnostics) -> [InventoryDocument] {
    let names = (fleet.spec.mapping?["profiles"]?.sequence ?? []) + (node.spec.mapping?["profiles"]?.sequence ?? [])
    var layers: [InventoryDocument] = []
    for name in names {
      guard let text = name.string else { continue }
      guard let profile = profiles[text] else {
        diagnostics.report(
          at: name.mark,
          "there is no Profile \"\(text)\"",
          hint: Suggestion.hint(for: text, among: profiles.keys)
        )
        continue
      }
      if !layers.contains(where: { $0.name == text }) { layers.append(profile) }
    }
    return layers
  }

  /// Whether the node itself gives the value at `path`, or replaces something above it.
  private func isSettled(_ path: [String], by spec: YAMLNode) -> Bool {
    Schema.object(DocumentSchema.node).gives(path[...], in: spec)
  }

  private func sshSettings(_ node: YAMLNode?) -> SSHSettings {
    let common = fleet.spec.mapping?["ssh"]?.mapping
    let own = node?.mapping
    let user = own?["user"]?.string ?? common?["user"]?.string ?? "fleet"
    // As a whole: half a bastion of the node and half of the fleet's would be neither. `none` is no mapping.
    let jump = (own?["proxyJump"] ?? common?["proxyJump"])?.mapping
    return SSHSettings(
      user: user,
      port: Int(own?["port"]?.int ?? common?["port"]?.int ?? 22),
      proxyJump: jump.flatMap { proxyJump($0, user: user) }
    )
  }

  private func proxyJump(_ jump: YAMLMapping, user: String) -> ProxyJump? {
    guard let address = jump["address"]?.string else { return nil }
    return ProxyJump(
      address: address,
      user: jump["user"]?.string ?? user,
      port: Int(jump["port"]?.int ?? 22),
      hostKeys: jump["hostKeys"]?.sequence?.compactMap(\.string) ?? []
    )
  }
}
