package import FleetModel
import Subprocess

/// Fetches the secrets that the inventory names from where the control node's configuration says.
package enum SecretReader {
  /// Only what is named is read. A name that is not defined is left out: the nodes that need it are refused.
  ///
  /// A line break at the end is not part of a secret: editors and `echo` add it.
  package static func read(
    _ references: some Sequence<SecretReference>, from configuration: ControlNodeConfiguration,
    environment: [String: String]
  ) async throws(RunFailure) -> SecretVault {
    var secrets: [String: Secret] = [:]
    for name in Set(references.map(\.name)).sorted() {
      guard let source = configuration.secrets[name] else { continue }
      let bytes = try await bytes(of: source, name, environment)
      guard !bytes.isEmpty else { throw RunFailure("the secret \(name) is empty") }
      secrets[name] = Secret(bytes)
    }
    return SecretVault(secrets)
  }

  private static func bytes(
    of source: SecretSource, _ name: String, _ environment: [String: String]
  ) async throws(RunFailure) -> [UInt8] {
    switch source {
    case .file(let path):
      return trimmed(try SecretFile.read(path, for: name))
    case .credential(let credential):
      guard let directory = environment["CREDENTIALS_DIRECTORY"] else {
        throw RunFailure(
          "the secret \(name) is a systemd credential, and there is no CREDENTIALS_DIRECTORY",
          next: "run fleetd as a unit with LoadCredential=\(credential):PATH, or define the secret as a file")
      }
      return trimmed(try SecretFile.read("\(directory)/\(credential)", for: name, isCredential: true))
    case .environment(let variable):
      guard let value = environment[variable] else {
        throw RunFailure("the secret \(name) comes from $\(variable), which is not set")
      }
      return trimmed(Array(value.utf8))
    case .command(let words):
      return try await command(words, name)
    }
  }

  private static func command(_ words: [String], _ name: String) async throws(RunFailure) -> [UInt8] {
    do {
      let result = try await run(
        Executable(of: words), arguments: Arguments(Array(words.dropFirst())),
        output: .bytes(limit: SecretFile.maximumSize),
        error: .discarded)
      guard result.terminationStatus.isSuccess else {
        throw RunFailure("the command of the secret \(name) failed: \(words[0]) (\(result.terminationStatus))")
      }
      return trimmed(result.standardOutput)
    } catch let failure as RunFailure {
      throw failure
    } catch {
      throw RunFailure("the command of the secret \(name) cannot be run: \(words[0])")
    }
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var rest = bytes[...]
    while rest.last == 0x0A || rest.last == 0x0D { rest.removeLast() }
    return Array(rest)
  }
}
