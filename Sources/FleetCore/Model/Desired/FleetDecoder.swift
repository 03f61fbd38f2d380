import YAMLSource

/// Files of a state repository -> the fleet, or everything that is wrong with them.
package enum FleetDecoder {
  /// The fleet is `nil` exactly when there are diagnostics.
  package static func decode(_ files: [InventoryFile]) -> (fleet: Fleet?, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let documents = InventoryDocument.read(files, &diagnostics)
    reportDuplicates(in: documents, &diagnostics)
    let fleets = documents.filter { $0.kind == "Fleet" }
    guard let document = fleets.first else {
      if diagnostics.isEmpty {
        diagnostics.report(
          at: nil,
          "no Fleet document: one file of inventory/ must hold \"kind: Fleet\"",
          hint: files.isEmpty ? "found no YAML file below inventory/" : "looked into \(files.count) files"
        )
      }
      return (nil, diagnostics)
    }
    for extra in fleets.dropFirst() {
      diagnostics.report(at: extra.mark, "a second Fleet; the first is in \(document.mark)")
    }
    let fleet = fleet(document, documents, &diagnostics)
    return (diagnostics.isEmpty ? fleet : nil, diagnostics)
  }

  /// Where the manifests are, in an inventory that need not be valid: their mistakes are told in the same run.
  package static func manifestSettings(in files: [InventoryFile]) -> ManifestSettings {
    var ignored = Diagnostics()
    let document = InventoryDocument.read(files, &ignored).first { $0.kind == "Fleet" }
    let path = document?.spec.mapping?["manifests"]?.mapping?["path"]?.string
    guard let path, TextRule.repositoryPath.problem(with: path) == nil else { return ManifestSettings() }
    return ManifestSettings(path: path)
  }

  private static func fleet(
    _ document: InventoryDocument,
    _ documents: [InventoryDocument],
    _ diagnostics: inout Diagnostics
  ) -> Fleet {
    let servers = documents.filter { $0.kind == "Node" && $0.spec.mapping?["role"]?.string == "server" }
    let k3s = K3sSettings(
      decoding: document.spec.mapping?["k3s"],
      servers: servers.sorted { $0.name < $1.name }.compactMap { $0.spec.mapping?["address"]?.string },
      &diagnostics
    )
    let profiles = documents.filter { $0.kind == "Profile" }
    let composer = NodeComposer(fleet: document, k3s: k3s, profiles: profiles)
    let nodes = documents.filter { $0.kind == "Node" }.sorted { $0.name < $1.name }
    let specs = nodes.compactMap { composer.compose($0, &diagnostics) }
    reportSharedAddresses(among: nodes, port: document.spec.mapping?["ssh"]?.mapping?["port"]?.int, &diagnostics)
    reportServers(of: specs, k3s, &diagnostics)
    reportSharedBoards(among: specs, &diagnostics)
    let rollout = RolloutSettings(decoding: document.spec.mapping?["rollout"], &diagnostics)
    return Fleet(
      name: document.name,
      k3s: k3s,
      rollout: rollout,
      manifests: ManifestSettings(decoding: document.spec.mapping?["manifests"]),
      reprovisionTarget: document.spec.mapping?["reprovision"]?.mapping?["target"]?.string
        .flatMap(DurationText.parse) ?? .seconds(3600),
      nodes: specs,
      mode: document.spec.mapping?["mode"]?.string.flatMap(Mode.init) ?? .enforce,
      document: document.spec,
      reserved: reserved(in: documents)
    )
  }

  private static func reportDuplicates(in documents: [InventoryDocument], _ diagnostics: inout Diagnostics) {
    var seen: [String: YAMLMark] = [:]
    for document in documents where document.kind != "Fleet" {
      if let first = seen.updateValue(document.nameMark, forKey: "\(document.kind) \(document.name)") {
        diagnostics.report(
          at: document.nameMark,
          "a second \(document.kind) \"\(document.name)\"; the first is in \(first)"
        )
      }
    }
  }

  /// Two nodes may share an address when their ports differ: a router forwards them.
  private static func reportSharedAddresses(
    among nodes: [InventoryDocument],
    port common: Int64?,
    _ diagnostics: inout Diagnostics
  ) {
    var seen: [String: (name: String, mark: YAMLMark)] = [:]
    for node in nodes {
      guard let address = node.spec.mapping?["address"], let text = address.string else { continue }
      let port = node.spec.mapping?["ssh"]?.mapping?["port"]?.int ?? common ?? 22
      if let first = seen.updateValue((node.name, address.mark), forKey: "\(text.lowercased()) \(port)") {
        diagnostics.report(
          at: address.mark,
          "Node.spec.address: \(text) is the address of \(first.name) too, in \(first.mark)"
        )
      }
    }
  }

  /// One board is one node.
  private static func reportSharedBoards(among nodes: [NodeSpec], _ diagnostics: inout Diagnostics) {
    var seen: [String: NodeSpec] = [:]
    for node in nodes {
      guard let serial = node.serial, let first = seen.updateValue(node, forKey: serial) else { continue }
      diagnostics.report(
        at: node.mark,
        "Node.spec.serial: \(node.name) is the board \(serial), which is \(first.name) too, in \(first.mark)"
      )
    }
  }

  private static func reportServers(of nodes: [NodeSpec], _ k3s: K3sSettings?, _ diagnostics: inout Diagnostics) {
    guard let k3s else { return }
    let servers = nodes.filter { $0.role == .server }
    if servers.isEmpty, nodes.contains(where: { $0.role == .agent }) {
      diagnostics.report(at: k3s.mark, "the fleet has agents and no server", hint: "give one Node role: server")
    }
    if k3s.datastore == .sqlite, let second = servers.dropFirst().first {
      diagnostics.report(
        at: second.mark,
        "\(second.name) is a second server, and with datastore: sqlite a cluster has one",
        hint: "write spec.k3s.datastore: etcd in the Fleet"
      )
    }
    CriticalSettings.report(servers, &diagnostics)
  }

  /// Dotted paths of what is written but not acted on yet.
  private static func reserved(in documents: [InventoryDocument]) -> [String] {
    var paths: Set<String> = []
    for document in documents {
      let fields = document.kind == "Fleet" ? DocumentSchema.fleet : DocumentSchema.node
      collectReserved(document.spec, fields, "\(document.kind).spec", &paths)
    }
    return paths.sorted()
  }

  private static func collectReserved(_ node: YAMLNode, _ fields: [Field], _ path: String, _ paths: inout Set<String>) {
    for entry in node.mapping?.entries ?? [] {
      guard let field = fields.first(where: { $0.name == entry.key }) else { continue }
      if field.isReserved { paths.insert("\(path).\(field.name)") }
      if case .object(let inner) = field.schema { collectReserved(entry.value, inner, "\(path).\(field.name)", &paths) }
    }
  }
}
