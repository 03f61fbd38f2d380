package import FleetModel

extension FleetLoops.Event {
  /// What of it somebody may want to be told.
  package var facts: [NotificationFact] {
    switch self {
    case .began: []
    case .looked: [.sound(.pass)]
    case .failed(let problem): [.broken(.pass, NotificationProblem(.passFailed, problem, next: "fleetd status"))]
    case .changed(let change): change.facts
    case .applied(let report): report.facts
    }
  }
}

extension NodeStateChange {
  fileprivate var facts: [NotificationFact] {
    func problem(_ event: NotificationEvent) -> NotificationFact {
      .broken(.node(node), NotificationProblem(event, reason: reason, message ?? words, next: next))
    }
    switch state {
    case .attention: return [problem(.nodeAttention)]
    case .away: return [problem(.nodeAway)]
    // Whatever failed before is mended when nothing is left.
    case .inSync: return [.sound(.node(node)), .sound(.work(node))]
    case .drift, .held: return [.sound(.node(node))]
    case .unknown: return []
    }
  }
}

extension RunReport {
  fileprivate var facts: [NotificationFact] {
    var facts: [NotificationFact] = []
    var stopped = 0
    for result in results {
      switch result.outcome {
      case .failed(let failure) where failure.failure.reason == .rolloutStopped: stopped += 1
      case .failed(let failure) where failure.failure.reason == .cancelled: break
      case .failed(let failure):
        facts.append(.broken(.work(result.node), Self.problem(failure)))
      case .stalled(let failure) where failure.reason == .notInPlan: break
      case .stalled(let failure):
        facts.append(
          .broken(
            .work(result.node),
            NotificationProblem(.nodeFailed, reason: failure.reason.rawValue, failure.message, next: failure.next)))
      case .converged, .inSync: facts.append(.sound(.work(result.node)))
      case .held, .attention, .notObserved, .notSelected: break
      }
    }
    let others = "\(stopped) node\(stopped == 1 ? "" : "s") did not get their turn"
    if let failure {
      facts.append(
        .happened(
          .rollout,
          NotificationProblem(
            .rolloutStopped, reason: failure.failure.reason.rawValue, "\(failure.step): \(failure.failure.message)",
            next: failure.failure.next)))
    } else if stopped > 0 {
      facts.append(
        .happened(
          .rollout,
          NotificationProblem(
            .rolloutStopped, reason: Reason.rolloutStopped.rawValue, others, next: "mend what failed; fleetd status")))
    }
    return facts
  }

  private static func problem(_ failure: StepFailure) -> NotificationProblem {
    NotificationProblem(
      .nodeFailed, reason: failure.failure.reason.rawValue, "\(failure.step): \(failure.failure.message)",
      next: failure.failure.next)
  }
}

extension SourceState {
  /// What somebody may want to be told of it.
  package var facts: [NotificationFact] {
    let commit: NotificationFact =
      rejected.map { rejected in
        .broken(
          .commit,
          NotificationProblem(
            .commitRejected,
            "commit \(rejected.commit.prefix(12)) cannot be used; the one before stays in force\n"
              + rejected.problems.prefix(5).joined(separator: "\n"), next: "fleetd --check --offline, in the checkout"))
      } ?? .sound(.commit)
    let source: NotificationFact =
      problem.map { .broken(.source, NotificationProblem(.sourceFailed, $0.message, next: $0.next)) } ?? .sound(.source)
    return [commit, source]
  }
}
