package import YAMLSource

/// k3s on one node: the release, its configuration, its unit, and that it runs.
///
/// The binary, the files and the restart are one change set: a node that is not its turn keeps its old configuration,
/// and a bad one stops the roll-out at the first node that reads it.
package struct K3s: Resource {
  package static let kind = ResourceKind("k3s")
  package static let field: Field? = Field(
    "k3s",
    .object([
      Field("config", .freeForm, "k3s' own keys, laid over those of the Fleet: maps merge, lists replace."),
      Field(
        "environment", K3sEnvironment.schema, "Variables of k3s' unit, laid over those of the Fleet: a proxy, say."),
    ]),
    "What this node's k3s is told beyond the Fleet's spec.k3s."
  )

  package let role: Role
  package let version: K3sVersion
  package let datastore: K3sSettings.Datastore
  /// All of config.yaml; whom to join is the cluster's to say: see `placed`.
  package private(set) var configuration: K3sConfiguration
  /// The node's name, and the cluster's token.
  package let name: String
  package let token: SecretReference
  /// URLs of all servers of the fleet: a node may point at any of them.
  package let servers: [String]
  /// What joining nodes point at, where the inventory says so.
  package let endpoint: String?
  /// registries.yaml as the inventory has it; `nil`: it is not managed.
  package let registries: YAMLNode?
  /// Variables of the unit: a mapping to values or `{secret: NAME}`.
  package let environment: YAMLNode?
  /// In the order in which they are written: what config.yaml names comes before it.
  package private(set) var files: [ManagedFile]
  /// How long a start may take until the unit is active.
  package let startTimeout: Duration

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> K3s? {
    // A profile of all nodes may hold k3s' keys and reach a node without a role: nothing of it is wanted there.
    guard let role = scope.role, let settings = scope.k3s else { return nil }
    let own = entry?.mapping?["config"]
    let common = settings.config(for: role)
    let config =
      switch (common, own) {
      case (let common?, let own?): Schema.freeForm.merge(common, own) { _ in }
      default: own ?? common
      }
    K3sConfigCheck.check(config, for: role, &diagnostics)
    if let registries = settings.registries {
      K3sRegistries.schema.validate(registries, at: "Fleet.spec.k3s.registries", into: &diagnostics)
    }
    let environment =
      switch (settings.environment, entry?.mapping?["environment"]) {
      case (let common?, let own?): K3sEnvironment.schema.merge(common, own) { _ in }
      case (let common, let own): own ?? common
      }
    K3sEnvironment.check(environment, &diagnostics)
    return K3s(role, settings, scope: scope, config: config, environment: environment)
  }

  private init(
    _ role: Role,
    _ settings: K3sSettings,
    scope: NodeScope,
    config: YAMLNode?,
    environment: YAMLNode?
  ) {
    self.role = role
    name = scope.name
    token = settings.token
    servers = settings.servers
    endpoint = settings.givenEndpoint
    registries = settings.registries
    self.environment = environment
    version = settings.version
    datastore = settings.datastore
    let configuration = K3sConfiguration(config?.mapping == nil ? K3sYAML.empty : config ?? K3sYAML.empty)
      .overlaid(with: Self.owned(by: role, settings, scope: scope))
    self.configuration = configuration
    let unit = UnitName.complete(role.unit)
    func file(_ path: String, _ content: Content, mode: String = "0600") -> ManagedFile {
      ManagedFile(kind: Self.kind, path: path, content: content, mode: mode, notify: [unit], mark: settings.mark)
    }
    var files = [file(K3sPaths.token, Content(secret: settings.token))]
    if let registries = settings.registries {
      files.append(file(K3sPaths.registries, K3sRegistries.content(of: registries)))
    }
    files.append(file(K3sPaths.config, Content(configuration.text)))
    files.append(file(K3sPaths.environment(for: role), K3sUnitFile.environment(for: role, environment)))
    files.append(file(K3sPaths.unit(for: role), Content(K3sUnitFile.text(for: role)), mode: "0644"))
    self.files = files
    startTimeout = settings.startTimeout
  }

  /// The keys that nobody else may write: `K3sConfigKeys.replaced`.
  private static func owned(by role: Role, _ settings: K3sSettings, scope: NodeScope) -> K3sConfiguration {
    func entry(_ key: String, _ value: YAMLNode) -> YAMLMapping.Entry {
      .init(key: key, keyNode: K3sConfiguration.scalar(key), value: value)
    }
    var entries = [
      entry("node-name", K3sConfiguration.scalar(scope.name)),
      entry("token-file", K3sConfiguration.scalar(K3sPaths.token)),
    ]
    let labels = registered(scope.kubernetesLabels)
    if !labels.isEmpty { entries.append(entry("node-label", K3sConfiguration.list(labels))) }
    if !scope.kubernetesTaints.isEmpty {
      entries.append(entry("node-taint", K3sConfiguration.list(scope.kubernetesTaints)))
    }
    switch role {
    case .server where settings.datastore == .etcd:
      entries.append(entry("cluster-init", YAMLNode(.scalar(.bool(true)), mark: K3sYAML.mark)))
    case .server: break
    case .agent: entries.append(entry("server", K3sConfiguration.scalar(settings.endpoint)))
    }
    return K3sConfiguration(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: settings.mark))
  }

  /// The same with another configuration, and the token in another form.
  func with(_ configuration: K3sConfiguration, token: Content?) -> K3s {
    var other = self
    other.configuration = configuration
    other.files = files.compactMap { file in
      switch file.path {
      case K3sPaths.config: file.holding(Content(configuration.text))
      case K3sPaths.token: token.map(file.holding)
      default: file
      }
    }
    return other
  }

  /// With its suffix.
  package var unit: String { UnitName.complete(role.unit) }

  package var claims: [PathClaim] {
    files.map { PathClaim($0.path, at: nil) } + [PathClaim(K3sPaths.binary, at: nil)]
  }
  package var declared: [String] { [role.unit, K3sPaths.binary] + files.map(\.path) }
  package var secrets: [SecretReference] { files.flatMap(\.content.secrets) }

  package static let leadingProbeLines = 1

  /// Line 1: the unit, and the unit of the other role. Then the files, as the `file` kind's lines: of YAML the text is
  /// sent, secrets hidden; of a unit that is not fleetd's it comes by itself.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    let other = role == .server ? Role.agent : Role.server
    return [[unit, UnitName.complete(other.unit)]]
      + files.map { file in
        let digest = file.content.digest(with: vault) ?? "unknown"
        return [digest, Self.isYAML(file.path) ? Self.kind.name : "secret", file.path]
      }
  }

  /// What to ask a node of which nothing is wanted yet: what k3s is there, whoever set it up. See `K3sAdoption`.
  package static let adoptionRequest = ProbeRequest(
    kind,
    [["-", "-"], ["unknown", kind.name, K3sPaths.config]]
  )

  private static func isYAML(_ path: String) -> Bool { path == K3sPaths.config || path == K3sPaths.registries }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> K3sObservation {
    try K3sObservation(section)
  }
}
