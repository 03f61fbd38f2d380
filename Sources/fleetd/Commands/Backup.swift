import ArgumentParser
import FleetModel

/// `fleetd backup`: what this control node keeps, in one file.
struct Backup: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Back up what this control node keeps into one file: the record, host keys, tokens.",
    discussion: """
      A run may go on meanwhile. Snapshots of the cluster are not in it, nor are the configuration and the keys and secrets \
      that it names; what is left out is said. Whoever has the file can join the cluster: it is written for its owner alone. \
      fleetd restore puts it back onto a new control node.

      EXIT CODES
        0    it is written
        1    it is not
        64   wrong usage
      """)

  @Argument(help: "The file to write; it must not exist.", completion: .file())
  var file: String

  @OptionGroup var options: StoreOptions

  func execute() async throws -> FleetModel.ExitCode {
    let (held, left) = try ControlNodeBackup(options.configuration()).write(to: file)
    for what in left { Console.note("not in it: \(what)") }
    let names = held.isEmpty ? "nothing: this control node keeps nothing yet" : held.joined(separator: ", ")
    return Console.result(TerminalText.escape("\(file) holds \(names)") + "\n") ? .inSync : .failed
  }
}
