import ArgumentParser
import FleetApply
import FleetModel
import NIOCore
import NIOPosix
import Synchronization

/// `fleetd exec`: a person's command on many nodes, outside of the desired state.
struct Exec: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a command on the nodes, outside of the desired state.",
    usage: "fleetd exec [--node <name>] [-l <key=value>] [--sudo] [--timeout <duration>] -- <command> [<argument> ...]",
    discussion: """
      The command runs on the selected nodes (all of them, unless --node or -l says otherwise), several at a time, with \
      its standard input closed. It gets its arguments as they are: for a shell's pipes and stars write \
      -- sh -c 'COMMAND'. Each line of its output carries its node's name.

      What it changes is no part of the desired state: the next check shows where the two differ.

      EXIT CODES
        0    the command ended with 0 on every node
        1    on some node it did not, or could not be run
        64   wrong usage
        130  interrupted
      """)

  @OptionGroup var selected: SelectionOptions

  @Flag(help: "Run it as root, by sudo.")
  var sudo = false

  @Option(
    help: ArgumentHelp("How long it may take on a node, such as 30s or 10m; default 1m.", valueName: "duration"),
    transform: { text in
      guard let duration = DurationText.parse(text), duration > .zero else {
        throw ValidationError("\"\(TerminalText.escape(text))\" is no duration: write 90s, 5m or 1h30m")
      }
      return duration
    })
  var timeout: Duration = .seconds(60)

  @OptionGroup var shared: SharedOptions

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
  var command: [String] = []

  func validate() throws {
    guard let name = command.first else { throw ValidationError("say what to run: fleetd exec -- COMMAND") }
    guard !name.isEmpty else { throw ValidationError("the command's name is empty") }
    guard !command.contains(where: { $0.utf8.contains(0) }) else { throw ValidationError("an argument holds NUL") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let selection = try selected.selection(in: workspace.fleet)
    let nodes = workspace.fleet.nodes.filter(selection.contains)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    let links = try await wiring.links(to: nodes)
    let report = ExecReport()
    await RemoteCommand(command, asRoot: sudo, deadline: timeout).run(on: links) { report.add($1, of: $0) }
    for link in links { await link.close() }
    try await group.shutdownGracefully()
    return report.finish(of: nodes.count)
  }
}

/// Prints what each node answered, and keeps what failed for the end.
private final class ExecReport: Sendable {
  private struct State {
    var problems: [String: String] = [:]
    var isWritten = true
  }

  private let state = Mutex(State())

  /// Called from many tasks; a node's lines stay together.
  func add(_ outcome: RemoteCommand.Outcome, of node: String) {
    state.withLock { state in
      switch outcome {
      case .ended(let output, let errors, let problem):
        state.isWritten = Console.result(Self.lines(of: output, node)) && state.isWritten
        Console.text(Self.lines(of: errors, node))
        state.problems[node] = problem
      case .failed(let failure):
        state.problems[node] = failure.message + (failure.next.map { "\n  = \($0)" } ?? "")
      }
    }
  }

  func finish(of count: Int) -> FleetModel.ExitCode {
    let state = state.withLock { $0 }
    for (node, problem) in state.problems.sorted(by: { $0.key < $1.key }) { Console.note("\(node): \(problem)") }
    if !state.problems.isEmpty, count > 1 { Console.note("failed on \(state.problems.count) of \(count) nodes") }
    return state.problems.isEmpty && state.isWritten ? .inSync : .failed
  }

  /// Escaped, each with the node's name; a last line without a line break gets one.
  private static func lines(of bytes: [UInt8], _ node: String) -> String {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      "\(node): \(TerminalText.escape(bytes: line, keepingTabs: true))\n"
    }.dropLast(bytes.isEmpty || bytes.last == 0x0A ? 1 : 0).joined()
  }
}
