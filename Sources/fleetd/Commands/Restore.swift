import ArgumentParser
import FleetModel

/// `fleetd restore`: a backup becomes the state of a new control node.
struct Restore: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a backup back onto a new control node, whose state directory is empty.",
    discussion: """
      It is about the control node. The cluster's datastore is put back by fleetd snapshot restore.

      A restore that was interrupted is gone on with by the same command.

      EXIT CODES
        0    it is restored
        1    it was refused, or failed
        64   wrong usage
      """)

  @Argument(help: "The file that fleetd backup wrote.", completion: .file())
  var file: String

  @OptionGroup var options: StoreOptions

  func execute() async throws -> FleetModel.ExitCode {
    let restored = try ControlNodeBackup(options.configuration()).restore(from: file)
    let names = TerminalText.escape(restored.joined(separator: ", "))
    return Console.result("restored: \(names)\nfleetd --check shows whether all nodes are reached\n")
      ? .inSync : .failed
  }
}
