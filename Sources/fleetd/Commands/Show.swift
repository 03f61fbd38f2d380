import ArgumentParser
import FleetModel
import FleetReconcile
import FleetRecord

/// `fleetd show`: all that is recorded of one run.
struct Show: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one recorded run: its plan, what became of each change, and the plan that was left.",
    discussion: """
      EXIT CODES
        0    it is shown
        1    the store cannot be read
        64   wrong usage; also: no run, or more than one, has that id
      """)

  @Argument(help: "The run, as fleetd history has it; the beginning of its id is enough, and last is the newest.")
  var run: String

  @Option(name: .shortAndLong, help: "How to print: text or json.")
  var output: RecordFormat = .text

  @OptionGroup var options: StoreOptions

  func execute() async throws -> FleetModel.ExitCode {
    let record = try found(in: options.store())
    let text =
      output == .json ? JSONRenderer().render(RunHistoryJSON.detail(of: record)) : RunHistoryText.detail(of: record)
    return Console.result(text) ? .inSync : .failed
  }

  private func found(in store: FleetStore) throws -> RunRecord {
    if run == "last" {
      guard let newest = try store.runs(last: 1).first else {
        throw RunFailure("no run is recorded in \(store.path) yet", next: "fleetd --once records its runs")
      }
      return newest
    }
    let runs = run.isEmpty ? [] : try store.runs(beginningWith: run)
    if let exact = runs.first(where: { $0.id == run }) { return exact }
    guard let first = runs.first else {
      throw UsageFailure("there is no run \(TerminalText.escape(run)); fleetd history lists them")
    }
    guard runs.count == 1 else {
      let ids = runs.prefix(4).map(\.id).joined(separator: ", ") + (runs.count > 4 ? ", …" : "")
      throw UsageFailure("several runs begin with \(TerminalText.escape(run)): \(ids)")
    }
    return first
  }
}
