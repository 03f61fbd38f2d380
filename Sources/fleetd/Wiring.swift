import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import NIOCore
import SSHClient

/// Puts a pass together: keys, known hosts, secrets, links.
struct Wiring {
  let configuration: ControlNodeConfiguration
  let group: any EventLoopGroup

  func pass(
    over fleet: Fleet, revision: Revision, selection: NodeSelection, past: ClusterPast = .none,
    holder: String? = nil, objects: ObjectsPass? = nil, rotatingTo next: Secret? = nil, daemon: Daemon? = nil,
    looksOnly: Bool = false, progress: @escaping ProgressSink
  ) async throws -> FleetPass {
    let tokens = TokenStore(state, of: fleet.name)
    let secrets = try await vault(of: fleet.nodes.flatMap(\.secrets))
    let token: ClusterToken
    if let next {
      token = ClusterToken(of: fleet, secrets, tokens, rotatingTo: next)
    } else if configuration.access == .check {
      token = ClusterToken(of: fleet, secrets, tokens, isGiven: ())
    } else {
      token = try ClusterToken(of: fleet, secrets, tokens)
    }
    let fresh = try links(to: fleet.nodes, token.vault, looksOnly: looksOnly)
    let links = await daemon?.links.reusing(fresh, to: fleet.nodes) ?? fresh
    let holds = try daemon?.holds ?? self.holds(of: fleet.name)
    var past = past
    past.isRotatingToken = next != nil || token.isBeingRotatedTo
    return FleetPass(
      fleet: fleet, revision: revision, selection: selection,
      links: Dictionary(links.map { ($0.node, $0) }) { first, _ in first },
      vault: token.vault, artifacts: artifacts, state: state, token: token, past: past, holder: holder,
      objects: objects, hooks: configuration.hooks,
      environment: ["PATH", "HOME"].environment, access: configuration.access,
      holds: holds, stop: daemon?.stop ?? StopFlag(),
      now: { Int(time(nil)) }, progress: progress)
  }

  /// The pauses that a person ordered.
  private func holds(of fleet: String) throws -> FleetPass.Holds {
    let pauses = try PauseStore(state, of: fleet).read()
    return { pauses.holds(at: $0) }
  }

  /// What the daemon's passes have beyond a single run's.
  struct Daemon: Sendable {
    let links: LinkCache
    let holds: FleetPass.Holds
    let stop: StopFlag
  }

  /// One secret that the configuration defines; `nil`: it does not.
  func secret(_ reference: SecretReference) async throws -> Secret? { try await vault(of: [reference])[reference] }

  /// As the configuration defines it; `nil`: sudo must not ask for one.
  func sudoPassword() async throws -> Secret? { try sudoPassword(in: await vault(of: [])) }

  private func sudoPassword(in vault: SecretVault) throws -> Secret? {
    guard let reference = configuration.sudoPassword, let password = vault[reference] else { return nil }
    guard Elevation.accepts(password: password) else {
      throw RunFailure("the secret \(reference.name) is no password for sudo: it has several lines, or over 512 bytes")
    }
    return password
  }

  /// The ways to these nodes and nothing else: no secret of theirs is read. In the order of the nodes.
  func links(to nodes: [NodeSpec]) async throws -> [NodeLink] { try links(to: nodes, await vault(of: [])) }

  /// - Parameter looksOnly: whether a key that may only look is enough.
  private func links(to nodes: [NodeSpec], _ vault: SecretVault, looksOnly: Bool = false) throws -> [NodeLink] {
    guard configuration.access == .full || looksOnly else {
      throw RunFailure(
        "the keys of this configuration may only look (ssh.access: check)",
        next: "fleetd --check; everything else is for the control node")
    }
    let isCheck = configuration.access == .check
    let sudoPassword = isCheck ? nil : try sudoPassword(in: vault)
    let files = ControlNodeFiles(configuration)
    let identities = try files.identities(vault)
    // Read only when some node has no pinned key.
    let knownHosts = try nodes.contains { $0.hostKeys.isEmpty } ? files.knownHosts() : nil
    return try nodes.map { node in
      let policy = try hostKeyPolicy(of: node, knownHosts)
      return NodeLink(
        to: isCheck ? node.entered(by: CheckAccess.account) : node, sudoPassword: sudoPassword,
        configuration: SSHConfiguration(
          hostKeys: policy, identities: identities, jump: try files.jump(to: node, identities)),
        on: group)
    }
  }

  /// These secrets, and those with which nodes are entered.
  private func vault(of secrets: [SecretReference]) async throws -> SecretVault {
    try await SecretReader.read(
      secrets + configuration.loginSecrets, from: configuration,
      environment: Self.environment(configuration))
  }

  /// What to log in with where no link is made; passphrases that are secrets are read.
  func identities() async throws -> [SSHIdentity] {
    let vault = try await vault(of: [])
    return try ControlNodeFiles(configuration).identities(vault)
  }

  /// What secrets may be read from: only the variables that the configuration names.
  static func environment(_ configuration: ControlNodeConfiguration) -> [String: String] {
    ["CREDENTIALS_DIRECTORY"].environment
      .merging(configuration.secrets.values.compactMap(\.variable).environment) { first, _ in first }
  }

  private func hostKeyPolicy(of node: NodeSpec, _ knownHosts: SSHKnownHosts?) throws -> SSHHostKeyPolicy {
    guard node.hostKeys.isEmpty else {
      return .pinned(try node.hostKeys.map { try SSHPublicKey(authorizedKeysLine: $0) })
    }
    return knownHosts.map { .knownHosts($0) } ?? .pinned([])
  }

  var artifacts: ArtifactStore { ArtifactStore(cache: cacheDirectory) }

  /// What this control node keeps between runs.
  var state: ControlNodeState { ControlNodeState(at: StateDirectory.path(configuration)) }

  private var home: String { Console.variable("HOME") ?? "/root" }

  private var cacheDirectory: String {
    Console.variable("CACHE_DIRECTORY") ?? Console.variable("XDG_CACHE_HOME").map { "\($0)/fleetd" }
      ?? "\(home)/.cache/fleetd"
  }
}

extension SecretSource {
  fileprivate var variable: String? {
    if case .environment(let name) = self { name } else { nil }
  }
}

extension Sequence<String> {
  /// The values of these environment variables.
  fileprivate var environment: [String: String] {
    var values: [String: String] = [:]
    for name in self { values[name] = Console.variable(name) }
    return values
  }
}
