import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import FleetRecord
import NIOCore
import NIOPosix

/// `fleetd reprovision`: orders the rebuild of a node, or calls it off.
struct Reprovision: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Order the rebuild of a node: empty it, and start its clock.",
    discussion: """
      Cordons the node, moves its pods to others, and starts the reprovision clock: now its card may be written anew. The \
      blank node is taken back by the daemon or by fleetd --once. Shows what it will do, and asks.

      What the cluster cannot do without is refused: the only server, a member of etcd that the others need. Until the card \
      is written it can be called off with --abandon, which ends the cordon, too.

      EXIT CODES
        0    it is ordered, or called off; with --check: it would be
        1    it was refused, a step failed, or nobody agreed
        64   wrong usage
        130  interrupted
      """)

  static let interruptionNote: String? = "run it again: it goes on where it stopped"

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Option(help: ArgumentHelp("Why; kept in the history.", valueName: "text"))
  var reason: String = ""

  @Flag(help: "Call the rebuild off.")
  var abandon = false

  @Flag(help: "Show what it would do, and do nothing.")
  var check = false

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard reason.count <= 200 else { throw ValidationError("--reason takes up to 200 characters") }
    guard !check || !abandon else { throw ValidationError("--check and --abandon exclude each other") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let fleet = workspace.fleet
    let spec = try fleet.require(node)
    let lock = check ? nil : try RunLock(in: StateDirectory.path(workspace.configuration), of: fleet.name)
    defer { lock?.release() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let progress = Progress(shared)
    let pass = try await Wiring(configuration: workspace.configuration, group: group).pass(
      over: fleet, revision: .unknown("not needed"), selection: .all, holder: RunLock.holder(of: fleet.name),
      progress: progress.sink)
    let code =
      try await abandon ? callOff(spec, in: pass, workspace, progress) : order(spec, in: pass, workspace, progress)
    await pass.close()
    try await group.shutdownGracefully()
    return code
  }

  private func order(
    _ spec: NodeSpec, in pass: FleetPass, _ workspace: Workspace, _ progress: Progress
  ) async throws -> FleetModel.ExitCode {
    let fleet = workspace.fleet
    let target = Int(fleet.reprovisionTarget.components.seconds)
    let order = await progress.showing { await pass.rebuildOrder(of: spec) }
    let text = RebuildOrderText(style: TerminalStyle(isColored: shared.isColored), isVerbose: shared.verbose)
    guard Console.result(text.render(order, from: fleet.name, target: target)), order.obstacles.isEmpty else {
      return .failed
    }
    guard !check else { return .inSync }
    guard try isAgreed(order) else {
      Console.note("nothing was changed")
      return .failed
    }
    // Without a store there is no clock: that shows before anything is done.
    let store = try FleetStore(at: StateDirectory.store(workspace.configuration))
    let begun = try store.order(node, in: fleet.name, because: reason, now: .now(), target: target)
    if let failure = await failure(of: progress, { () throws(StepFailure) in try await pass.prepare(order) }) {
      let words = "\(failure.step): \(failure.failure.message)"
      try? store.record(
        RecordedEvent(
          at: ClockReading.now().wall, fleet: fleet.name, node: node, reason: "rebuild-order-stopped",
          message: String(words.prefix(2000))))
      tell(
        failure,
        "the order stands, and so does the cordon, if it was made: run it again; write the card all the same; or "
          + "fleetd reprovision \(node) --abandon")
      return .failed
    }
    wakeDaemon(workspace.configuration)
    return Console.result(text.next(order, isNew: !begun.isEmpty, hasPinnedKey: !spec.hostKeys.isEmpty))
      ? .inSync : .failed
  }

  private func callOff(
    _ spec: NodeSpec, in pass: FleetPass, _ workspace: Workspace, _ progress: Progress
  ) async throws -> FleetModel.ExitCode {
    let store = try FleetStore(at: StateDirectory.store(workspace.configuration))
    let ended = try store.abandon(node, in: workspace.fleet.name, because: reason, now: .now())
    if let failure = await failure(of: progress, { () throws(StepFailure) in try await pass.abandonRebuild(of: spec) })
    {
      tell(failure, "the rebuild is called off, and the node stays cordoned: run it again when a server answers")
      return .failed
    }
    wakeDaemon(workspace.configuration)
    return Console.result("\(node): \(ended.isEmpty ? "no rebuild runs" : "the rebuild is called off")\n")
      ? .inSync : .failed
  }

  private func failure(
    of progress: Progress, _ work: () async throws(StepFailure) -> Void
  ) async -> StepFailure? {
    await progress.showing { () async -> StepFailure? in
      do throws(StepFailure) {
        try await work()
        return nil
      } catch {
        return error
      }
    }
  }

  private func tell(_ failure: StepFailure, _ then: String) {
    let next = failure.failure.next.map { "\n  = " + $0 } ?? ""
    Console.note("\(node): \(failure.step): \(failure.failure.message)\(next)\n  = \(then)")
  }

  /// So that it sees the node leave. Without one, or without the right to talk to it, nothing is missed.
  private func wakeDaemon(_ configuration: ControlNodeConfiguration) {
    _ = try? DaemonClient(configuration).ask(
      .object([.init("do", .string("reconcile")), .init("nodes", .array([.string(node)]))]))
  }

  private func isAgreed(_ order: RebuildOrder) throws(RunFailure) -> Bool {
    if yes || order.steps.isEmpty { return true }
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      throw RunFailure("this moves the pods of \(node), and there is no terminal to ask on", next: "add --yes")
    }
    return Console.confirm("Take \(node) out of scheduling, move its pods, and start its clock?")
  }
}
