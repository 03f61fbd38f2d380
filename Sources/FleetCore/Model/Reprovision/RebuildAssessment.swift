/// A rebuild against its target.
package struct RebuildAssessment: Sendable, Hashable {
  package enum State: String, Sendable, Hashable {
    case onTrack = "on track"
    /// It will not make it, by what the phases took before.
    case atRisk = "at risk"
    case breached
    /// Converged within the target.
    case met
    case abandoned
  }

  /// Seconds.
  package let elapsed: Int
  /// Of the target; negative when it is over.
  package let remaining: Int
  /// Seconds that are left by the fleet's own history; `nil`: there is none yet.
  package let estimate: Int?
  package let state: State

  package init(_ rebuild: Rebuild, at now: ClockReading, _ history: RebuildHistory) {
    elapsed = rebuild.elapsed(at: now)
    remaining = rebuild.target - elapsed
    estimate = history.estimate(for: rebuild, at: now)
    switch rebuild.outcome {
    case .abandoned: state = .abandoned
    case .converged: state = remaining >= 0 ? .met : .breached
    case .running:
      if remaining < 0 {
        state = .breached
      } else if let estimate {
        state = estimate > remaining ? .atRisk : .onTrack
      } else {
        // Without a history: when three quarters are gone.
        state = elapsed * 4 > rebuild.target * 3 ? .atRisk : .onTrack
      }
    }
  }

  var alert: Rebuild.Alert {
    switch state {
    case .onTrack, .met, .abandoned: .none
    case .atRisk: .atRisk
    case .breached: .breached
    }
  }
}
