import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import SSHClient

/// The files of the control node that logging in needs: private keys and known hosts.
struct ControlNodeFiles: Sendable {
  private let configuration: ControlNodeConfiguration

  init(_ configuration: ControlNodeConfiguration) { self.configuration = configuration }

  var home: String { Console.variable("HOME") ?? "/root" }

  /// The file that fleetd itself writes. ssh's own is only read: what it trusts is its user's business.
  var knownHostsPath: String { configuration.knownHosts ?? "\(home)/.config/fleetd/known_hosts" }

  /// The configured file alone; without one fleetd's own, and ssh's for the hosts that it does not name. `nil`: there is
  /// no such file.
  func knownHosts() throws -> SSHKnownHosts? {
    let own = try Self.knownHosts(at: knownHostsPath)
    guard configuration.knownHosts == nil, let other = try Self.knownHosts(at: "\(home)/.ssh/known_hosts") else {
      return own
    }
    return own?.fallingBack(to: other) ?? other
  }

  private static func knownHosts(at path: String) throws -> SSHKnownHosts? {
    guard let text = try TextFile.read(path) else { return nil }
    return try SSHKnownHosts(parsing: text, file: path)
  }

  /// The key that `fleetd enroll` makes where there is none.
  var ownKeyPath: String { "\(home)/.config/fleetd/id_ed25519" }

  /// What to log in with, in the order in which it is tried. A passphrase whose secret is not in `vault` is asked for on
  /// the terminal, if there is one.
  func identities(_ vault: SecretVault = SecretVault()) throws(RunFailure) -> [SSHIdentity] {
    let usual = [ownKeyPath] + ["id_ed25519", "id_ecdsa"].map { "\(home)/.ssh/\($0)" }
    return try LoginIdentities.of(configuration, vault, usual: usual)
  }

  /// The same for a diagnosis.
  var identitiesInUse: Result<[ControlNodeObservation.Identity], ControlNodeObservation.Trouble> {
    do throws(RunFailure) {
      var found: [ControlNodeObservation.Identity] = []
      for identity in try identities() {
        if case .agent(let agent) = identity { found.append(.init(name: agent.name, mode: nil)) }
        guard case .file(path: let path, passphrase: _) = identity else { continue }
        guard access(path, R_OK) == 0 else {
          throw RunFailure("the key \(path) is not there, or this account may not read it", next: "ls -l \(path)")
        }
        // A link's own bits say nothing.
        let target = AbsolutePath.resolve(path) ?? path
        found.append(.init(name: path, mode: FileStatus(of: target)?.mode))
      }
      return .success(found)
    } catch {
      return .failure(.init(error.message, next: error.next))
    }
  }
}
