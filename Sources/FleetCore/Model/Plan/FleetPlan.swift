/// What one pass found out about the fleet, and what it would do, in which order. Check shows it; apply does it.
package struct FleetPlan: Sendable {
  package let fleet: String
  package let revision: Revision
  /// When the observation began, in seconds since 1970 UTC.
  package let observedAt: Int
  /// Sorted by name.
  package private(set) var nodes: [NodePlan]
  /// What the servers told of the cluster.
  package let cluster: ClusterObservation
  package let rollout: RolloutSettings
  /// What the fleet's k3s shall be; `nil`: it has none.
  let k3s: RolloutPlanner.K3sExpectation?
  /// What is to be said of the cluster as a whole, and of no declared node.
  package var clusterFindings: [Finding] = []
  /// The Kubernetes objects; `nil`: there are none to look at.
  package private(set) var objects: ObjectsPlan?
  /// Fields of the inventory that this version reads but does not act on.
  package let reserved: [String]

  package init(
    fleet: String, revision: Revision, observedAt: Int, nodes: [NodePlan], cluster: ClusterObservation = .none,
    rollout: RolloutSettings = RolloutSettings(), k3s: K3sSettings? = nil, reserved: [String] = []
  ) {
    self.fleet = fleet
    self.revision = revision
    self.observedAt = observedAt
    self.nodes = nodes
    self.cluster = cluster
    self.rollout = rollout
    self.k3s = k3s.map { .init(version: $0.version, patience: $0.startTimeout) }
    self.reserved = reserved
  }

  /// Said of a fleet without a node: it would count as in sync.
  package static let emptyNote = "no Node is declared: nothing is observed and nothing is changed"

  /// In which order what disturbs is done.
  package var waves: [Wave] { RolloutPlanner(self).waves }

  /// Nodes that go on in a further round of this run: something waits there for what is done now.
  package var nodesWithMoreToCome: Set<String> {
    Set(nodes.filter { !$0.actionable.isEmpty && $0.isWaitingWithin }.map(\.node))
  }

  /// This plan for those nodes alone on which something was not to be had in `earlier` rounds and is now: what waited for
  /// the clock, or for a server. What was done before in this run is not done again: it would go on for ever; and nothing
  /// disturbs that the first plan did not show. `failed`: nodes that are left alone.
  package func freed(after earlier: [FleetPlan], without failed: Set<String>) -> FleetPlan {
    let done = Set(
      earlier.flatMap(\.nodes).flatMap { node in node.actionable.flatMap(\.changes).map { node.key(of: $0) } })
    let shown = Set((earlier.first?.nodes ?? []).flatMap { node in node.changes.map { node.key(of: $0) } })
    let free = nodes.filter { node in
      guard !failed.contains(node.node), !node.actionable.isEmpty else { return false }
      return node.actionable.allSatisfy { set in
        let keys = set.changes.map { node.key(of: $0) }
        return keys.allSatisfy { !done.contains($0) } && (set.disturbance == .none || keys.allSatisfy(shown.contains))
      }
    }
    var plan = keeping(free)
    // Objects wait for a cluster: they are applied in one round of a run.
    let isDone = failed.contains(ObjectsPlan.turn) || earlier.contains { $0.objects?.steps.isEmpty == false }
    if isDone { plan.objects = nil }
    return plan
  }

  /// The same plan, with what was found out about the objects.
  package func adding(_ objects: ObjectsPlan?) -> FleetPlan {
    var plan = self
    plan.objects = objects
    return plan
  }

  /// Whether a round of it does anything.
  package var hasSteps: Bool {
    objects?.steps.isEmpty == false || nodes.contains { !$0.actionable.isEmpty }
  }

  /// The same plan with other nodes.
  package func keeping(_ nodes: [NodePlan]) -> FleetPlan {
    var plan = self
    plan.nodes = nodes
    return plan
  }

  package var summary: Summary { Summary(self) }

  /// Numbers for the last line of a plan.
  package struct Summary: Sendable, Hashable {
    package let changes: Int
    package let changedNodes: Int
    /// Kubernetes objects that are added, changed or deleted, and how many of those are deleted.
    package let objects: Int
    package let deletedObjects: Int
    package let nodes: Int
    package let inSync: Int
    package let notObserved: Int
    package let held: Int
    package let refused: Int
    package let blocked: Int

    init(_ plan: FleetPlan) {
      let selected = plan.nodes.filter(\.isSelected)
      changes = selected.flatMap(\.changes).count
      changedNodes = selected.filter { !$0.changes.isEmpty }.count
      nodes = plan.nodes.count
      inSync = plan.nodes.filter(\.isInSync).count
      notObserved = plan.nodes.filter { $0.failure != nil }.count
      let ofObjects = plan.objects.flatMap { $0.isSelected ? $0 : nil }
      objects = ofObjects?.changes.count ?? 0
      deletedObjects = ofObjects?.deletions.count ?? 0
      let found = selected.flatMap(\.findings) + (ofObjects?.findings ?? [])
      let heldObjects = ofObjects?.changes.count { $0.held != nil } ?? 0
      held = selected.flatMap(\.changeSets).filter { $0.held != nil }.flatMap(\.changes).count + heldObjects
      refused = found.filter { $0.severity == .refused }.count
      blocked = found.filter { $0.severity == .blocked }.count
    }
  }
}

/// Which state of the repository a plan was made from.
package enum Revision: Sendable, Hashable {
  /// The full commit id; `isModified`: the working tree differs from it.
  case commit(String, isModified: Bool)
  /// Not a Git checkout, or Git cannot say; with the reason.
  case unknown(String)
}
