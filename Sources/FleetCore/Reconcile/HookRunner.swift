import FleetApply
import FleetModel

/// Runs the control node's hooks, one after the other, and tells what they print.
struct HookRunner: TurnHooks {
  let hooks: Hooks
  let fleet: String
  let revision: Revision
  /// PATH and HOME of this process: all that a hook inherits of it.
  let inherited: [String: String]
  let progress: ProgressSink

  func before(_ node: NodePlan) async throws(NodeFailure) {
    try await run(.beforeNode, of: node.node, reading: JSONRenderer().hookDocument("beforeNode", node))
  }

  func after(_ node: NodePlan, _ failure: StepFailure?) async throws(NodeFailure) {
    try await run(
      .afterNode, of: node.node, result: failure == nil ? "changed" : "failed",
      reading: JSONRenderer().hookDocument("afterNode", node, failure: failure))
  }

  func before(_ plan: FleetPlan) async throws(NodeFailure) {
    try await run(.beforeRollout, reading: JSONRenderer().render(plan))
  }

  /// Nothing is left to stop: what fails here fails the run, and takes nothing back.
  func after(_ report: RunReport) async -> StepFailure? {
    let result = ExitCode(after: report) == .failed ? "failed" : "converged"
    do throws(NodeFailure) {
      try await run(.afterRollout, result: result, reading: JSONRenderer().render(report))
      return nil
    } catch {
      return StepFailure(step: "hook afterRollout", failure: error)
    }
  }

  private func run(
    _ event: Hooks.Event, of node: String? = nil, result: String? = nil, reading document: String
  ) async throws(NodeFailure) {
    for hook in hooks[event] {
      if Task.isCancelled { throw NodeFailure(.cancelled, "cancelled before a hook") }
      progress(.hookStarted(event, node: node))
      let process = HookProcess(
        words: hook.words, timeout: hook.timeout, environment: environment(event, node, result))
      let (ending, output) = await process.run(reading: document)
      for line in Self.lines(of: output) { progress(.hook(event, node: node, line: line)) }
      guard let problem = Self.problem(ending, hook) else { continue }
      if case .cancelled = ending { throw NodeFailure(.cancelled, problem) }
      guard hook.stops else {
        progress(.hook(event, node: node, line: problem + "; going on, as onFailure says"))
        continue
      }
      throw NodeFailure(
        .hookFailed, problem,
        next:
          "mend the hook, or what it found; it stands under spec.hooks.\(event.rawValue) of the control node's configuration"
      )
    }
  }

  private func environment(_ event: Hooks.Event, _ node: String?, _ result: String?) -> [String: String] {
    var environment = inherited
    environment["FLEETD_EVENT"] = event.rawValue
    environment["FLEETD_FLEET"] = fleet
    if case .commit(let commit, _) = revision { environment["FLEETD_COMMIT"] = commit }
    environment["FLEETD_NODE"] = node
    environment["FLEETD_RESULT"] = result
    return environment
  }

  /// Escaped; at most the last hundred.
  private static func lines(of output: [UInt8]) -> [String] {
    TerminalText.tail(of: String(decoding: output, as: UTF8.self), lines: 100, width: 1000)
  }

  /// `nil`: it succeeded.
  private static func problem(_ ending: HookProcess.Ending, _ hook: Hooks.Hook) -> String? {
    let name = TerminalText.escape(hook.words[0])
    switch ending {
    case .ended(nil): return nil
    case .ended(let problem?): return "\(name) failed: \(problem)"
    case .timedOut: return "\(name) was killed: it took longer than \(DurationText.render(hook.timeout))"
    case .cancelled: return "\(name) was killed: the run was interrupted"
    case .notStarted(let reason): return "\(name) could not be run: \(TerminalText.escape(String(reason.prefix(200))))"
    }
  }
}
