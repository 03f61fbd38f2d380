package import FleetModel

/// A node that is in another state than before.
package struct NodeStateChange: Sendable, Hashable {
  package let node: String
  package let state: NodeState
  /// A `Reason`'s.
  package let reason: String?
  package let message: String?
  package let next: String?
  /// `away: connection refused`.
  package let words: String
}

/// What the daemon knows of one node.
struct NodeStatus: Sendable {
  typealias State = NodeState

  private(set) var state = State.unknown
  private(set) var reason: String?
  private(set) var message: String?
  private(set) var next: String?
  private(set) var changes = 0
  /// Its changes and findings as a plan shows them, bounded.
  private(set) var drift = ""
  /// What it told of itself when it was observed last.
  private(set) var facts: NodeFacts?
  /// Since when it is in this state, and when it was looked at last; seconds since 1970 UTC.
  private(set) var since: Int
  private(set) var lookedAt: Int?

  init(at now: Int) { since = now }

  mutating func take(_ plan: NodePlan, at now: Int) {
    let finding = plan.findings.first { $0.severity == .refused || $0.severity == .blocked }
    let held = plan.changeSets.compactMap(\.held).first ?? plan.findings.first { $0.severity == .held }
    changes = plan.changes.count
    lookedAt = now
    drift = plan.driftText
    facts = plan.observed.map(NodeFacts.init) ?? facts
    if let failure = plan.failure {
      enter(failure.isRefusal ? .attention : .away, failure.reason, failure.message, failure.next, at: now)
    } else if let finding {
      enter(.attention, finding.reason, finding.message, finding.next, at: now)
    } else if plan.changeSets.contains(where: { $0.held == nil }) {
      enter(.drift, nil, nil, nil, at: now)
    } else if let held {
      enter(.held, held.reason, held.message, held.next, at: now)
    } else {
      enter(.inSync, nil, nil, nil, at: now)
    }
  }

  private mutating func enter(
    _ state: State, _ reason: Reason?, _ message: String?, _ next: String?, at now: Int
  ) {
    if state != self.state { since = now }
    self.state = state
    self.reason = reason?.rawValue
    self.message = message
    self.next = next
  }

  /// `away: connection refused`.
  var words: String {
    let count = state == .drift ? "\(changes) change\(changes == 1 ? "" : "s")" : nil
    return [state.rawValue, count ?? message].compactMap { $0 }.joined(separator: ": ")
  }

  func change(of node: String) -> NodeStateChange {
    NodeStateChange(node: node, state: state, reason: reason, message: message, next: next, words: words)
  }

  /// With what else is known of the node.
  func json(_ name: String, mode: Mode, pause: Pause?, _ schedule: NodeSchedule, attempts: Int, at now: Int) -> JSONText
  {
    func time(_ seconds: Int?) -> JSONText { seconds.map { .string(UTCTime($0).iso8601) } ?? .null }
    func text(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }
    return .object([
      .init("name", .string(name)), .init("state", .string(state.rawValue)), .init("changes", .integer(Int64(changes))),
      .init("reason", text(reason)), .init("message", text(message)), .init("next", text(next)),
      .init("since", time(since)), .init("lookedAt", time(lookedAt)), .init("dueAt", time(schedule.due)),
      .init("mode", .string(mode.rawValue)), .init("paused", text(pause?.words)),
      .init("failures", .integer(Int64(schedule.failures))), .init("failedAttempts", .integer(Int64(attempts))),
      .init("leftAloneUntil", time(schedule.isTripped(at: now) ? schedule.trippedUntil : nil)),
    ])
  }

  /// The same for the page, the API and the metrics.
  func overview(
    _ spec: NodeSpec, mode: Mode, pause: Pause?, _ schedule: NodeSchedule, attempts: Int, at now: Int
  )
    -> NodeOverview
  {
    var node = NodeOverview(name: spec.name, address: spec.address, role: spec.role, since: since)
    node.state = state
    node.reason = reason
    node.message = message
    node.next = next
    node.changes = changes
    node.drift = drift
    node.facts = facts
    node.lookedAt = lookedAt
    node.dueAt = schedule.due
    node.mode = mode
    node.paused = pause?.words
    node.failures = schedule.failures
    node.failedAttempts = attempts
    node.leftAloneUntil = schedule.isTripped(at: now) ? schedule.trippedUntil : nil
    return node
  }
}
