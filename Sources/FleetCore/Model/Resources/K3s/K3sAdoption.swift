package import YAMLSource

/// A k3s that runs on a node, in the inventory's words: what an inventory must say so that its first check finds the
/// node in sync.
package struct K3sAdoption: Sendable {
  /// A secret that was found on the node, by the name that the values here give it.
  package struct NamedSecret: Sendable, Hashable {
    package let name: String
    /// See `K3sHidden`: what `K3sTokenReader` looks for.
    package let digest: String
  }

  /// `nil`: there is no k3s, or it starts something else; then nothing else is told.
  package let role: Role?
  package let version: K3sVersion?
  /// Of a server.
  package let datastore: K3sSettings.Datastore?
  /// `server:` of the node; of an agent what it joined at.
  package let endpoint: String?
  /// `node-name`, when it is given: the Node must be called so. Otherwise it is called as the host.
  package let nodeName: String?
  /// k3s' own keys that may be the same on every node of the role: a mapping for `Fleet.spec.k3s.config.<role>`.
  package let common: YAMLNode
  /// Those that belong to this node: a mapping for `Node.spec.k3s.config`.
  package let own: YAMLNode
  /// `Fleet.spec.k3s.registries`, passwords as `{secret: NAME}`; `nil`: there is none.
  package let registries: YAMLNode?
  /// `Node.spec.kubernetes`.
  package let labels: [String: String]
  package let taints: [String]
  /// `k3s.environment`: a mapping, secret values as `{secret: NAME}`.
  package let environment: YAMLNode
  /// The digest of the cluster's token; `nil`: there is none, or two differ.
  package let tokenDigest: String?
  /// Every other secret that the values above name.
  package let secrets: [NamedSecret]
  /// Files of the node in which the token and the secrets stand.
  package let secretFiles: [String]
  /// What no inventory can say, each with what to do: the first check refuses the node until it is gone.
  package let inexpressible: [String]

  /// Keys that are about one machine.
  private static let ownKeys: Set<String> = [
    "node-ip", "node-external-ip", "node-internal-dns", "node-external-dns", "flannel-iface", "advertise-address",
    "advertise-port", "bind-address", "apiserver-bind-address", "resolv-conf", "vpn-auth-file",
  ]

  /// - Parameter observed: the answer to `K3s.adoptionRequest`.
  package static func read(from observed: K3sObservation) -> K3sAdoption { K3sAdoption(observed) }

  private init(_ observed: K3sObservation) {
    version = observed.installedVersion
    var problems: [String] = []
    if case .foreign(let said, _) = observed.binary { problems.append("\(K3sPaths.binary) is no k3s: it says \(said)") }
    if case .other(let what)? = observed.files[K3sPaths.config] { problems.append("\(K3sPaths.config) is \(what)") }
    if case .regular? = observed.files[K3sPaths.config], observed.configuration == nil, observed.foreignUnit != nil,
      !observed.withheld.contains(K3sPaths.config)
    {
      problems.append("\(K3sPaths.config) is no YAML that fleetd can read")
    }
    let foreign = observed.foreignUnit
    role = foreign?.role
    if let foreign, foreign.role == nil {
      problems.append("\(foreign.unit) starts \"\(foreign.command.prefix(200))\" and not \(K3sPaths.binary)")
    }
    if foreign == nil, observed.service.exists { problems.append("\(observed.unit) is fleetd's already") }
    let more = observed.alsoEnabled
    if !more.isEmpty { problems.append("k3s has several units: \(([observed.unit] + more).joined(separator: ", "))") }
    problems += (observed.withheld.sorted() + (foreign?.unreadable ?? [])).reduced().map {
      "\($0) cannot be read: it is no YAML, too large, or holds a secret in a form that cannot be hidden"
    }
    problems += (foreign?.overrides ?? []).map { "\($0) replaces ExecStart: remove it" }
    problems += Set(foreign?.unfamiliar ?? []).sorted().map {
      "\(foreign?.unit ?? "") says \($0), as install.sh's does not: move it to a drop-in of the unit, or remove it"
    }

    let file = observed.configuration ?? K3sConfiguration(K3sYAML.empty)
    let present = foreign?.effective(over: file) ?? file
    datastore = foreign?.role == .server ? observed.data.datastore : nil
    tokenDigest = foreign?.tokenDigest(in: present)
    endpoint = present.text(of: "server")
    nodeName = present.text(of: "node-name")
    labels = Dictionary((present.values(of: "node-label") ?? []).map(Self.label)) { _, last in last }
    taints = present.values(of: "node-taint") ?? []

    let handled: Set<String> = [
      "token", "token-file", "server", "node-name", "node-label", "node-taint", "cluster-init",
    ]
    let settings = present.without(handled).normalized
    let known = K3sConfigKeys.known(to: foreign?.role ?? .server)
    var expressed: [YAMLMapping.Entry] = []
    for entry in settings.node.mapping?.entries ?? [] {
      let path = "k3s is told \(entry.key)"
      let values = settings.values(of: entry.key) ?? []
      if K3sComparison.isStandard(entry.key, settings) {
        continue
      } else if let hint = K3sConfigKeys.replaced[entry.key] {
        problems.append("\(path): \(hint)")
      } else if known[entry.key] == nil {
        problems.append("\(path), which k3s \(foreign?.role?.rawValue ?? "server") does not know")
      } else if values.contains(where: K3sHidden.isHidden) {
        problems.append("\(path) with a secret in it: put it into a file of its own, and use k3s' key for that file")
      } else {
        expressed.append(entry)
      }
    }
    func mapping(_ entries: [YAMLMapping.Entry]) -> YAMLNode {
      YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: K3sYAML.mark)
    }
    common = mapping(expressed.filter { !Self.ownKeys.contains($0.key) })
    own = mapping(expressed.filter { Self.ownKeys.contains($0.key) })

    let registries = observed.registries.flatMap {
      $0.mapping?.entries.isEmpty == false ? K3sRegistries.named($0) : nil
    }
    self.registries = registries?.node
    if let node = registries?.node {
      var diagnostics = Diagnostics()
      K3sRegistries.schema.validate(node, at: K3sPaths.registries, into: &diagnostics)
      problems += diagnostics.all.map(\.problem)
    }
    var secrets = (registries?.digests ?? [:]).map { NamedSecret(name: $0.key, digest: $0.value) }
    let variables = foreign?.environment ?? []
    environment = Self.mapping(of: variables)
    secrets += variables.compactMap { variable in
      K3sHidden.digest(in: variable.value).map { NamedSecret(name: K3sHidden.secretName(variable.name), digest: $0) }
    }
    self.secrets = secrets.sorted { $0.name < $1.name }
    secretFiles = observed.secretFiles
    inexpressible = problems
  }

  /// `key=value`, as `key: value`.
  private static func label(_ text: String) -> (String, String) {
    let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return (halves[0], halves.count == 2 ? halves[1] : "")
  }

  private static func mapping(of variables: [K3sForeignUnit.Variable]) -> YAMLNode {
    let entries = variables.map { variable in
      var value = K3sConfiguration.scalar(variable.value)
      if K3sHidden.digest(in: variable.value) != nil {
        let name = K3sConfiguration.scalar(K3sHidden.secretName(variable.name))
        value = YAMLNode(
          .mapping(YAMLMapping(entries: [.init(key: "secret", keyNode: name, value: name)])),
          mark: K3sYAML.mark
        )
      }
      return YAMLMapping.Entry(key: variable.name, keyNode: K3sConfiguration.scalar(variable.name), value: value)
    }
    return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: K3sYAML.mark)
  }
}

// What a refusal tells to write.
extension K3sAdoption {
  static func onOneLine(_ variables: [K3sForeignUnit.Variable]) -> String { K3sYAML.oneLine(mapping(of: variables)) }

  static func labelsOnOneLine(_ configuration: K3sConfiguration) -> String {
    let entries = (configuration.values(of: "node-label") ?? []).map(label).map { key, value in
      YAMLMapping.Entry(key: key, keyNode: K3sConfiguration.scalar(key), value: K3sConfiguration.scalar(value))
    }
    return K3sYAML.oneLine(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: K3sYAML.mark))
  }

  static func taintsOnOneLine(_ configuration: K3sConfiguration) -> String {
    K3sYAML.oneLine(K3sConfiguration.list(configuration.values(of: "node-taint") ?? []))
  }
}

extension [String] {
  /// Each once, in order.
  fileprivate func reduced() -> [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
