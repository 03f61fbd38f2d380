import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// `fleetd snapshot restore`: a snapshot becomes the cluster's datastore again.
struct SnapshotRestore: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a snapshot back as the cluster's datastore. Asks first; goes on where an earlier run stood.",
    discussion: """
      k3s is stopped on all servers, one takes the snapshot and comes up alone, the others throw their datastore away and \
      join it, one after the other. What was changed in the cluster since the snapshot is lost. Everything is looked at \
      before anything is touched; docs/restore.md has the procedure, by hand as well.

      A run that was interrupted is gone on with by the same command; until then fleetd --once is refused.

      EXIT CODES
        0    it is restored, and every server is back
        1    it was refused, nobody agreed, or a step failed
        64   wrong usage
        130  interrupted
      """)

  static let interruptionNote: String? = "servers may be stopped: fleetd snapshot restore goes on where it stood"

  @Argument(help: "The snapshot, as fleetd snapshot list has it; not needed to go on with an earlier run.")
  var snapshot: String?

  @Option(
    help: ArgumentHelp("The server that takes the snapshot.", valueName: "name"), completion: NodeNames.completion)
  var server: String?

  @Option(
    help: ArgumentHelp(
      "A server that is gone for good, and must never come back as it was; may be repeated.", valueName: "name"),
    completion: NodeNames.completion)
  var without: [String] = []

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    for name in without + [server].compactMap({ $0 }) { try workspace.fleet.require(name) }
    let lock = try RunLock(in: StateDirectory.path(workspace.configuration), of: workspace.fleet.name)
    defer { lock.release() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    let journal = try RestoreJournal.current(of: workspace.fleet.name, in: wiring.state)
    let chosen = try choice(of: workspace.fleet, wiring.state, after: journal)
    // On a blank server k3s is set up as if it founded a cluster; the snapshot takes its place before the first start.
    let progress = Progress(shared, isLive: false)
    let pass = try await wiring.pass(
      over: workspace.fleet, revision: .unknown("not needed"), selection: .all,
      past: ClusterPast(authority: nil, isFoundingOrdered: true), progress: progress.sink)
    let result: Result<FleetModel.ExitCode, RunFailure>
    do throws(RunFailure) {
      result = .success(try await restore(chosen, by: pass, after: journal))
    } catch {
      result = .failure(error)
    }
    await pass.close()
    try await group.shutdownGracefully()
    return try result.get()
  }

  private func choice(
    of fleet: Fleet, _ state: ControlNodeState, after journal: RestoreJournal?
  ) throws -> K3sSnapshot {
    if let journal, let snapshot, snapshot != journal.snapshot {
      throw RunFailure(
        "the restore of \(journal.snapshot) has begun and not ended", next: "fleetd snapshot restore goes on with it")
    }
    guard let id = snapshot ?? journal?.snapshot else {
      throw UsageFailure("say which: fleetd snapshot list shows what is kept")
    }
    guard let found = state.snapshots(of: fleet.name).snapshot(id) else {
      let hint = Suggestion.hint(for: id, among: state.snapshots(of: fleet.name).list().map(\.id))
      throw UsageFailure("there is no snapshot \(TerminalText.escape(id))\(hint.map { "; \($0)" } ?? "")")
    }
    return found
  }

  private func restore(
    _ snapshot: K3sSnapshot, by pass: FleetPass, after journal: RestoreJournal?
  ) async throws(RunFailure) -> FleetModel.ExitCode {
    var plan = await pass.check()
    if await pass.awaitRunningSteps(plan) { plan = await pass.check() }
    let gone = Set(journal?.without ?? without)
    let restore: RestorePlan
    do throws(RestorePlan.Refusal) {
      restore = try pass.restorePlan(of: snapshot, over: plan, first: journal?.first ?? server, without: gone)
    } catch {
      let lines = error.reasons.map { "  \($0.message)" + ($0.next.map { "\n    = \($0)" } ?? "") }
      Console.note("\(snapshot.id) is not restored:\n" + lines.joined(separator: "\n"))
      return .failed
    }
    guard isAgreed(to: restore, of: pass.fleet.name, isGoingOn: journal != nil) else {
      Console.note("nothing was changed")
      return .failed
    }
    if let failed = try await pass.restore(snapshot, by: restore, over: plan, after: journal, without: gone) {
      let failure = failed.failure
      Console.note(
        "\(failed.node): \(failure.step): \(failure.failure.message)"
          + (failure.failure.next.map { "\n  = \($0)" } ?? "")
          + "\n  = fleetd snapshot restore goes on where it stood")
      return .failed
    }
    return Console.result("\(snapshot.id) is restored; fleetd --once brings back what else the inventory says\n")
      ? .inSync : .failed
  }

  private func isAgreed(to restore: RestorePlan, of fleet: String, isGoingOn: Bool) -> Bool {
    if isGoingOn {
      Console.note("the restore goes on where it stood; \(restore.first) takes the snapshot")
      return true
    }
    Console.progress(restore.losses.map { TerminalText.escape("- \($0)") }.joined(separator: "\n"))
    if yes { return true }
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      Console.note("there is no terminal to ask on: add --yes")
      return false
    }
    return Console.answer(to: "To go on, type the fleet's name (\(fleet)):") == fleet
  }
}
