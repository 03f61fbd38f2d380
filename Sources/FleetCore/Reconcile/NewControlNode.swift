import FleetApply
package import FleetModel
import FoundationEssentials
import SystemPackage

/// Writes what `fleetd init --from` must keep on the control node: secrets in files of their own, and a configuration
/// that names them, where there is none.
package struct NewControlNode: Sendable {
  /// The configuration; it may exist.
  package let path: String
  package let exists: Bool

  /// - Parameter explicit: `--config`.
  package init(at explicit: String?, home: String) {
    let own = "\(home)/.config/fleetd/fleetd.yaml"
    let present = [ControlNode.systemPath, own].first { FileStatus(of: $0) != nil }
    path = explicit ?? present ?? own
    exists = FileStatus(of: path) != nil
  }

  /// Where a secret is kept: beside the configuration.
  package func path(of secret: SecretReference) -> String {
    FilePath(path).removingLastComponent().appending(secret.name).string
  }

  /// Writes the secrets, readable for their owner alone, and the configuration, where there is none. What exists stays;
  /// a file of that name with something else in it is an error.
  ///
  /// - Parameter checkout: the repository's absolute path.
  /// - Returns: the paths that were made, for an undo.
  package func write(
    _ node: AdoptedControlNode, _ vault: SecretVault, checkout: String
  ) throws(RunFailure) -> [String] {
    var made: [String] = []
    do throws(RunFailure) {
      for secret in node.secrets { try write(SecretReference(secret.name), vault, &made) }
      if !exists, !node.isEmpty {
        try NewFile.makeDirectories(of: path, &made, isPrivate: true)
        try NewFile.write(node.document(checkout: checkout).bytes, to: path, isPrivate: true)
        made.append(path)
      }
    } catch {
      Self.undo(made)
      throw error
    }
    return made
  }

  package static func undo(_ made: [String]) {
    for path in made.reversed() { try? FileManager.default.removeItem(atPath: path) }
  }

  private func write(_ secret: SecretReference, _ vault: SecretVault, _ made: inout [String]) throws(RunFailure) {
    guard let bytes = Content(secret: secret).bytes(with: vault) else { return }
    let path = path(of: secret)
    guard FileStatus(of: path) == nil else {
      guard let present = FileManager.default.contents(atPath: path).map(Array.init),
        present == bytes + [0x0A] || present == bytes
      else {
        throw RunFailure(
          "\(path) exists and holds another secret; nothing was written",
          next: "move it away, or keep this fleet's configuration elsewhere: --config FILE")
      }
      return
    }
    try NewFile.makeDirectories(of: path, &made, isPrivate: true)
    try NewFile.write(bytes + [0x0A], to: path, isPrivate: true)
    made.append(path)
  }
}
