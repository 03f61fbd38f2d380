package import FleetModel

/// One run as it is kept: the evidence of what was planned, what was done, and what was left.
package struct RunRecord: Sendable, Hashable {
  package let beginning: RunBeginning
  /// `nil`: it goes on, or its process was killed.
  package let ending: RunEnding?

  package init(beginning: RunBeginning, ending: RunEnding?) {
    self.beginning = beginning
    self.ending = ending
  }

  package var id: String { beginning.id }
}

/// What is known when a run has its plan.
package struct RunBeginning: Sendable, Hashable {
  /// What started it.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case check
    case once
    /// A pass of the daemon.
    case pass
  }

  /// Sorts as time does: `20261121T031207Z-4f1c`.
  package let id: String
  package let fleet: String
  package let kind: Kind
  package let revision: Revision
  /// Seconds since 1970 UTC.
  package let startedAt: Int
  /// Of fleetd.
  package let version: String
  package let plan: RenderedPlan

  package init(
    id: String? = nil, fleet: String, kind: Kind, revision: Revision, startedAt: Int, version: String,
    plan: RenderedPlan
  ) {
    self.id = id ?? Self.newID(at: startedAt)
    self.fleet = fleet
    self.kind = kind
    self.revision = revision
    self.startedAt = startedAt
    self.version = version
    self.plan = plan
  }

  /// Two runs of one second are two.
  private static func newID(at time: Int) -> String {
    let digits = String(UInt16.random(in: 0...UInt16.max), radix: 16)
    return UTCTime(time).compact + "-" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// What became of a run.
package struct RunEnding: Sendable, Hashable {
  package let endedAt: Int
  package let exitCode: Int32
  /// `3 converged · 6 in sync`.
  package let summary: String
  /// The plan that was left; of a run that converged it is empty. `nil`: nobody looked again.
  package let left: RenderedPlan?
  /// In the order of the plan's nodes.
  package let outcomes: [NodeOutcome]

  package init(endedAt: Int, exitCode: Int32, summary: String, left: RenderedPlan?, outcomes: [NodeOutcome]) {
    self.endedAt = endedAt
    self.exitCode = exitCode
    self.summary = summary
    self.left = left
    self.outcomes = outcomes
  }
}

/// A plan as it was shown. Secrets never were in it: a plan holds none.
package struct RenderedPlan: Sendable, Hashable {
  package let text: String
  /// As docs/plan.schema.json describes it.
  package let json: String

  package init(text: String, json: String) {
    self.text = text
    self.json = json
  }

  package init(_ plan: FleetPlan) {
    self.init(text: TextRenderer(style: .plain, isVerbose: false).render(plan), json: JSONRenderer().render(plan))
  }
}

/// What became of one node in a run, change by change.
package struct NodeOutcome: Sendable, Hashable {
  package let node: String
  /// As in docs/report.schema.json: `converged`, `failed`, `in-sync`.
  package let outcome: String
  package let reason: String?
  package let message: String?
  package let next: String?
  package let changes: [ChangeOutcome]

  package init(
    node: String, outcome: String, reason: String? = nil, message: String? = nil, next: String? = nil,
    changes: [ChangeOutcome] = []
  ) {
    self.node = node
    self.outcome = outcome
    self.reason = reason
    self.message = message
    self.next = next
    self.changes = changes
  }
}

/// A change that was planned, and whether it is there now.
package struct ChangeOutcome: Sendable, Hashable {
  package enum Result: String, Sendable, Hashable {
    /// The second plan does not have it any more.
    case made
    /// It was not tried: it waits by itself, or the command line left it out.
    case held
    /// The second plan still has it.
    case left
    /// The node was not seen again.
    case unknown
  }

  /// The symbol that a plan has.
  package let action: String
  package let kind: String
  package let name: String
  package let before: String?
  package let after: String?
  package let note: String?
  package let result: Result

  package init(
    action: String, kind: String, name: String, before: String? = nil, after: String? = nil, note: String? = nil,
    result: Result
  ) {
    self.action = action
    self.kind = kind
    self.name = name
    self.before = before
    self.after = after
    self.note = note
    self.result = result
  }
}
