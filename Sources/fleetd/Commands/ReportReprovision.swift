import ArgumentParser
import FleetModel
import FleetRecord

/// `fleetd report reprovision`: the rebuilds of the fleet's nodes against their target.
struct ReportReprovision: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "reprovision",
    abstract: "Report how long nodes took from a blank card to converged, phase by phase. Asks no node.",
    discussion: """
      EXIT CODES
        0    it is printed
        1    the store cannot be read
        64   wrong usage
      """)

  @Option(help: ArgumentHelp("How many rebuilds, the newest first.", valueName: "n"))
  var limit = 100

  @Option(name: .shortAndLong, help: "How to print: text, json or markdown.")
  var output: OutputFormat = .text

  @Option(
    help: ArgumentHelp("The fleet, where the store knows several; default: the one that it knows.", valueName: "name"))
  var fleet: String?

  @OptionGroup var options: StoreOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 10000") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let store = try options.store()
    let now = ClockReading.now()
    let fleet = try fleetName(in: store)
    let report = ReprovisionReport(
      fleet: fleet, rebuilds: try store.rebuilds(of: fleet, last: limit),
      availability: try store.availability(of: fleet, at: now), at: now)
    let text =
      switch output {
      case .text: report.text
      case .json: JSONRenderer().render(report.json)
      case .markdown: report.markdown
      }
    return Console.result(text) ? .inSync : .failed
  }

  private func fleetName(in store: FleetStore) throws -> String {
    let known = try store.fleets()
    if let fleet {
      guard !known.isEmpty, !known.contains(fleet) else { return fleet }
      let hint = Suggestion.hint(for: fleet, among: known).map { "; \($0)" } ?? ""
      throw UsageFailure("--fleet \(TerminalText.escape(fleet)): no record names it\(hint)")
    }
    guard known.count < 2 else {
      throw UsageFailure("the store knows several fleets; add --fleet: \(known.joined(separator: ", "))")
    }
    return known.first ?? "(none yet)"
  }
}
