import ArgumentParser
import FleetApply
import FleetModel

/// `fleetd snapshot list`: what this control node keeps. No node is asked.
struct SnapshotList: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the snapshots that this control node keeps, the newest first.",
    discussion: """
      EXIT CODES
        0    they are listed
        64   wrong usage
      """)

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let state = ControlNodeState(at: StateDirectory.path(workspace.configuration))
    let store = state.snapshots(of: workspace.fleet.name)
    let snapshots = store.list()
    guard !snapshots.isEmpty else {
      Console.note("no snapshot of \(workspace.fleet.name) is kept in \(store.directory)")
      return .inSync
    }
    return Console.result(SnapshotTable.text(of: snapshots)) ? .inSync : .failed
  }
}
