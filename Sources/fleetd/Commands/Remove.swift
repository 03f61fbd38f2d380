import ArgumentParser
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// `fleetd remove`: takes a node out of the cluster, and k3s off its machine.
struct Remove: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a node out of the cluster, and k3s off its machine.",
    discussion: """
      Moves the node's pods to others, deletes its Node object, its node password and its member of etcd, then uninstalls \
      k3s with all its data, local volumes included. Shows what it will do, and asks. At the end it says what it could not \
      undo. A second run goes on where one that failed stopped.

      The last server, and a member of etcd that the others cannot do without, are refused. Delete the node's document \
      afterwards: the next run would join it again.

      EXIT CODES
        0    the node is out
        1    it is not, or not wholly: something failed or was refused, or nobody agreed
        64   wrong usage
        130  interrupted
      """)

  static let interruptionNote: String? = "run it again: it goes on where it stopped"

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Flag(help: "The cluster's side alone: the machine cannot be reached, or is gone.")
  var unreachable = false

  @Flag(help: "Do not move its pods to other nodes first.")
  var noDrain = false

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    if !unreachable { try workspace.fleet.requireOrRemoved(node) }
    let fleet = workspace.fleet
    let lock = try RunLock(in: StateDirectory.path(workspace.configuration), of: fleet.name)
    defer { lock.release() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let progress = Progress(shared)
    let pass = try await Wiring(configuration: workspace.configuration, group: group).pass(
      over: fleet, revision: .unknown("not needed"), selection: .all, holder: RunLock.holder(of: fleet.name),
      progress: progress.sink)
    let code = try await remove(in: pass, of: fleet, progress)
    await pass.close()
    try await group.shutdownGracefully()
    return code
  }

  private func remove(in pass: FleetPass, of fleet: Fleet, _ progress: Progress) async throws -> FleetModel.ExitCode {
    let options = Removal.Options(isUnreachable: unreachable, isDrained: !noDrain)
    let removal = await progress.showing { await pass.removal(of: node, options) }
    let text = RemovalText(style: TerminalStyle(isColored: shared.isColored), isVerbose: shared.verbose)
    guard Console.result(text.render(removal, from: fleet.name)), removal.obstacles.isEmpty else { return .failed }
    guard try isAgreed() else {
      Console.note("nothing was changed")
      return .failed
    }
    let failure = await progress.showing { () async -> StepFailure? in
      do throws(StepFailure) {
        try await pass.remove(removal)
        return nil
      } catch {
        return error
      }
    }
    if let failure {
      let next = failure.failure.next.map { "\n  = " + $0 } ?? ""
      Console.note(
        "\(node): \(failure.step): \(failure.failure.message)\(next)\n  = run it again: it goes on where it stopped")
      return .failed
    }
    let mark = fleet.node(named: node).map { "\($0.mark)" }
    return Console.result(text.outcome(of: removal, document: mark)) ? .inSync : .failed
  }

  private func isAgreed() throws(RunFailure) -> Bool {
    if yes { return true }
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      throw RunFailure("this takes \(node) out of the cluster, and there is no terminal to ask on", next: "add --yes")
    }
    let data = unreachable ? "" : ", with all data of k3s on it"
    return Console.confirm("Take \(node) out of the cluster\(data)?")
  }
}

extension Fleet {
  /// A name that no document has may be that of a machine whose document went too early: that is told by what is done.
  fileprivate func requireOrRemoved(_ name: String) throws(UsageFailure) {
    guard node(named: name) == nil, let hint = Suggestion.hint(for: name, among: nodes.map(\.name)) else { return }
    throw UsageFailure("\(TerminalText.escape(name)): the fleet has no such node; \(hint)")
  }
}
