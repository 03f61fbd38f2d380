/// What was seen on the way to one node, as far as it went.
package struct WayObservation: Sendable {
  /// What the address in the inventory stands for; empty when that is not known.
  package let addresses: [String]
  package let login: Result<Login, NodeFailure>

  /// What a connection showed that was let in.
  package struct Login: Sendable {
    /// `SSH-2.0-OpenSSH_9.2p1 Debian-2`.
    package let server: String
    /// Type and fingerprint of the host key that was accepted.
    package let hostKey: String
    /// What the server let in: a key's path, an agent's key.
    package let identity: String?
    /// The answer to `WayProbe`, which runs without sudo.
    package let answer: NodeObservation
    /// Why sudo does not work; `nil`: it does.
    package let sudo: NodeFailure?

    package init(server: String, hostKey: String, identity: String?, answer: NodeObservation, sudo: NodeFailure?) {
      self.server = server
      self.hostKey = hostKey
      self.identity = identity
      self.answer = answer
      self.sudo = sudo
    }
  }

  package init(addresses: [String], login: Result<Login, NodeFailure>) {
    self.addresses = addresses
    self.login = login
  }
}
