import FleetApply
package import FleetModel
import Subprocess

/// Decrypts files of cluster/ in memory, by the control node's own command. Nothing decrypted is written to a disk here.
package struct ManifestDecryption: Sendable {
  private let configuration: Decryption?

  /// - Parameter configuration: `nil`: there is no command.
  package init(_ configuration: Decryption?) { self.configuration = configuration }

  /// The files, decrypted where the configuration covers them, and what kept others from being read.
  package func decrypted(_ files: [ManifestFile]) async -> (files: [ManifestFile], failures: [Finding]) {
    var result: [ManifestFile] = []
    var failures: [Finding] = []
    for file in files {
      guard configuration?.covers(file.name) == true || file.state == .encrypted else {
        result.append(file)
        continue
      }
      do throws(NodeFailure) {
        result.append(try await decrypted(file))
      } catch {
        result.append(ManifestFile(name: file.name, bytes: [], state: .encrypted))
        failures.append(
          Finding(.blocked, error.reason, .objects, error.message, next: error.next))
      }
    }
    return (result, failures)
  }

  private func decrypted(_ file: ManifestFile) async throws(NodeFailure) -> ManifestFile {
    guard let configuration, configuration.covers(file.name) else {
      throw NodeFailure(
        .manifestDecryptFailed, "\(file.name) is encrypted, and this control node decrypts no such file",
        next: "name it in spec.decrypt.files of the control node's configuration")
    }
    let process = FilterProcess(words: configuration.command, timeout: configuration.timeout)
    switch await process.run(reading: file.bytes) {
    case .ended(let bytes):
      return ManifestFile(name: ManifestFile.decryptedName(of: file.name), bytes: bytes, state: .decrypted)
    case .failed(let why):
      throw NodeFailure(
        .manifestDecryptFailed, "\(file.name) cannot be decrypted: \(configuration.command[0]): \(why)",
        next: "run the command of spec.decrypt by hand, as the account that runs fleetd")
    }
  }
}
