import ArgumentParser
import FleetModel

/// The command line. It parses, wires and prints; it decides nothing about the fleet.
@main
struct Fleetd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleetd",
    abstract: "Keeps Raspberry Pi k3s fleets as one Git checkout says: shows every difference, then acts.",
    discussion: """
      fleetd --check             observe every node and print the plan; changes nothing
      fleetd --check --offline   validate the inventory: no network, no key, no secret
      fleetd --once              one pass that applies the plan, then observes again

      EXIT CODES
        0    in sync; after --once also: converged
        1    something failed, was refused or is stalled; wins over all others
        2    drift
        3    in sync as far as seen, some nodes could not be observed
        4    drift, and some nodes could not be observed
        64   wrong usage
        130  interrupted
      """,
    version: FleetdVersion.current)

  @Flag(help: "Observe every node and print the plan. Changes nothing.")
  var check = false

  @Flag(help: "One pass that applies the plan, then observes again.")
  var once = false

  @Flag(help: "With --check: validate the inventory only. No network, no key, no secret, no command run.")
  var offline = false

  @Option(
    name: .customLong("node"),
    help: ArgumentHelp("Change this node only; may be repeated. All nodes are observed.", valueName: "name"))
  var nodes: [String] = []

  @Option(
    name: [.customShort("l"), .customLong("selector")],
    help: ArgumentHelp("Change only nodes with this label; may be repeated.", valueName: "key=value"))
  var labels: [String] = []

  @Option(name: .shortAndLong, help: "How to print: text, json or markdown.")
  var output: OutputFormat = .text

  @Option(help: "Colours: auto, always or never. NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Show nodes in sync, whole values, and every change of a folded node.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "With --once: do not ask before deleting or disturbing.")
  var yes = false

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
    guard check != once else {
      throw ValidationError(check ? "--check and --once exclude each other" : "say what to do: --check or --once")
    }
    guard !offline || check else { throw ValidationError("--offline goes with --check") }
    guard !offline || output == .text else { throw ValidationError("--offline prints text only") }
    guard !yes || once else { throw ValidationError("--yes goes with --once") }
    for label in labels where label.split(separator: "=", maxSplits: 1).count != 2 {
      throw ValidationError("-l takes key=value, not \"\(label)\"")
    }
    let keys = labels.map { $0.prefix { $0 != "=" } }
    guard Set(keys).count == Set(labels).count else {
      throw ValidationError("-l names one key with two values; no node can have both")
    }
  }

  func run() async throws {
    Console.ignoreClosedPipes()
    let code = await Interruption.guarding { await Command(self).run() }
    throw ArgumentParser.ExitCode(code.rawValue)
  }

  /// What `--node` and `-l` select.
  var selection: NodeSelection {
    var wanted: [String: String] = [:]
    for label in labels {
      let halves = label.split(separator: "=", maxSplits: 1).map(String.init)
      wanted[halves[0]] = halves[1]
    }
    return NodeSelection(names: Set(nodes), labels: wanted)
  }
}

/// How a plan is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown
}

/// Whether colours are used.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
