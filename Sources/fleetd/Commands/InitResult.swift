import FleetModel
import FleetReconcile
import FoundationEssentials

/// What `fleetd init` leaves behind, and says about it.
struct InitResult: Sendable {
  /// As it was typed.
  let root: String
  /// `--config`.
  let config: String?
  let home: String

  /// The check that follows.
  var nextCommand: String { "fleetd --check --repo \(root)" + (config.map { " --config \($0)" } ?? "") }

  /// What keeps the next check from working after sudo's password was typed for this one.
  var passwordNote: String {
    "sudo asked for a password, which is kept nowhere, and a check asks nobody: name it as sudo.password in "
      + "\(NewControlNode(at: config, home: home).path), or let fleetd enroll make an account that needs none"
  }

  /// Writes the files, makes a Git repository where there is none, and says so.
  static func write(_ files: [InventoryFile], to root: String) async throws {
    let repository = NewRepository(at: root, files: files)
    try repository.write()
    var lines = ["wrote \(files.count) files to \(root)"]
    lines += files.map { "  \($0.name)" }
    switch await GitStart.begin(at: root) {
    case .made: lines.append("git init: \(root) is a Git repository now; nothing is committed yet")
    case .isCheckout: lines.append("\(root) is in a Git checkout already; nothing is committed yet")
    case .failed(let message): lines.append("no Git repository was made: \(TerminalText.escape(message))")
    }
    _ = Console.result(lines.joined(separator: "\n") + "\n")
  }

  /// The same, with what the control node must keep; all of it or nothing.
  ///
  /// - Parameter configuration: the one that is there. A secret that it defines already is not written again.
  func write(
    _ repository: AdoptedRepository, _ vault: SecretVault, identity: String?, configuration: ControlNodeConfiguration
  ) async throws {
    let control = NewControlNode(at: config, home: home)
    let missing = repository.secrets.map(\.name).filter { configuration.secrets[$0] == nil }
    let node = AdoptedControlNode(
      identity: identity.flatMap { path in
        configuration.identities.contains { if case .file(path, _) = $0 { true } else { false } } ? nil : path
      },
      secrets: missing.map { ($0, control.path(of: SecretReference($0))) })
    let made = try control.write(node, vault, checkout: absoluteRoot)
    do {
      try await Self.write(repository.files, to: root)
    } catch {
      NewControlNode.undo(made)
      throw error
    }
    var lines = node.secrets.map { "the secret \($0.name) is kept in \($0.path), which only you can read" }
    if control.exists, !node.isEmpty {
      lines.append("add to spec of \(control.path):\n\n\(node.additions)")
    } else if !node.isEmpty {
      lines.append("wrote \(control.path), the control node's own configuration")
    }
    if !lines.isEmpty { _ = Console.result(lines.joined(separator: "\n") + "\n") }
  }

  private var absoluteRoot: String {
    let path = root.hasPrefix("/") ? root : "\(FileManager.default.currentDirectoryPath)/\(root)"
    return path.hasSuffix("/.") ? String(path.dropLast(2)) : path
  }
}
