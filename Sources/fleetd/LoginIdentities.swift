import FleetModel
import FleetReconcile
import Glibc
import SSHClient

/// What this run logs in with.
enum LoginIdentities {
  /// The configured ones; else the usual keys of this account and its agent.
  static func of(
    _ configuration: ControlNodeConfiguration, _ vault: SecretVault, usual candidates: [String]
  ) throws(RunFailure) -> [SSHIdentity] {
    guard configuration.identities.isEmpty else {
      var identities: [SSHIdentity] = []
      for identity in configuration.identities { identities.append(try resolve(identity, vault)) }
      return identities
    }
    return try defaults(candidates)
  }

  /// A file that a person named; its passphrase is asked for, should it have one.
  static func file(_ path: String) -> SSHIdentity { .file(path: path, passphrase: asked(path)) }

  private static func resolve(_ identity: LoginIdentity, _ vault: SecretVault) throws(RunFailure) -> SSHIdentity {
    switch identity {
    case .file(let path, nil):
      return file(path)
    case .file(let path, let reference?):
      guard let secret = vault[reference] else { return file(path) }
      return .file(path: path, passphrase: SSHPassphrase(of: path) { _ in secret.withBytes { $0 } })
    case .agent(let path?):
      return .agent(SSHAgent(path: path))
    case .agent(nil):
      guard let path = agentPath else {
        throw RunFailure(
          "ssh.identities names the ssh-agent of SSH_AUTH_SOCK, and that is not set",
          next: "start one (eval \"$(ssh-agent)\"), or name its socket: {agent: /run/user/1000/ssh-agent}")
      }
      return .agent(SSHAgent(path: path))
    }
  }

  private static func defaults(_ candidates: [String]) throws(RunFailure) -> [SSHIdentity] {
    let files = candidates.filter { access($0, R_OK) == 0 }
    let identities =
      files.map { file($0) }
      + [agentPath].compactMap { $0.map { .agent(SSHAgent(path: $0)) } }
    guard !identities.isEmpty else {
      throw RunFailure(
        "there is no key to log in with: neither \(candidates.joined(separator: " nor ")), nor an ssh-agent",
        next: "ssh-keygen -t ed25519, or name one under spec.ssh.identities of the control node's configuration")
    }
    return identities
  }

  /// Where a person can be asked.
  private static func asked(_ path: String) -> SSHPassphrase? {
    guard HiddenQuestion.canBeAsked else { return nil }
    return SSHPassphrase(of: path) { await HiddenQuestion.ask("passphrase of \($0):") }
  }

  private static var agentPath: String? {
    Console.variable("SSH_AUTH_SOCK").flatMap { $0.isEmpty ? nil : $0 }
  }
}
