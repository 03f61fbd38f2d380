import ArgumentParser
import FleetModel

/// `fleetd reconcile`: the daemon looks now.
struct Reconcile: DaemonCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have the running daemon look at nodes now, and mend them where its mode allows it.",
    discussion: """
      It ends every wait after failures. Without a name all nodes are meant.

      EXIT CODES
        0    the daemon was told
        1    no daemon runs, or the fleet has no such node
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The nodes; default all.", completion: NodeNames.completion)
  var nodes: [String] = []

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    _ = try ask(
      .object([.init("do", .string("reconcile")), .init("nodes", .array(nodes.map { .string($0) }))]))
    return Console.result("told; fleetd status shows what comes of it\n") ? .inSync : .failed
  }
}
