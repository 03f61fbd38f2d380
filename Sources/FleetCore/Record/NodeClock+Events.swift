import FleetModel

extension NodeClock.Transition {
  /// The event's stable name.
  package var reason: String {
    switch self {
    case .lost: "node-lost"
    case .found: "node-found"
    case .untrusted: "awaiting-trust"
    case .begun: "rebuild-begun"
    case .ended: "rebuild-phase"
    case .restarted: "rebuild-restarted"
    case .converged: "rebuild-converged"
    case .atRisk: "rebuild-at-risk"
    case .breached: "rebuild-breached"
    case .abandoned: "rebuild-abandoned"
    }
  }

  package var message: String {
    switch self {
    case .lost: "it does not answer"
    case .found(let seconds): "it is back as it was, after \(text(seconds))"
    case .untrusted: "another host key answers, which nobody trusted yet: fleetd trust shows both"
    case .begun(.ordered): "a rebuild was ordered"
    case .begun(.blank): "it is blank: a rebuild begins"
    case .ended(let phase, let seconds): "rebuild: \(phase.rawValue) after \(text(seconds))"
    case .restarted: "its card was written once more: the phases begin anew, the clock goes on"
    case .converged(let seconds): "rebuilt in \(text(seconds))"
    case .atRisk(let remaining, let estimate):
      "\(text(remaining)) of the target are left, and it takes \(text(estimate)) more by what it took before"
    case .breached(let target): "the rebuild takes longer than \(text(target))"
    case .abandoned: "the rebuild was called off"
    }
  }

  private func text(_ seconds: Int) -> String { DurationText.render(.seconds(seconds)) }
}
