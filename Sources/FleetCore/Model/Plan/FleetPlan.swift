/// What one pass found out about the fleet, and what it would do, in which order. Check shows it; apply does it.
package struct FleetPlan: Sendable {
  package let fleet: String
  package let revision: Revision
  /// When the observation began, in seconds since 1970 UTC.
  package let observedAt: Int
  /// Sorted by name.
  package let nodes: [NodePlan]
  /// What the servers told of the cluster.
  package let cluster: ClusterObservation
  /// Fields of the inventory that this version reads but does not act on.
  package let reserved: [String]

  package init(
    fleet: String, revision: Revision, observedAt: Int, nodes: [NodePlan], cluster: ClusterObservation = .none,
    reserved: [String] = []
  ) {
    self.fleet = fleet
    self.revision = revision
    self.observedAt = observedAt
    self.nodes = nodes
    self.cluster = cluster
    self.reserved = reserved
  }

  /// Said of a fleet without a node: it would count as in sync.
  package static let emptyNote = "no Node is declared: nothing is observed and nothing is changed"

  /// One turn of what disturbs: nodes that are disturbed together.
  package struct Wave: Sendable {
    package let nodes: [NodePlan]
  }

  /// Servers strictly one at a time, then agents one at a time.
  package var waves: [Wave] {
    let waiting = nodes.filter { !$0.disturbing.isEmpty }
    let servers = waiting.filter { $0.role == .server }
    return (servers + waiting.filter { $0.role != .server }).map { Wave(nodes: [$0]) }
  }

  /// Nodes that are to be changed and whose clock is off: what waits for it may follow in a second round.
  package var nodesAwaitingTheClock: Set<String> {
    Set(nodes.filter { $0.isClockOff && !$0.actionable.isEmpty }.map(\.node))
  }

  /// This plan for those nodes alone whose clock was off in `earlier` and is right now, so that nothing waits for it any
  /// more. `failed`: nodes that are left alone.
  package func freedByTheClock(since earlier: FleetPlan, without failed: Set<String>) -> FleetPlan {
    let waited = Set(earlier.nodes.filter(\.isClockOff).map(\.node)).subtracting(failed)
    return FleetPlan(
      fleet: fleet, revision: revision, observedAt: observedAt,
      nodes: nodes.filter { waited.contains($0.node) && !$0.isClockOff && !$0.actionable.isEmpty }, cluster: cluster,
      reserved: reserved)
  }

  package var summary: Summary { Summary(self) }

  /// Numbers for the last line of a plan.
  package struct Summary: Sendable, Hashable {
    package let changes: Int
    package let changedNodes: Int
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
      held = selected.flatMap(\.changeSets).filter { $0.held != nil }.flatMap(\.changes).count
      refused = selected.flatMap(\.findings).filter { $0.severity == .refused }.count
      blocked = selected.flatMap(\.findings).filter { $0.severity == .blocked }.count
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
