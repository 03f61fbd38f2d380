/// How to connect: whom to believe, as whom to log in, how long to wait.
public struct SSHConfiguration: Sendable {
  /// Where the host key must come from. Pinned keys win over a known_hosts file: pass `.pinned` where there are any.
  public var hostKeys: SSHHostKeyPolicy
  /// Private keys, tried in order, then the password.
  public var identities: [SSHIdentity]
  /// The time for everything up to the end of authentication: name resolution, TCP, banner, key exchange, log-in,
  /// at the bastion and at the host together.
  public var connectDeadline: Duration
  /// Seconds of silence after which the kernel asks whether the peer still lives (TCP keepalive). A peer that does not
  /// answer three probes, five seconds apart, is lost. Nothing is sent inside SSH for it.
  public var keepaliveInterval: Duration
  /// The bastion to go through; nil: none.
  public var jump: SSHJump?

  public init(
    hostKeys: SSHHostKeyPolicy,
    identities: [SSHIdentity],
    connectDeadline: Duration = .seconds(10),
    keepaliveInterval: Duration = .seconds(15),
    jump: SSHJump? = nil
  ) {
    self.hostKeys = hostKeys
    self.identities = identities
    self.connectDeadline = connectDeadline
    self.keepaliveInterval = keepaliveInterval
    self.jump = jump
  }
}
