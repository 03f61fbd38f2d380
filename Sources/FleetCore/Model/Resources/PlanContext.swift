/// What a kind may know when it plans: the node's facts, its other kinds, and what the kinds before it asked for.
package struct PlanContext: Sendable {
  package let node: NodeSpec
  package let facts: HostFacts
  package let vault: SecretVault
  /// What the control node knows of the wanted k3s release for this node's architecture.
  package let artifact: K3sArtifactState
  /// The same of its air-gap images.
  package var airgapImages = K3sArtifactState.notNeeded
  /// The k3s version that the fleet's server runs, where an agent must not be newer.
  package let serverVersion: K3sVersion?
  /// What the servers told of the cluster.
  package var cluster = ClusterContext.none
  /// The other kinds' sections of the same answer.
  package let transcript: ProbeTranscript
  /// What the kinds before this one asked for, in order.
  package var requests: [Request]
  /// Whether a kind before this one changes something on the node.
  package var hasChangesBefore: Bool
  /// What the kinds before this one change, in order.
  package var changeSets: [ChangeSet] = []
  /// Whether this pass installs a package, which may bring and start units that are not there yet.
  package var installsPackages = false

  package init(
    node: NodeSpec,
    facts: HostFacts,
    vault: SecretVault,
    artifact: K3sArtifactState,
    serverVersion: K3sVersion?,
    transcript: ProbeTranscript,
    requests: [Request] = [],
    hasChangesBefore: Bool = false
  ) {
    self.node = node
    self.facts = facts
    self.vault = vault
    self.artifact = artifact
    self.serverVersion = serverVersion
    self.transcript = transcript
    self.requests = requests
    self.hasChangesBefore = hasChangesBefore
  }

  /// What another kind observed; `nil` when this node has none of it or its section cannot be read.
  package func observed<R: Resource>(_ type: R.Type) -> R.Observed? {
    guard let section = transcript.sections[R.kind.name] else { return nil }
    return try? R.parse(section)
  }

  /// The reasons for a reboot that were given so far.
  package var rebootReasons: [String] {
    requests.compactMap { if case .reboot(let reason) = $0 { reason } else { nil } }
  }
}
