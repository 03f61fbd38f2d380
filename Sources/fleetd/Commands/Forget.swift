import ArgumentParser
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// `fleetd forget`: ends the note about something that was applied once and is no longer declared.
struct Forget: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "End the note about something that fleetd once applied and nobody declares any more.",
    discussion: """
      It stays on the node as it is; only the node's own record is changed. The words are those of the note:

        fleetd forget pi3 package nfs-common
        fleetd forget pi3 file /etc/old.conf

      EXIT CODES
        0    the note is gone
        1    there is no such note, it is still declared, or the node could not be asked
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Argument(help: "The kind of resource, as the note has it.")
  var kind: String

  @Argument(help: "The name within the kind, as the note has it.")
  var name: String

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let spec = try workspace.fleet.require(node)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let pass = try await Wiring(configuration: workspace.configuration, group: group).pass(
      over: workspace.fleet, revision: .unknown("not needed"), selection: .all,
      progress: Progress(shared, isLive: false).sink)
    let code = await forget(on: spec, in: pass)
    await pass.close()
    try await group.shutdownGracefully()
    return code
  }

  private func forget(on spec: NodeSpec, in pass: FleetPass) async -> FleetModel.ExitCode {
    do throws(RunFailure) {
      try await pass.forget(NodeRecord.Entry(kind: kind, name: name), on: spec)
      let what = TerminalText.escape("\(kind) \(name)")
      return Console.result("\(node): \(what) is forgotten; it stays on the node as it is\n") ? .inSync : .failed
    } catch {
      Console.note(TerminalText.escape(error.message) + (error.next.map { "\n  = " + TerminalText.escape($0) } ?? ""))
      return .failed
    }
  }
}
