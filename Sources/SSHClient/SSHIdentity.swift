/// A private key to log in with.
public enum SSHIdentity: Sendable, Hashable {
  /// A file in OpenSSH's own format or PEM, not encrypted, Ed25519 or ECDSA. RSA needs libssh2 1.11.
  case file(path: String)
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
