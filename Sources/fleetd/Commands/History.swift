import ArgumentParser
import FleetModel
import FleetRecord

/// `fleetd history`: which runs there were, or what they did to one node.
struct History: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the recorded runs, or what they did to one node and what happened to it. Asks no node.",
    discussion: """
      Each fleetd --once is recorded in the store beside the control node's state. fleetd show RUN has all of one: its \
      plan, what became of it, and the plan that was left.

      EXIT CODES
        0    they are listed; also: nothing was recorded of that node yet
        1    the store cannot be read
        64   wrong usage
      """)

  @Argument(help: "The node; default: the runs of the whole fleet.", completion: NodeNames.completion)
  var node: String?

  @Option(help: ArgumentHelp("How many runs, and how many events, the newest first.", valueName: "n"))
  var limit = 20

  @Option(name: .shortAndLong, help: "How to print: text or json.")
  var output: RecordFormat = .text

  @OptionGroup var options: StoreOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 10000") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let store = try options.store()
    if let node { try require(node, in: store) }
    let runs = try store.runs(of: node, last: limit)
    let events = try store.events(of: node, last: limit)
    if output == .json { return shown(JSONRenderer().render(RunHistoryJSON.list(of: runs, events))) }
    guard let node else {
      if runs.isEmpty { Console.note("no run is recorded in \(store.path) yet") }
      return runs.isEmpty ? .inSync : shown(RunHistoryText.table(of: runs))
    }
    if runs.isEmpty, events.isEmpty { Console.note("nothing was done to \(node) yet, and nothing happened to it") }
    return shown(RunHistoryText.history(of: node, in: runs, events))
  }

  private func shown(_ text: String) -> FleetModel.ExitCode { Console.result(text) ? .inSync : .failed }

  /// A node that left the fleet still has a history; a name that no record has is a mistake.
  private func require(_ name: String, in store: FleetStore) throws {
    let known = try store.nodeNames()
    guard !known.isEmpty, !known.contains(name) else { return }
    let hint = Suggestion.hint(for: name, among: known).map { "; \($0)" } ?? ""
    throw UsageFailure("\(TerminalText.escape(name)): no record names such a node\(hint)")
  }
}
