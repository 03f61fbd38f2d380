import FleetApply
import FleetModel

extension NodeEvent {
  /// What a step of a run is worth; most are worth nothing.
  static func events(of event: ProgressEvent, at now: Int) -> [NodeEvent] {
    switch event {
    case .stepStarted(let node, let step):
      switch step.kind {
      case .reboot: [NodeEvent(.rebooting, on: node, step.reasons, at: now)]
      case .installK3s: [NodeEvent(.installingK3s, on: node, step.title, at: now)]
      default: []
      }
    case .stepSucceeded(let node, let step):
      switch step.kind {
      case .cordon: [NodeEvent(.cordoned, on: node, "fleetd keeps new pods away", at: now)]
      case .drain: [NodeEvent(.drained, on: node, "its pods were moved", at: now)]
      case .uncordon: [NodeEvent(.uncordoned, on: node, "fleetd's cordon is ended", at: now)]
      case .reboot: [NodeEvent(.rebooted, on: node, "it is back", at: now)]
      case .startK3s: [NodeEvent(.startedK3s, on: node, step.title, at: now)]
      case .installK3s, .other: []
      }
    case .stepFailed(_, let failure) where failure.failure.reason == .cancelled: []
    case .stepFailed(let node, let failure):
      [
        NodeEvent(
          failure.failure.reason == .drainFailed ? .drainFailed : .stepFailed, on: node,
          "\(failure.step): \(failure.failure.message)", at: now)
      ]
    default: []
    }
  }

  static func events(of report: RunReport, at now: Int) -> [NodeEvent] {
    report.results.compactMap { result in
      switch result.outcome {
      case .converged(let changes):
        NodeEvent(
          .converged, on: result.node, "\(changes) change\(changes == 1 ? "" : "s") made; nothing is left", at: now)
      case .stalled(let failure): NodeEvent(.stalled, on: result.node, failure.message, at: now)
      default: nil
      }
    }
  }

  init?(_ transition: NodeClock.Transition, of node: String, at now: Int) {
    switch transition {
    case .begun(.ordered): self.init(.rebuildStarted, on: node, "a rebuild was ordered", at: now)
    case .begun(.blank): self.init(.rebuildStarted, on: node, "it is blank: a rebuild begins", at: now)
    case .converged(let seconds):
      self.init(.rebuildFinished, on: node, "rebuilt in \(DurationText.render(.seconds(seconds)))", at: now)
    case .breached(let target):
      self.init(
        .rebuildBreached, on: node, "the rebuild takes longer than \(DurationText.render(.seconds(target)))", at: now)
    default: return nil
    }
  }
}

extension Step {
  fileprivate var reasons: String {
    if case .reboot(let reasons) = action, !reasons.isEmpty { reasons.joined(separator: "; ") } else { title }
  }
}
