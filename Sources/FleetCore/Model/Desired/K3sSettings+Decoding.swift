import YAMLSource

extension K3sSettings {
  /// `nil` when the fleet has none, or when something is missing that was reported already.
  ///
  /// - Parameter servers: addresses of the fleet's servers. Agents join at the first unless an endpoint is given.
  init?(decoding node: YAMLNode?, servers: [String], _ diagnostics: inout Diagnostics) {
    guard let node, let entries = node.mapping else { return nil }
    guard let version = entries["version"]?.string.flatMap({ K3sVersion($0) }),
      let source = K3sSource(decoding: entries["source"], &diagnostics)
    else { return nil }
    self.init(
      version: version,
      source: source,
      datastore: entries["datastore"]?.string.flatMap(Datastore.init(rawValue:)) ?? .etcd,
      endpoint: entries["endpoint"]?.string ?? Self.endpoint(at: servers.first ?? ""),
      servers: servers.map(Self.endpoint),
      token: entries["token"]?.mapping?["secret"]?.string.map(SecretReference.init) ?? K3sToken.own,
      serverConfig: entries["config"]?.mapping?["server"],
      agentConfig: entries["config"]?.mapping?["agent"],
      registries: entries["registries"],
      environment: entries["environment"],
      startTimeout: entries["startTimeout"]?.string.flatMap(DurationText.parse) ?? .seconds(300),
      mark: node.mark
    )
    givesAirgapImages = entries["airgapImages"]?.bool ?? false
    isEndpointGiven = entries["endpoint"]?.string != nil
  }

  /// An IPv6 address stands in brackets.
  private static func endpoint(at address: String) -> String {
    address.contains(":") ? "https://[\(address)]:6443" : "https://\(address):6443"
  }
}

extension K3sSource {
  init?(decoding node: YAMLNode?, _ diagnostics: inout Diagnostics) {
    guard let node, let entries = node.mapping else { return nil }
    switch (entries["url"]?.string, entries["directory"]?.string) {
    case (let url?, nil): self = .url(url.hasSuffix("/") ? String(url.dropLast()) : url)
    case (nil, let directory?): self = .directory(directory)
    default:
      diagnostics.report(at: node.mark, "Fleet.spec.k3s.source: give a url or a directory, one of them")
      return nil
    }
  }
}
