import FleetModel
import SSHClient

/// Where an error of the transport becomes a reason of ours.
extension NodeFailure {
  init(connecting error: SSHError, to node: String) {
    let reason: Reason =
      switch error.code {
      case .resolveFailed: .nameNotResolved
      case .connectRefused: .connectionRefused
      case .unreachable: .unreachable
      case .connectTimedOut, .timedOut: .connectTimedOut
      case .hostKeyUnknown: .hostKeyUnknown
      case .hostKeyChanged: .hostKeyChanged
      case .identityUnusable: .identityUnusable
      case .authenticationFailed: .authenticationFailed
      case .handshakeFailed: .handshakeFailed
      case .cancelled: .cancelled
      case .closedBeforeBanner, .channelFailed, .outputLimitExceeded, .invalidArgument, .inputUnreadable,
        .uploadFailed, .uploadMismatch, .connectionLost:
        .connectionLost
      }
    self.init(reason, error.message, next: Self.nextStep(after: reason, node) ?? error.nextStep)
  }

  init(calling error: SSHError) {
    switch error.code {
    case .timedOut: self.init(.stepTimedOut, error.message, next: error.nextStep)
    case .cancelled: self.init(.cancelled, error.message)
    case .outputLimitExceeded: self.init(.probeFailed, error.message, next: "log in and look what floods its output")
    case .uploadFailed, .uploadMismatch, .invalidArgument, .inputUnreadable:
      self.init(.stepFailed, error.message, next: error.nextStep)
    default: self.init(.connectionLost, error.message, next: error.nextStep)
    }
  }

  private static func nextStep(after reason: Reason, _ node: String) -> String? {
    switch reason {
    case .hostKeyUnknown:
      "compare the offered fingerprint with the one on the node (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), "
        + "then pin the key under spec.hostKeys of \(node)"
    case .hostKeyChanged:
      "if the node was re-imaged, compare the offered fingerprint on its console and pin the new key under "
        + "spec.hostKeys of \(node); if not, somebody may be in between: do not log in"
    case .connectionRefused: "is sshd running on it, and is spec.ssh.port right?"
    default: nil
    }
  }
}
