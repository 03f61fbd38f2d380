/// A bastion on the way to a host, as OpenSSH's ProxyJump: the connection to the host runs inside one to the bastion.
///
/// Each connection to a host has a connection to the bastion of its own, so that no host can hold up another. The
/// bastion sees encrypted bytes only, and no agent is forwarded to it.
public struct SSHJump: Sendable {
  /// The bastion.
  public var destination: SSHDestination
  /// Where the bastion's own host key must come from.
  public var hostKeys: SSHHostKeyPolicy
  /// What the bastion is entered with; tried in order.
  public var identities: [SSHIdentity]

  public init(destination: SSHDestination, hostKeys: SSHHostKeyPolicy, identities: [SSHIdentity]) {
    self.destination = destination
    self.hostKeys = hostKeys
    self.identities = identities
  }
}
