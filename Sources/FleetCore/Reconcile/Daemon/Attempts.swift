package import FleetModel

/// How often changing a node failed, and when it may be tried again. Pure.
package struct Attempts: Sendable, Hashable {
  private var backoff = Backoff(base: 30, cap: 3600)
  private var what = ""
  /// Seconds since 1970 UTC.
  package private(set) var notBefore: Int?

  package init() {}

  package var count: Int { backoff.failures }

  /// - Parameter jitter: 0..<1.
  package mutating func failed(_ what: String, at now: Int, jitter: Double) {
    backoff.fail()
    self.what = what
    notBefore = now + backoff.delay(jitter: jitter)
  }

  package mutating func succeeded() { self = Attempts() }

  /// What holds the node's changes; `nil`: they may be tried.
  package func hold(at now: Int) -> Finding? {
    guard let notBefore, now < notBefore, notBefore - now <= 3600 else { return nil }
    return Finding(
      .held, .backingOff, Host.kind,
      "tried \(count == 1 ? "once" : "\(count) times"): \(what); again at \(UTCTime(notBefore).minutes)",
      next: "mend what it says; to try now: fleetd reconcile NODE")
  }
}

extension RunReport {
  /// What became of each node, for those who decide when to try again: `nil` is no failure.
  package var failedAttempts: [(node: String, what: String?)] {
    results.compactMap { result in
      switch result.outcome {
      case .inSync, .converged, .held, .attention: (result.node, nil)
      case .failed(let failure) where failure.failure.reason == .cancelled: nil
      case .failed(let failure): (result.node, "\(failure.step): \(failure.failure.message)")
      // Nothing was tried: the next pass shows it, and does it.
      case .stalled(let failure) where failure.reason == .notInPlan: (result.node, nil)
      case .stalled(let failure): (result.node, failure.message)
      // Away: when it is looked at next is another matter.
      case .notObserved, .notSelected: nil
      }
    }
  }
}
