/// The passphrase of one private key file. The key is decrypted when a server first wants it, once in a process, by a
/// private ssh-agent that ends with this process: bcrypt makes that slow on purpose, and libssh2 would do it again for
/// every log-in, on the thread of all connections.
public final class SSHPassphrase: Sendable {
  private let unlocked: SSHOnce<Result<SSHAgent, SSHIdentityProblem>>

  /// - Parameters:
  ///   - file: the private key.
  ///   - ask: as for `SSHPassword`; it is told the file.
  public init(of file: String, _ ask: @escaping @Sendable (String) async -> [UInt8]?) {
    unlocked = SSHOnce(keepsResult: true) {
      guard let passphrase = await ask(file), !passphrase.isEmpty else {
        return .failure(.encrypted(file))
      }
      return await SSHPrivateAgent.start(holding: file, passphrase)
    }
  }

  /// The agent that holds the decrypted key.
  func agent() async throws(SSHIdentityProblem) -> SSHAgent { try await unlocked.value().get() }
}

extension SSHIdentityProblem {
  /// The ways on with a key whose passphrase nobody gave.
  static func encrypted(_ file: String) -> SSHIdentityProblem {
    SSHIdentityProblem(
      text: "\(printable(file)): the key is encrypted and no passphrase was given: name it as a secret (passphrase: "
        + "{secret: NAME}), or add the key to an ssh-agent (ssh-add \(printable(file))), or take the passphrase away "
        + "(ssh-keygen -p -f \(printable(file)))")
  }
}
