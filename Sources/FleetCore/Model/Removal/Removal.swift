/// What takes one node out of the fleet: out of the cluster first, then k3s off the machine. Pure.
///
/// Nobody asks for it but a person: deleting a document never shrinks a cluster.
package struct Removal: Sendable {
  /// How far it goes.
  package struct Options: Sendable, Hashable {
    /// The cluster's side alone: the machine cannot be reached, or is gone.
    package var isUnreachable: Bool
    /// Whether the node's pods are moved to other nodes first.
    package var isDrained: Bool

    package init(isUnreachable: Bool = false, isDrained: Bool = true) {
      self.isUnreachable = isUnreachable
      self.isDrained = isDrained
    }
  }

  package let node: String
  package let changes: [Change]
  package let steps: [Step]
  /// Why nothing is done; with them there are no steps.
  package let obstacles: [Finding]
  /// What stays on the machine as it is.
  package let remains: [NodeRecord.Entry]
  /// Whether the machine's side is part of it.
  package let touchesMachine: Bool

  static let kind = ResourceKind("remove")

  /// - Parameters:
  ///   - name: the node's, which its Node object has too.
  ///   - spec: its document; `nil`: the inventory has none, so that there is no way to the machine.
  package init(
    of name: String, _ spec: NodeSpec?, in fleet: Fleet, observation: NodeObservation?, cluster: ClusterObservation,
    options: Options
  ) {
    let removal = RemovalCase(
      name: name, spec: spec, fleet: fleet, observation: observation, cluster: cluster, options: options)
    node = name
    obstacles = removal.obstacles
    touchesMachine = !options.isUnreachable
    guard obstacles.isEmpty else {
      (changes, steps, remains) = ([], [], [])
      return
    }
    let parts = [removal.cordon, removal.drain, removal.retirement, removal.clearing, removal.uninstallation].compactMap
    { $0 }
    changes = parts.compactMap(\.change)
    steps = parts.flatMap(\.steps)
    remains = removal.remains
  }
}
