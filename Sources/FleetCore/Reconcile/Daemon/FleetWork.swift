package import FleetModel

/// What the daemon needs of its surroundings: passes with connections and secrets, and the one lock for changes.
package protocol FleetWork: Sendable {
  /// A pass over what a commit declares, over connections that are kept warm. Throws what keeps it from beginning.
  func pass(over desired: DesiredState, holds: @escaping FleetPass.Holds) async throws -> FleetPass

  /// Runs `work` while no other run of this control node changes the fleet. Throws when one does.
  func alone<Value: Sendable>(in fleet: String, _ work: @Sendable () async -> Value) async throws -> Value

  /// What a pass that ended saw: which cluster it is, say.
  func remember(_ plan: FleetPlan)
}

/// Takes what passes see and do: the history and the clocks of rebuilds. It never fails a pass.
package protocol PassRecorder: Sendable {
  /// What the whole fleet looks like now.
  func looked(at plan: FleetPlan, of fleet: Fleet) async

  /// What a look at one node alone saw.
  func looked(at node: NodeLook, of fleet: Fleet) async

  /// What a pass came to.
  func record(_ pass: FinishedPass) async
}

/// One pass of the daemon, from its beginning to its end.
package struct FinishedPass: Sendable {
  /// The same on every line of the log.
  package let run: String
  /// Seconds since 1970 UTC.
  package let began: Int
  package let ended: Int
  /// Why there was one, in words.
  package let causes: [String]
  package let plan: FleetPlan
  /// `nil`: nothing was to be done, or nothing may be.
  package let report: RunReport?

  package init(run: String, began: Int, ended: Int, causes: [String], plan: FleetPlan, report: RunReport?) {
    self.run = run
    self.began = began
    self.ended = ended
    self.causes = causes
    self.plan = plan
    self.report = report
  }
}

/// What a node's own loop saw of it.
package struct NodeLook: Sendable {
  package let node: String
  package let sighting: NodeSighting
  /// Whether that shows by itself that it serves, or that it does not; `nil`: only the cluster could tell.
  package let isUp: Bool?

  /// - Parameter view: what the last look at the whole fleet saw.
  init(_ plan: NodePlan, beside view: FleetView) {
    node = plan.node
    sighting = NodeSighting(ofNodeAlone: plan, beside: view.cluster.view)
    switch sighting {
    case .unclear: isUp = nil
    case .away, .awaitingTrust: isUp = false
    case .seen: isUp = plan.observed?.k3s == nil ? true : nil
    }
  }
}

/// Nothing is kept.
package struct NoRecorder: PassRecorder {
  package init() {}
  package func looked(at plan: FleetPlan, of fleet: Fleet) async {}
  package func looked(at node: NodeLook, of fleet: Fleet) async {}
  package func record(_ pass: FinishedPass) async {}
}
