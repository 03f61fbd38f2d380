package import FleetModel
internal import GRDB

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

  /// The same for one node, which a step brought further, or which was looked at alone.
  ///
  /// - Parameter isUp: whether that shows by itself that it serves, or that it does not; `nil`: it shows neither.
  /// - Returns: what changed.
  package func see(
    _ sighting: NodeSighting, isUp: Bool? = nil, of node: String, in fleet: String, now: ClockReading, target: Int
  ) throws(RecordFailure) -> [NodeClock.Transition] {
    try write { database in
      let before = try Self.clock(of: node, in: fleet, database)
      var clock = before
      // Only a rebuild is held against what others took.
      let history =
        before.running == nil
        ? .empty : RebuildHistory(try Self.rebuilds(of: fleet, last: Self.rebuildsThatCount, in: database))
      let transitions = clock.see(sighting, at: now, target: target, history: history)
      if clock != before { try Self.save(clock, transitions, at: now, in: database) }
      if let isUp {
        let sample = (AvailabilitySubject.node(node), AvailabilitySample(at: now, isUp: isUp))
        try Self.record([sample], of: fleet, in: database)
      }
      return transitions
    }
  }

  /// Somebody orders a rebuild, in words if there are any. Empty: one runs already, and goes on.
  package func order(
    _ node: String, in fleet: String, because words: String, now: ClockReading, target: Int
  ) throws(RecordFailure) -> [NodeClock.Transition] {
    try write { database in
      var clock = try Self.clock(of: node, in: fleet, database)
      let transitions = clock.order(at: now, target: target)
      guard !transitions.isEmpty else { return [] }
      try Self.save(clock, transitions, at: now, in: database)
      if !words.isEmpty { try Self.note(words, "rebuild-ordered", of: node, in: fleet, at: now, database) }
      return transitions
    }
  }

  /// The rebuild that runs is called off. Empty: none runs.
  package func abandon(
    _ node: String, in fleet: String, because words: String, now: ClockReading
  ) throws(RecordFailure) -> [NodeClock.Transition] {
    try write { database in
      var clock = try Self.clock(of: node, in: fleet, database)
      let transitions = clock.abandon(at: now)
      guard !transitions.isEmpty else { return [] }
      try Self.save(clock, transitions, at: now, in: database)
      if !words.isEmpty { try Self.note(words, "rebuild-called-off", of: node, in: fleet, at: now, database) }
      return transitions
    }
  }

  private static func note(
    _ words: String, _ reason: String, of node: String, in fleet: String, at now: ClockReading, _ database: Database
  ) throws {
    try database.execute(
      sql: "INSERT INTO events (at, fleet, node, reason, message) VALUES (?, ?, ?, ?, ?)",
      arguments: [now.wall, fleet, node, reason, words])
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
