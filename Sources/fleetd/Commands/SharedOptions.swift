import ArgumentParser
import FleetModel

/// The options of every command that reads the state repository.
struct SharedOptions: ParsableArguments, Sendable {
  @Flag(name: .shortAndLong, help: "Cut, fold and leave out nothing: also what is in sync.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "On standard error only what failed: no progress.")
  var quiet = false

  @Option(help: "Colours: auto, always or never. NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  @Option(
    help: ArgumentHelp(
      "The state repository; default: the configured checkout, else the current directory.", valueName: "dir"))
  var repo: String?

  @Option(
    help: ArgumentHelp(
      "The control node's configuration; default /etc/fleetd/fleetd.yaml, ~/.config/fleetd/fleetd.yaml.",
      valueName: "file"))
  var config: String?

  func validate() throws {
    guard !verbose || !quiet else { throw ValidationError("--verbose and --quiet exclude each other") }
  }

  /// Whether what is printed on standard output is coloured.
  var isColored: Bool {
    let isWanted = Console.variable("NO_COLOR") == nil && Console.isTerminal(1)
    return color == .always || (color == .auto && isWanted)
  }
}

/// Whether colours are used.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
