import ArgumentParser
import FleetModel

/// `fleetd --check` and `fleetd --once`: one pass over the fleet. Without either: the daemon.
struct Pass: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "pass",
    abstract: "One pass over the fleet; what fleetd does without a command.",
    usage: Fleetd.configuration.usage,
    shouldDisplay: false)

  static let interruptionNote: String? = "steps that run on nodes as units go on there; the next run finds them"

  @Flag(help: "Observe every node and print the plan. Changes nothing.")
  var check = false

  @Flag(help: "One pass that applies the plan, then observes again.")
  var once = false

  @Flag(
    help: "With --check: validate the inventory and the manifests only. No network, no key, no secret, no command run.")
  var offline = false

  @Option(
    name: .customLong("found-new-cluster"),
    help: ArgumentHelp(
      "With --once: the fleet's old cluster is gone for good, a new one is founded.", valueName: "fleet"))
  var foundNewCluster: String?

  @Option(
    name: .customLong("allow-deletions"),
    help: ArgumentHelp(
      "Delete up to so many Kubernetes objects, where manifests.maxDeletions allows fewer.", valueName: "n"))
  var allowDeletions: Int?

  @Option(
    help: ArgumentHelp(
      "With --check: what this branch changes since it left REV, desired state against desired state; as offline.",
      valueName: "rev"))
  var base: String?

  @OptionGroup var selected: SelectionOptions

  @Option(name: .shortAndLong, help: "How to print: text, json or markdown; offline also github or gitlab.")
  var output: CheckOutput = .text

  @Flag(name: .shortAndLong, help: "With --once: do not ask before deleting or disturbing.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard !check || !once else { throw ValidationError("--check and --once exclude each other") }
    guard !offline || check else { throw ValidationError("--offline goes with --check") }
    guard base == nil || check else { throw ValidationError("--base goes with --check") }
    guard isOffline || output.format != nil else {
      throw ValidationError("--output \(output.rawValue) goes with --check --offline")
    }
    guard !offline || base != nil || output.format == nil || output == .text else {
      throw ValidationError("--offline prints text, github or gitlab; with --base also json and markdown")
    }
    guard !isOffline || selected.nodes.isEmpty && selected.labels.isEmpty else {
      throw ValidationError("--node and -l go with a pass over nodes; an offline check reads all of the repository")
    }
    guard allowDeletions.map({ $0 >= 0 }) ?? true else {
      throw ValidationError("--allow-deletions takes a number of objects")
    }
    guard allowDeletions == nil || once || check && !isOffline else {
      throw ValidationError("--allow-deletions goes with --once, or with --check to see what it would do")
    }
    guard !yes || once else { throw ValidationError("--yes goes with --once") }
    guard foundNewCluster == nil || once || check && !isOffline else {
      throw ValidationError("--found-new-cluster goes with --once, or with --check to see what it would do")
    }
  }

  /// Whether no node is looked at.
  var isOffline: Bool { offline || base != nil }

  /// The daemon follows signals by itself: it ends in order.
  func run() async throws {
    guard !check, !once else { return try await runGuarded() }
    Console.ignoreClosedPipes()
    throw ArgumentParser.ExitCode(await reported().rawValue)
  }

  func execute() async throws -> FleetModel.ExitCode {
    guard !check, !once else { return try await PassRun(self).run() }
    // Not a matter of `validate`: a mistyped command or option shall be told first.
    guard output == .text, selected.nodes.isEmpty, selected.labels.isEmpty else {
      throw UsageFailure("--output, --node and -l go with --check or --once; without either, fleetd is the daemon")
    }
    return try await DaemonRun(shared).run()
  }
}

/// How a check is printed: as a plan is, or as what forges show beside a line.
enum CheckOutput: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, github, gitlab

  /// `nil`: it is none of a plan's.
  var format: OutputFormat? { OutputFormat(rawValue: rawValue) }
}

/// How a plan is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown
}
