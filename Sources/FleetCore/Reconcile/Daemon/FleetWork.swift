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
}

/// Nothing is kept.
package struct NoRecorder: PassRecorder {
  package init() {}
  package func looked(at plan: FleetPlan, of fleet: Fleet) async {}
  package func record(_ pass: FinishedPass) async {}
}
