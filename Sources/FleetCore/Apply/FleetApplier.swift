package import FleetModel

/// Does what a plan says, and nothing else.
///
/// What disturbs nothing runs on all nodes at once. What disturbs runs in the plan's waves, one after the other; the
/// first failure stops the waves behind it, and the rest of the fleet is left as it is.
package struct FleetApplier: Sendable {
  private let runners: [String: any StepRunner]
  private let progress: ProgressSink

  /// How many nodes are changed at the same time where nothing is disturbed.
  private static let concurrency = 32

  package init(links: [String: NodeLink], vault: SecretVault, progress: @escaping ProgressSink) {
    self.init(runners: links.mapValues { NodeOperator($0, vault: vault) }, progress: progress)
  }

  init(runners: [String: any StepRunner], progress: @escaping ProgressSink) {
    self.runners = runners
    self.progress = progress
  }

  /// What failed, by node; a node that is not named did everything. Nodes that failed before, when their release was
  /// fetched, are left alone.
  package func apply(_ plan: FleetPlan, after earlier: [String: StepFailure] = [:]) async -> [String: StepFailure] {
    var failures = await applyUndisturbing(plan, without: earlier).merging(earlier) { first, _ in first }
    var stopped: String?
    for wave in plan.waves {
      for node in wave.nodes {
        if failures[node.node] != nil {
          // Agents never overtake a server that did not get its turn.
          if node.role == .server { stopped = stopped ?? node.node }
        } else if Task.isCancelled {
          failures[node.node] = Self.cancelled
        } else if let stopped {
          failures[node.node] = Self.notReached(because: stopped)
        } else if let failure = await turn(of: node, node.disturbing, isLast: true) {
          failures[node.node] = failure
          stopped = node.node
        }
      }
    }
    return failures
  }

  private func applyUndisturbing(
    _ plan: FleetPlan, without earlier: [String: StepFailure]
  ) async -> [String: StepFailure] {
    var failures: [String: StepFailure] = [:]
    await withTaskGroup(of: (String, StepFailure?).self) { group in
      var waiting = plan.nodes.filter { !$0.undisturbing.isEmpty && earlier[$0.node] == nil }.makeIterator()
      for node in (0..<Self.concurrency).compactMap({ _ in waiting.next() }) {
        group.addTask { (node.node, await turn(of: node, node.undisturbing, isLast: node.disturbing.isEmpty)) }
      }
      while let (name, failure) = await group.next() {
        failures[name] = failure
        if let node = waiting.next() {
          group.addTask { (node.node, await turn(of: node, node.undisturbing, isLast: node.disturbing.isEmpty)) }
        }
      }
    }
    return failures
  }

  private func turn(of node: NodePlan, _ changeSets: [ChangeSet], isLast: Bool) async -> StepFailure? {
    let failure = await apply(changeSets, to: node.node)
    progress(.turnEnded(node: node.node, isWaiting: !isLast && failure == nil))
    return failure
  }

  /// In order, up to the first failure.
  private func apply(_ changeSets: [ChangeSet], to node: String) async -> StepFailure? {
    guard let runner = runners[node] else { return nil }
    for step in changeSets.flatMap(\.steps) {
      do throws(NodeFailure) {
        guard !Task.isCancelled else { throw NodeFailure(.cancelled, "cancelled before it began") }
        progress(.stepStarted(node: node, title: step.title))
        try await runner.run(step)
        progress(.stepSucceeded(node: node, title: step.title))
      } catch {
        let failure = StepFailure(step: step.title, failure: error)
        progress(.stepFailed(node: node, failure))
        return failure
      }
    }
    return nil
  }

  private static let cancelled = StepFailure(
    step: "roll-out", failure: NodeFailure(.cancelled, "cancelled before it was reached", next: "run again"))

  private static func notReached(because node: String) -> StepFailure {
    StepFailure(
      step: "roll-out",
      failure: NodeFailure(
        .rolloutStopped, "not reached: the roll-out stopped when \(node) failed", next: "mend \(node), then run again"))
  }
}

extension FleetApplier {
  /// Awaits the step that an earlier run left running on a node.
  package static func awaitStep(_ name: String, on link: NodeLink, vault: SecretVault) async throws(NodeFailure) {
    try await NodeOperator(link, vault: vault).awaitUnit(name, deadline: .seconds(1800))
  }

  /// Runs the steps of an enrolment in order, up to the first failure.
  package static func enrol(
    _ steps: [Step], over link: NodeLink, progress: ProgressSink
  ) async throws(StepFailure) {
    let runner = NodeOperator(link, vault: SecretVault())
    for step in steps {
      do throws(NodeFailure) {
        progress(.stepStarted(node: link.node, title: step.title))
        try await runner.run(step)
        progress(.stepSucceeded(node: link.node, title: step.title))
      } catch {
        throw StepFailure(step: step.title, failure: error)
      }
    }
  }
}
