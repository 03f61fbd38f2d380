package import FleetModel

extension RunBeginning {
  /// A run that has made `plan`.
  ///
  /// - Parameter id: where it has one already, in a log, say.
  package init(_ plan: FleetPlan, kind: Kind, id: String? = nil, startedAt: Int, version: String) {
    self.init(
      id: id, fleet: plan.fleet, kind: kind, revision: plan.revision, startedAt: startedAt, version: version,
      plan: RenderedPlan(plan))
  }
}

extension RunEnding {
  /// What a run did.
  ///
  /// - Parameter isInterrupted: it ended early and looked at nothing again.
  package init(_ report: RunReport, exitCode: ExitCode, isInterrupted: Bool, endedAt: Int) {
    let after = isInterrupted ? nil : report.after
    var outcomes = report.results.map { result in
      NodeOutcome(
        result, planned: report.before.nodes.first { $0.node == result.node },
        left: after?.nodes.first { $0.node == result.node })
    }
    if let objects = report.objects {
      outcomes.append(NodeOutcome(objects, planned: report.before.objects, left: after?.objects))
    }
    self.init(
      endedAt: endedAt, exitCode: exitCode.rawValue,
      summary: isInterrupted ? "interrupted" : report.countedSummary, left: after.map { RenderedPlan($0) },
      outcomes: outcomes)
  }

  /// A run that had a plan and did nothing with it: nobody agreed.
  package init(declined plan: FleetPlan, exitCode: ExitCode, endedAt: Int) {
    self.init(
      endedAt: endedAt, exitCode: exitCode.rawValue, summary: "nothing was changed: nobody agreed", left: nil,
      outcomes: [])
  }
}

extension NodeOutcome {
  fileprivate init(_ result: NodeResult, planned: NodePlan?, left: NodePlan?) {
    let there = left?.observed.map { Set($0.changeSets.flatMap(\.changes).map(ChangeKey.init)) }
    let changes = (planned?.changeSets ?? []).flatMap { set in
      set.changes.map { change in
        let isTried = planned?.isSelected == true && set.held == nil
        return ChangeOutcome(
          action: change.action.rawValue, kind: change.kind.name, name: change.name, before: change.before.recorded,
          after: change.after.recorded, note: change.note,
          result: .of(isThere: there.map { $0.contains(ChangeKey(change)) }, isTried: isTried))
      }
    }
    self.init(result, changes)
  }

  fileprivate init(_ result: NodeResult, planned: ObjectsPlan?, left: ObjectsPlan?) {
    let there = left?.observed.map { Set($0.changes.map { "\($0.action.rawValue) \($0.object)" }) }
    let changes = (planned?.changes ?? []).map { change in
      let isTried = planned?.isSelected == true && change.held == nil
      // Values of objects stay in the rendered plan, which masks what Secrets hold.
      return ChangeOutcome(
        action: change.action.rawValue, kind: ResourceKind.objects.name, name: "\(change.object)", note: change.note,
        result: .of(isThere: there.map { $0.contains("\(change.action.rawValue) \(change.object)") }, isTried: isTried))
    }
    self.init(result, changes)
  }

  private init(_ result: NodeResult, _ changes: [ChangeOutcome]) {
    let (reason, message, next): (Reason?, String?, String?) =
      switch result.outcome {
      case .failed(let failed):
        (failed.failure.reason, "\(failed.step): \(failed.failure.message)", failed.failure.next)
      case .stalled(let failure), .notObserved(let failure): (failure.reason, failure.message, failure.next)
      case .attention(let findings), .held(let findings):
        (findings.first?.reason, findings.first?.message, findings.first?.next)
      case .inSync, .converged, .notSelected: (nil, nil, nil)
      }
    self.init(
      node: result.node, outcome: result.outcome.name.rawValue, reason: reason?.rawValue, message: message, next: next,
      changes: changes)
  }
}

extension ChangeOutcome.Result {
  /// - Parameter isThere: whether the second plan has it; `nil`: there is none.
  fileprivate static func of(isThere: Bool?, isTried: Bool) -> Self {
    switch isThere {
    case nil: isTried ? .unknown : .held
    case false?: .made
    case true?: isTried ? .left : .held
    }
  }
}

/// What tells two changes of one node apart, whatever their values.
private struct ChangeKey: Hashable {
  let kind: ResourceKind
  let name: String
  let action: Change.Action

  init(_ change: Change) {
    kind = change.kind
    name = change.name
    action = change.action
  }
}

extension Shown {
  fileprivate var recorded: String? {
    switch self {
    case .none: nil
    case .text(let text): text
    case .secret: "(secret)"
    }
  }
}
