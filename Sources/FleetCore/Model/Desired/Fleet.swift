package import YAMLSource

/// The desired state of the fleet: valid, merged, complete.
package struct Fleet: Sendable {
  package let name: String
  package let k3s: K3sSettings?
  package let rollout: RolloutSettings
  package let manifests: ManifestSettings
  /// How long a rebuild of a node may take.
  package let reprovisionTarget: Duration
  /// Sorted by name: servers and agents are ordered by the plan.
  package let nodes: [NodeSpec]
  /// What the daemon may do to its cluster's objects at most, and to nodes that do not say otherwise.
  package var mode = Mode.enforce
  /// The Fleet's `spec` as it is written: what is compared with another commit's.
  package var document: YAMLNode?
  /// Fields that this version reads and validates but does not act on yet, such as `spec.rollout.windows`.
  package let reserved: [String]

  package func node(named name: String) -> NodeSpec? { nodes.first { $0.name == name } }

  /// The same fleet with these nodes alone.
  package func keeping(_ nodes: [NodeSpec]) -> Fleet {
    Fleet(
      name: name, k3s: k3s, rollout: rollout, manifests: manifests, reprovisionTarget: reprovisionTarget, nodes: nodes,
      mode: mode, document: document, reserved: reserved)
  }

  /// Whether a key that may only look is granted.
  package var isGrantingChecks: Bool { nodes.contains { $0.resource(of: CheckAccess.self)?.isGranted == true } }

  package var servers: [NodeSpec] { nodes.filter { $0.role == .server } }
}
