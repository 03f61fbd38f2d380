package import FleetModel

extension FleetStore {
  /// What a pass saw, for the clock of every node and the availability of the API and of the nodes: one transaction.
  ///
  /// A node that the plan does not name keeps its clock as it is.
  ///
  /// - Parameter target: seconds that a rebuild which begins now may take.
  /// - Returns: what changed, by node, in the order of the plan.
  package func look(
    at plan: FleetPlan, now: ClockReading, target: Int
  ) throws(RecordFailure) -> [(node: String, transitions: [NodeClock.Transition])] {
    try write { database in
      let history = RebuildHistory(
        try Self.rebuilds(of: plan.fleet, last: Self.rebuildsThatCount, in: database))
      var changed: [(node: String, transitions: [NodeClock.Transition])] = []
      for node in plan.nodes {
        let before = try Self.clock(of: node.node, in: plan.fleet, database)
        var clock = before
        let transitions = clock.see(NodeSighting(of: node, in: plan), at: now, target: target, history: history)
        guard clock != before else { continue }
        try Self.save(clock, transitions, at: now, in: database)
        if !transitions.isEmpty { changed.append((node.node, transitions)) }
      }
      try Self.record(Self.samples(of: plan, at: now), of: plan.fleet, in: database)
      return changed
    }
  }

  /// Estimates follow the hardware and the mirrors of today.
  private static let rebuildsThatCount = 100

  private static func samples(
    of plan: FleetPlan, at now: ClockReading
  ) -> [(subject: AvailabilitySubject, sample: AvailabilitySample)] {
    let seen = plan.nodes.filter { NodeSighting(of: $0, in: plan) != .unclear }
    var samples = seen.map { node in
      // What has joined a cluster serves when the cluster says so; a plain node when it answers.
      let isUp =
        node.observed.map { observed in
          observed.k3s == nil || plan.cluster.view?.node(node.node)?.isReady ?? false
        } ?? false
      return (AvailabilitySubject.node(node.node), AvailabilitySample(at: now, isUp: isUp))
    }
    if plan.nodes.contains(where: { $0.role == .server }) {
      samples.insert((.api, AvailabilitySample(at: now, isUp: plan.cluster.view?.isAnswering ?? false)), at: 0)
    }
    return samples
  }
}
