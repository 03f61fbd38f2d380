package import FleetModel
package import SSHClient

/// Where an error of the transport becomes a reason of ours.
extension NodeFailure {
  package init(connecting error: SSHError, to node: String) {
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
        .uploadFailed, .uploadMismatch, .downloadFailed, .downloadMismatch, .connectionLost:
        .connectionLost
      }
    let next =
      switch error.hop {
      case nil, .behind: Self.nextStep(after: reason, node) ?? error.nextStep
      case .forwarding: error.nextStep ?? Self.nextStep(after: reason, node)
      case .bastion: error.nextStep ?? "is the bastion up, and is spec.ssh.proxyJump right?"
      }
    self.init(reason, error.message, next: next, link: WayLink(broken: error))
  }

  init(calling error: SSHError) {
    switch error.code {
    case .timedOut: self.init(.stepTimedOut, error.message, next: error.nextStep)
    case .cancelled: self.init(.cancelled, error.message)
    case .outputLimitExceeded: self.init(.probeFailed, error.message, next: "log in and look what floods its output")
    case .uploadFailed, .uploadMismatch, .downloadFailed, .downloadMismatch, .invalidArgument, .inputUnreadable:
      self.init(.stepFailed, error.message, next: error.nextStep)
    default: self.init(.connectionLost, error.message, next: error.nextStep)
    }
  }

  private static func nextStep(after reason: Reason, _ node: String) -> String? {
    switch reason {
    case .hostKeyUnknown:
      "fleetd trust \(node) shows the key and how to compare it with the node's own console"
    case .hostKeyChanged:
      "if the node was set up anew: fleetd trust \(node) shows both keys and how to compare them on its console; "
        + "if not, somebody may be in between: do not log in"
    case .authenticationFailed: "fleetd enroll \(node) --user NAME installs the key by one login as NAME"
    case .connectionRefused: "is sshd running on it, and is spec.ssh.port right?"
    case .unreachable: "is it powered and plugged in, and is spec.address right?"
    case .connectTimedOut: "is it powered and plugged in? a firewall that drops packets looks the same"
    default: nil
    }
  }
}

extension WayLink {
  /// Which link of the way an attempt to connect broke at.
  fileprivate init?(broken error: SSHError) {
    // What lies before the node is the route to it, whatever is wrong there.
    if case .bastion = error.hop {
      self = .route
      return
    }
    switch error.code {
    case .resolveFailed: self = .name
    case .unreachable: self = .route
    case .connectRefused: self = .port
    case .hostKeyUnknown, .hostKeyChanged: self = .hostKey
    case .identityUnusable, .authenticationFailed: self = .userKey
    case .connectTimedOut where error.stage == .connecting: self = .route
    case .connectTimedOut, .timedOut, .closedBeforeBanner, .handshakeFailed, .connectionLost, .cancelled:
      switch error.stage {
      case .connecting, .identification: self = .port
      case .keyExchange: self = .keyExchange
      case .authentication: self = .userKey
      case nil: return nil
      }
    case .channelFailed, .outputLimitExceeded, .invalidArgument, .inputUnreadable, .uploadFailed, .uploadMismatch,
      .downloadFailed, .downloadMismatch:
      return nil
    }
  }
}
