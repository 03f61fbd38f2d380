import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile

/// `fleetd grant-check`: lets a key look at the fleet and do nothing else. It writes the inventory; a pass does the rest.
struct GrantCheck: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant-check",
    abstract: "Let a key, such as CI's, look at the nodes and do nothing else.",
    discussion: """
      Writes the public key into the Fleet's spec.checkAccess.keys. Like all that the inventory says, it comes to the nodes \
      with the next fleetd --once, or the daemon's next pass, once it is committed: fleetd --check shows it. Take the key \
      out of the inventory to revoke it. Whoever holds the private key says ssh: {access: check} in the configuration and \
      runs fleetd --check. See docs/check-key.md.

      EXIT CODES
        0    the key is in the inventory; with --dry-run: what would be written was shown
        1    something failed or was refused
        64   wrong usage
      """)

  @Argument(help: "The file of the public key: ssh-keygen -t ed25519 -f ci makes ci.pub.")
  var key: String

  @Flag(help: "Show what would be written, and write nothing.")
  var dryRun = false

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let line = try publicKey()
    let workspace = try Workspace(shared)
    switch CheckKeyEdit.adding(line, to: try workspace.repository.inventory()) {
    case nil:
      throw RunFailure("the inventory has no Fleet document")
    case .isThere(let file):
      Console.note("\(file) has this key already")
    case .byHand(let file, let text):
      throw RunFailure("\(file) is not written so that a key can be added to it", next: "write there by hand:\n\(text)")
    case .edited(let file, let before, let after):
      let diff = LineDiff.unified(from: before, to: after)
      guard Console.result(([file.name] + diff.map { TerminalText.escape($0) }).joined(separator: "\n") + "\n") else {
        return .failed
      }
      guard !dryRun else { return .inSync }
      try write(file, in: workspace.repository.root)
      Console.note(
        "written; it comes to the nodes when it is committed: fleetd --check shows it, fleetd --once does it")
    }
    return .inSync
  }

  private func publicKey() throws -> String {
    guard let text = try TextFile.read(key) else {
      throw RunFailure("there is no file \(key)", next: "ssh-keygen -t ed25519 -f ci makes ci and ci.pub; name ci.pub")
    }
    let lines = text.split(separator: "\n").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
    guard !text.contains("PRIVATE KEY") else {
      throw RunFailure("\(key) is a private key, and has no business here", next: "name the file beside it: \(key).pub")
    }
    guard lines.count == 1 else { throw RunFailure("\(key) holds \(lines.count) lines; one public key is expected") }
    if let problem = TextRule.checkKey.problem(with: lines[0]) {
      throw RunFailure("\(key): the key \(problem)", next: "ssh-keygen -t ed25519 -f ci makes one")
    }
    return lines[0]
  }

  private func write(_ file: InventoryFile, in root: String) throws {
    try InventoryWriter.replace("\(root)/\(file.name)", with: file.bytes)
  }
}
