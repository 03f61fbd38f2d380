import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import NIOCore
import NIOPosix

/// `fleetd snapshot save`: saves etcd on a living server, fetches the file and checks it.
struct SnapshotSave: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "save",
    abstract: "Save the cluster's etcd on a living server, and fetch the file and its token.",
    discussion: """
      The file is checked by size and SHA-256 against what the server says of it. Of the snapshots that fleetd took the \
      newest are kept, here and on the server; k3s' own scheduled ones stay as they are.

      EXIT CODES
        0    it is here, complete
        1    it is not: no server could save it, or it could not be fetched
        64   wrong usage
        130  interrupted
      """)

  @Option(help: "How many to keep.")
  var keep = SnapshotRequest.standardRetention

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (1...1000).contains(keep) else { throw ValidationError("--keep takes a number from 1 to 1000") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    try workspace.fleet.requireEtcd()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    let links = try await wiring.links(to: workspace.fleet.servers)
    let code = await save(workspace.fleet.name, over: links, into: wiring.state)
    for link in links { await link.close() }
    try await group.shutdownGracefully()
    return code
  }

  private func save(
    _ fleet: String, over links: [NodeLink], into state: ControlNodeState
  ) async -> FleetModel.ExitCode {
    let isQuiet = shared.quiet
    do throws(NodeFailure) {
      let snapshot = try await FleetApplier.takeSnapshot(
        SnapshotRequest(of: fleet, keeping: keep), over: links, state: state, now: { Int(time(nil)) }
      ) { what in
        if !isQuiet { Console.note(what) }
      }
      let path = state.snapshots(of: fleet).path(of: snapshot)
      return Console.result("\(snapshot.id)  \(snapshot.version)  \(SnapshotTable.size(of: snapshot))  \(path)\n")
        ? .inSync : .failed
    } catch {
      Console.note(error.message + (error.next.map { "\n  = \($0)" } ?? ""))
      return .failed
    }
  }
}

extension Fleet {
  /// Throws where there is nothing that could be saved, and says what can be done instead.
  func requireEtcd() throws(RunFailure) {
    guard let k3s, !servers.isEmpty else { throw RunFailure("the fleet \(name) has no k3s server") }
    guard k3s.datastore == .etcd else {
      throw RunFailure(
        "the datastore of \(name) is sqlite: a copy that is taken while k3s runs may be torn, so none is taken",
        next:
          "on \(servers[0].name), as root: systemctl stop k3s; copy /var/lib/rancher/k3s/server/db and server/token; "
          + "systemctl start k3s")
    }
  }
}
