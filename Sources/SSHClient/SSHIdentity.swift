/// Something to log in with.
public enum SSHIdentity: Sendable {
  /// A file in OpenSSH's own format or PEM, not encrypted, Ed25519 or ECDSA. RSA needs libssh2 1.11.
  case file(path: String)
  /// Where no key was accepted: sent to a server whose host key was verified, once, by the method `password`, or by
  /// `keyboard-interactive` where that asks a single hidden question. Of several the first counts.
  case password(SSHPassword)
}

/// A private key that was read and can be used.
struct SSHPrivateKey {
  /// Where it came from, for messages.
  let name: String
  /// The file, as libssh2 wants it.
  let bytes: [UInt8]
}

/// Why a private key cannot be used, in words: `/etc/fleetd/id_rsa: …`.
struct SSHIdentityProblem: Error {
  let text: String
}
