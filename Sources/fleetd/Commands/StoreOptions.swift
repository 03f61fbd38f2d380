import ArgumentParser
import FleetModel
import FleetReconcile
import FleetRecord

/// The options of commands that read the store and nothing else: no checkout, no node.
struct StoreOptions: ParsableArguments, Sendable {
  @Option(
    help: ArgumentHelp(
      "The control node's configuration; default /etc/fleetd/fleetd.yaml, ~/.config/fleetd/fleetd.yaml.",
      valueName: "file"))
  var config: String?

  /// The store, to be read.
  func store() throws -> FleetStore {
    try FleetStore(reading: StateDirectory.store(configuration()))
  }

  func configuration() throws -> ControlNodeConfiguration {
    try ControlNode.configuration(at: config, home: Console.variable("HOME"))
  }
}

/// How records are printed.
enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
