/// Why a node could not be observed or changed: who must act, and whether waiting helps.
package struct NodeFailure: Error, Sendable, Hashable {
  package let reason: Reason
  /// What failed and why; may hold text from the node, which renderers escape.
  package let message: String
  package let next: String?
  /// The step that runs on the node, with `stepRunning`.
  package let runningStep: String?
  /// Which link of the way to the node broke, while connecting.
  package let link: WayLink?

  package init(
    _ reason: Reason, _ message: String, next: String? = nil, runningStep: String? = nil, link: WayLink? = nil
  ) {
    self.reason = reason
    self.message = message
    self.next = next
    self.runningStep = runningStep
    self.link = link
  }

  /// Whether the same call may succeed later by itself.
  package var isTransient: Bool {
    switch reason {
    case .connectionRefused, .unreachable, .connectTimedOut, .nameNotResolved, .connectionLost, .probeTimedOut,
      .stepRunning, .nodeBusy, .aptLocked, .probeGarbled, .changedMeanwhile, .apiUnreachable:
      true
    default:
      false
    }
  }

  /// Whether the node answered with a refusal that somebody must look at, rather than being away.
  package var isRefusal: Bool {
    switch reason {
    case .hostKeyChanged, .hostKeyUnknown, .authenticationFailed, .identityUnusable, .sudoRefused, .probeFailed,
      .probeGarbled, .handshakeFailed:
      true
    default:
      false
    }
  }
}
