import FleetApply
import FleetModel
import FleetReconcile
import FleetRecord
import Glibc
import NIOCore
import NIOPosix

/// A pass from the command line's words to its exit code.
struct PassRun: Sendable {
  private let line: Pass
  private let progress: Progress

  init(_ line: Pass) {
    self.line = line
    progress = Progress(line.shared)
  }

  func run() async throws -> FleetModel.ExitCode {
    if line.isOffline {
      return try await OfflineCheck(line.shared, output: line.output, base: line.base).run()
    }
    let workspace = try Workspace(line.shared)
    let selection = try line.selected.selection(in: workspace.fleet)
    return try await pass(over: workspace, selection)
  }

  private func pass(over workspace: Workspace, _ selection: NodeSelection) async throws -> FleetModel.ExitCode {
    let revision = await GitRevision.current(of: workspace.repository)
    let directory = StateDirectory.path(workspace.configuration)
    if line.once, DaemonLock.mode(in: directory) == .enforce {
      throw RunFailure(
        "fleetd runs here as a daemon and enforces the fleet \(workspace.fleet.name) itself",
        next: "fleetd reconcile; or stop it first: systemctl stop fleetd")
    }
    if line.once, workspace.configuration.access == .check {
      throw RunFailure(
        "the keys of this configuration may only look (ssh.access: check)", next: "fleetd --check")
    }
    let lock = line.once ? try RunLock(in: StateDirectory.path(workspace.configuration), of: workspace.fleet.name) : nil
    defer { lock?.release() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    let fleet = workspace.fleet
    if let named = line.foundNewCluster, named != fleet.name {
      throw UsageFailure("--found-new-cluster \(TerminalText.escape(named)): this fleet is called \(fleet.name)")
    }
    if line.once { try RestoreJournal.requireNone(of: fleet.name, in: wiring.state) }
    let memory = ClusterMemory(directory: StateDirectory.path(workspace.configuration), fleet: fleet.name)
    let past = ClusterPast(authority: try memory.authority(), isFoundingOrdered: line.foundNewCluster != nil)
    let recorder = line.once ? RunRecorder(.once, at: StateDirectory.store(workspace.configuration)) : nil
    let shown = progress.sink
    let pass = try await wiring.pass(
      over: fleet, revision: revision, selection: selection, past: past, holder: RunLock.holder(of: fleet.name),
      objects: try await workspace.objects(selection, allowedDeletions: line.allowDeletions ?? 0),
      looksOnly: line.check,
      progress: { event in
        shown(event)
        recorder?.follow(event, in: fleet.name, target: fleet.reprovisionTarget)
      })
    let code: FleetModel.ExitCode
    if let recorder {
      code = await once(pass, memory, recorder)
    } else {
      code = await check(pass)
    }
    await pass.close()
    try await group.shutdownGracefully()
    return code
  }

  private func check(_ pass: FleetPass) async -> FleetModel.ExitCode {
    let plan = await progress.showing { await pass.check() }
    guard Console.result(printer.text(of: plan)) else { return .failed }
    return ExitCode(checking: plan)
  }

  private func once(
    _ pass: FleetPass, _ memory: ClusterMemory, _ recorder: RunRecorder
  ) async -> FleetModel.ExitCode {
    let plan = await progress.showing {
      let plan = await pass.check()
      return await pass.awaitRunningSteps(plan) ? await pass.check() : plan
    }
    if line.output == .text, !Console.result(printer.text(of: plan)) { return .failed }
    recorder.look(at: plan, target: pass.fleet.reprovisionTarget)
    recorder.begin(plan)
    guard isAgreed(plan) else {
      Console.note("nothing was changed")
      recorder.end(RunEnding(declined: plan, exitCode: ExitCode(checking: plan), endedAt: Int(time(nil))))
      return ExitCode(checking: plan)
    }
    let report = await progress.showing { await pass.apply(plan) }
    if let authority = report.after.cluster.view?.authority {
      do { try memory.remember(authority) } catch { Console.note("\(error.message); \(error.next ?? "")") }
    }
    recorder.look(at: report.after, target: pass.fleet.reprovisionTarget)
    recorder.end(
      RunEnding(
        report, exitCode: Task.isCancelled ? .interrupted : ExitCode(after: report), isInterrupted: Task.isCancelled,
        endedAt: Int(time(nil))))
    // Markdown shows the plan that is left; what became of each node is for whoever watches.
    if line.output == .markdown {
      Console.progress(TextRenderer(style: .plain, isVerbose: line.shared.verbose).render(report))
    }
    guard Console.result(printer.text(of: report)) else { return .failed }
    return ExitCode(after: report)
  }

  /// On a terminal, what deletes or disturbs is asked for.
  private func isAgreed(_ plan: FleetPlan) -> Bool {
    guard !line.yes, Console.isTerminal(0) else { return true }
    let sets = plan.nodes.flatMap(\.actionable)
    let objects = plan.objects?.actionable.filter { $0.action == .remove } ?? []
    let deletions = sets.flatMap(\.changes).filter { $0.action == .remove }.count + objects.count
    let disturbed = plan.nodes.filter { !$0.disturbing.isEmpty }.map(\.node)
    guard deletions > 0 || !disturbed.isEmpty else { return true }
    var parts: [String] = []
    if deletions > 0 { parts.append("delete \(deletions) thing\(deletions == 1 ? "" : "s")") }
    if !disturbed.isEmpty { parts.append("disturb \(disturbed.joined(separator: ", "))") }
    guard Console.isTerminal(2) else {
      Console.note("this run would \(parts.joined(separator: " and ")), and the question cannot be seen: add --yes")
      return false
    }
    if line.output != .text { Console.progress(TextRenderer(style: .plain, isVerbose: false).render(plan)) }
    return Console.confirm("This will \(parts.joined(separator: " and ")). Go on?")
  }

  private var printer: Printer {
    Printer(format: line.output.format ?? .text, isColored: line.shared.isColored, isVerbose: line.shared.verbose)
  }
}
