import ArgumentParser

/// `fleetd report`: evidence from the store.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Report from the record: rebuilds against their target, and availability.",
    discussion: """
      fleetd report reprovision has every rebuild with its phases, what each phase takes, and the availability of the API \
      and of the nodes over 30 days.
      """,
    subcommands: [ReportReprovision.self])
}
