/// What `--once` did: the plan that it made, what became of it on each node, and the plan that was left.
package struct RunReport: Sendable {
  package let before: FleetPlan
  package let after: FleetPlan
  /// In the order of the plan's nodes.
  package let results: [NodeResult]
  /// What became of the Kubernetes objects; `nil`: there are none to look at.
  package let objects: NodeResult?
  /// What failed when all nodes had had their turn: a hook after the roll-out.
  package let failure: StepFailure?

  /// `failures`: what went wrong while applying, by node.
  package init(before: FleetPlan, after: FleetPlan, failures: [String: StepFailure]) {
    self.init(rounds: [before], after: after, failures: failures)
  }

  /// - Parameter rounds: what was done, in order; the first names all nodes.
  package init(rounds: [FleetPlan], after: FleetPlan, failures: [String: StepFailure]) {
    before = rounds[0]
    self.after = after
    failure = nil
    objects = (after.objects ?? before.objects).map { left in
      NodeResult(of: rounds.compactMap(\.objects), failures[ObjectsPlan.turn], left: left)
    }
    results = before.nodes.map { plan in
      let left = after.nodes.first { $0.node == plan.node } ?? plan
      let done = rounds.flatMap(\.nodes).filter { $0.node == plan.node }.flatMap(\.actionable).flatMap(\.changes)
      return NodeResult(node: plan.node, outcome: NodeResult.outcome(of: plan, failures[plan.node], left: left, done))
    }
  }
}

extension RunReport {
  /// `report`, and what failed after it was made.
  package init(_ report: RunReport, failedBy failure: StepFailure) {
    before = report.before
    after = report.after
    results = report.results
    objects = report.objects
    self.failure = failure
  }
}

/// A step that did not succeed.
package struct StepFailure: Error, Sendable, Hashable {
  /// The step's title.
  package let step: String
  package let failure: NodeFailure

  package init(step: String, failure: NodeFailure) {
    self.step = step
    self.failure = failure
  }
}

/// What became of one node in a run that applied.
package struct NodeResult: Sendable {
  package let node: String
  package let outcome: Outcome

  package enum Outcome: Sendable {
    /// Nothing was to be done.
    case inSync
    /// So many changes were made, and the second plan is empty.
    case converged(changes: Int)
    /// Everything that may be done now is done; the rest waits by itself.
    case held([Finding])
    case failed(StepFailure)
    /// Every step succeeded, and still something is left to do: it was done and came back, or no plan of this run showed it.
    case stalled(NodeFailure)
    /// Something is refused or blocked.
    case attention([Finding])
    case notObserved(NodeFailure)
    /// The command line excluded it.
    case notSelected
  }

  /// - Parameter done: the changes that the run made on the node.
  static func outcome(of plan: NodePlan, _ failure: StepFailure?, left: NodePlan, _ done: [Change]) -> Outcome {
    if let failure { return .failed(failure) }
    if let failure = left.failure { return .notObserved(failure) }
    guard plan.isSelected else { return plan.isInSync ? .inSync : .notSelected }
    let attention = left.findings.filter { $0.severity == .refused || $0.severity == .blocked }
    if !attention.isEmpty { return .attention(attention) }
    if !left.actionable.isEmpty {
      // It came back while the run was on: nothing was tried on it.
      if let failure = plan.failure { return .notObserved(failure) }
      return .stalled(stall(left.actionable.flatMap(\.changes), done))
    }
    let held = left.findings.filter { $0.severity == .held } + left.changeSets.compactMap(\.held)
    if !held.isEmpty { return .held(Array(Set(held)).sorted { $0.message < $1.message }) }
    return done.isEmpty ? .inSync : .converged(changes: done.count)
  }

  /// What is left although every step succeeded. Only what was done before in the run does not stay done.
  private static func stall(_ left: [Change], _ done: [Change]) -> NodeFailure {
    func text(_ changes: [Change]) -> String {
      changes.prefix(3).map { "\($0.kind) \($0.name)" }.joined(separator: ", ")
    }
    let undone = left.filter { change in done.contains { $0.kind == change.kind && $0.name == change.name } }
    guard undone.isEmpty else {
      return NodeFailure(
        .doesNotConverge,
        "every step succeeded, and still there is something to do: \(text(undone))",
        next: "something on the node undoes it, or two declarations fight: look at what is left")
    }
    return NodeFailure(
      .notInPlan,
      "there is more to do than the plan of this run showed: \(text(left))",
      next: "a run does what it has shown: fleetd --check shows this now, and fleetd --once does it")
  }
}

extension ExitCode {
  /// For a run that applied: what is only held is no failure.
  package init(after report: RunReport) {
    guard report.failure == nil else {
      self = .failed
      return
    }
    var isPartial = false
    for result in report.results + [report.objects].compactMap({ $0 }) {
      switch result.outcome {
      case .failed, .stalled, .attention:
        self = .failed
        return
      case .notObserved(let failure):
        if failure.isRefusal {
          self = .failed
          return
        }
        isPartial = true
      case .inSync, .converged, .held, .notSelected:
        continue
      }
    }
    self = isPartial ? .notAllObserved : .inSync
  }
}
