/// Something to log in with.
public enum SSHIdentity: Sendable {
  /// A file in OpenSSH's own format or PEM, Ed25519 or ECDSA; RSA needs libssh2 1.11. An encrypted one is used through an
  /// agent among the identities that holds it, else with its passphrase.
  case file(path: String, passphrase: SSHPassphrase? = nil)
  /// All keys of an ssh-agent, in its order.
  case agent(SSHAgent)
  /// Where no key was accepted: sent to a server whose host key was verified, once, by the method `password`, or by
  /// `keyboard-interactive` where that asks a single hidden question. Of several the first counts.
  case password(SSHPassword)
}

/// A private key that can be used.
struct SSHPrivateKey {
  /// Where it came from, for messages.
  let name: String
  /// Nil for a PEM file, which does not say it.
  let publicKey: SSHPublicKey?
  let signer: Signer

  enum Signer {
    /// libssh2, from the file's bytes.
    case file([UInt8])
    case agent(SSHAgent)
    /// An agent that is made when the server has accepted the public key.
    case passphrase(SSHPassphrase)
  }
}

/// Why an identity cannot be used, in words: `/etc/fleetd/id_rsa: …`.
struct SSHIdentityProblem: Error {
  let text: String
}
