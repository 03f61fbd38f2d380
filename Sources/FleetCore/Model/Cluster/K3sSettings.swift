package import YAMLSource

/// `spec.k3s` of the Fleet.
package struct K3sSettings: Sendable {
  package enum Datastore: String, Sendable, CaseIterable {
    case etcd
    case sqlite
  }

  package let version: K3sVersion
  package let source: K3sSource
  package let datastore: Datastore
  /// What agents and joining servers point at: as given, else the server's address.
  package let endpoint: String
  /// Whether the inventory gives it.
  package var isEndpointGiven = false
  /// Where each declared server can be reached: any of them leads into the cluster.
  package let servers: [String]
  package let token: SecretReference
  /// k3s' own keys for each role, before a node's own keys are laid over them. A mapping, or `nil`.
  package let serverConfig: YAMLNode?
  package let agentConfig: YAMLNode?
  /// The content of registries.yaml, secrets still as `{secret: NAME}`.
  package let registries: YAMLNode?
  /// Variables of every node's k3s unit: a mapping to values or `{secret: NAME}`.
  package let environment: YAMLNode?
  /// How long a start may take until the unit is active.
  package let startTimeout: Duration
  package let mark: YAMLMark
  /// Whether nodes are given the release's own images, so that k3s pulls none of them.
  package var givesAirgapImages = false

  package var givenEndpoint: String? { isEndpointGiven ? endpoint : nil }

  package func config(for role: Role) -> YAMLNode? {
    switch role {
    case .server: serverConfig
    case .agent: agentConfig
    }
  }
}

/// Where releases come from: `<version>/k3s-arm64` (amd64: `k3s`) and `<version>/sha256sum-<arch>.txt` below it.
package enum K3sSource: Sendable, Hashable {
  case directory(String)
  /// `https://…` or `http://…` (a mirror on one's own network; the checksum file comes from the same place).
  case url(String)
}
