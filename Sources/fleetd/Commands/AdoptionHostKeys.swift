import FleetModel
import FleetReconcile
import NIOCore
import SSHClient

/// Which host keys are believed for hosts that no inventory pins yet: those of a file, or those that somebody compared.
struct AdoptionHostKeys: Sendable {
  let targets: [AdoptionTarget]
  /// A known_hosts file that is believed.
  let acceptedFile: String?

  /// The keys of each target, in their order. Throws when a key is missing or was not accepted.
  func keys(on group: any EventLoopGroup) async throws -> [[SSHPublicKey]] {
    if let acceptedFile { return try keys(in: acceptedFile) }
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      throw RunFailure(
        "host keys must be looked at, and there is no terminal to ask on",
        next: "give --accept-host-keys-from FILE, a known_hosts file that you trust")
    }
    let offered = try await offered(on: group)
    Console.progress("host keys, as offered:")
    for (target, key) in zip(targets, offered) { Console.progress("  \(target)  \(key)") }
    Console.progress("compare each on the host's own console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
    guard Console.confirm("Are these the hosts' keys? They will be pinned in the inventory.") else {
      throw RunFailure("the host keys were not accepted; nothing was written")
    }
    return offered.map { [$0] }
  }

  private func keys(in file: String) throws -> [[SSHPublicKey]] {
    guard let text = try TextFile.read(file) else { throw UsageFailure("there is no file \(file)") }
    let known = try SSHKnownHosts(parsing: text, file: file)
    let keys = targets.map { known.keys(host: $0.host, port: $0.port) }
    let missing = zip(targets, keys).filter { $0.1.isEmpty }.map { $0.0.description }
    guard missing.isEmpty else {
      throw RunFailure(
        "\(file) has no key of \(missing.joined(separator: ", "))",
        next: "leave --accept-host-keys-from out to be asked about the keys that are offered")
    }
    return keys
  }

  /// Of each host the key that is preferred; all that cannot be reached are told at once.
  private func offered(on group: any EventLoopGroup) async throws -> [SSHPublicKey] {
    let answers = await withTaskGroup(of: (Int, Result<SSHPublicKey?, SSHError>).self) { tasks in
      for (index, target) in targets.enumerated() {
        tasks.addTask {
          let destination = SSHDestination(host: target.host, port: target.port, user: target.user)
          do throws(SSHError) {
            return (index, .success(try await SSHConnection.hostKeys(of: destination, on: group).first))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var answers: [Int: Result<SSHPublicKey?, SSHError>] = [:]
      for await (index, answer) in tasks { answers[index] = answer }
      return answers
    }
    var keys: [SSHPublicKey] = []
    var problems: [String] = []
    for (index, target) in targets.enumerated() {
      switch answers[index] {
      case .success(let key?): keys.append(key)
      case .failure(let error): problems.append(error.description)
      case .success(nil), nil: problems.append("\(target): it offers no host key that fleetd can verify")
      }
    }
    guard problems.isEmpty else { throw RunFailure.unreachable(problems) }
    return keys
  }
}

extension RunFailure {
  /// Hosts that cannot be taken over now.
  static func unreachable(_ problems: [String]) -> RunFailure {
    RunFailure(
      problems.joined(separator: "\n"), next: "mend them, or leave them out of --from; nothing was written")
  }
}
