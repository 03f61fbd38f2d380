package import FleetModel

/// Does what a plan says, and nothing else.
///
/// What disturbs nothing runs on all nodes at once. What disturbs runs in the plan's waves, one after the other; the
/// first failure stops the waves behind it, and the rest of the fleet is left as it is.
package struct FleetApplier: Sendable {
  private let runners: [String: any StepRunner]
  /// Does what is about the cluster; `nil`: there is no server.
  private let cluster: (any ClusterRunner)?
  let progress: ProgressSink
  private let hooks: (any TurnHooks)?
  private let rounds: Rounds
  /// Who takes the cluster's roll-out lock; `nil`: nobody does.
  private let holder: String?
  /// Seconds since 1970 UTC: whether a turn may still begin is asked when it is reached.
  private let now: @Sendable () -> Int
  /// Raised when the run shall end in order.
  private let stop: StopFlag

  /// How many nodes are changed at the same time where nothing is disturbed.
  private static let concurrency = 32

  /// - Parameters:
  ///   - servers: names of the servers, in the order in which they are asked to do what is about the cluster.
  ///   - state: where snapshots of the cluster are kept.
  package init(
    links: [String: NodeLink], servers: [String] = [], vault: SecretVault, state: ControlNodeState? = nil,
    hooks: (any TurnHooks)? = nil, rounds: Rounds = Rounds(), holder: String? = nil, stop: StopFlag = StopFlag(),
    now: @escaping @Sendable () -> Int, progress: @escaping ProgressSink
  ) {
    self.init(
      runners: links.mapValues { NodeOperator($0, vault: vault) },
      cluster: ClusterOperator(servers.compactMap { links[$0] }, vault: vault, state: state), hooks: hooks,
      rounds: rounds, holder: holder, stop: stop, now: now, progress: progress)
  }

  init(
    runners: [String: any StepRunner], cluster: (any ClusterRunner)? = nil, hooks: (any TurnHooks)? = nil,
    rounds: Rounds = Rounds(), holder: String? = nil, stop: StopFlag = StopFlag(),
    now: @escaping @Sendable () -> Int = { 0 }, progress: @escaping ProgressSink
  ) {
    self.stop = stop
    self.runners = runners
    self.cluster = cluster
    self.hooks = hooks
    self.rounds = rounds
    self.holder = holder
    self.now = now
    self.progress = progress
  }

  /// What failed, by node; a node that is not named did everything. Nodes that failed before, when their release was
  /// fetched, are left alone.
  package func apply(_ plan: FleetPlan, after earlier: [String: StepFailure] = [:]) async -> [String: StepFailure] {
    var failures = await applyToNodes(plan, after: earlier)
    if let objects = plan.objects, !objects.steps.isEmpty {
      failures[ObjectsPlan.turn] = await apply(objects, failures, plan)
    }
    return failures
  }

  private func applyToNodes(
    _ plan: FleetPlan, after earlier: [String: StepFailure]
  ) async -> [String: StepFailure] {
    let copies = CopiesAhead()
    var failures = await applyUndisturbing(plan, without: earlier, copies).merging(earlier) { first, _ in first }
    let waves = plan.waves
    let isLocked = holder != nil && plan.cluster.view != nil && !waves.isEmpty
    if isLocked, let failure = await lock(waves) {
      for node in waves.flatMap(\.nodes) where failures[node.node] == nil { failures[node.node] = failure }
      return failures
    }
    failures = await take(waves, failures, copies)
    if isLocked, let holder { _ = await quietly(RolloutLock.release(by: holder)) }
    return failures
  }

  /// `nil`: it is ours. One run at a time disturbs the nodes of a cluster.
  private func lock(_ waves: [Wave]) async -> StepFailure? {
    guard let holder else { return nil }
    return await quietly(RolloutLock.take(by: holder))
  }

  private func quietly(_ step: Step) async -> StepFailure? {
    do throws(NodeFailure) {
      try await cluster?.run(step) { _ in }
      return nil
    } catch {
      return StepFailure(step: step.title, failure: error)
    }
  }

  private func take(
    _ waves: [Wave], _ earlier: [String: StepFailure], _ copies: CopiesAhead
  ) async -> [String: StepFailure] {
    var failures = earlier
    var stopped: String?
    var isServerLeft = false
    for wave in waves {
      for turn in wave.turns where failures[turn.node.node] != nil {
        // Agents never overtake a server that did not get its turn.
        if turn.node.role == .server { stopped = stopped ?? turn.node.node }
      }
      let (turns, late) = wave.turns.filter { failures[$0.node.node] == nil }.split { turn in
        // An agent never becomes newer than a server whose window closed.
        turn.mayBegin(at: now()) && !(isServerLeft && turn.node.replacesK3s)
      }
      isServerLeft = isServerLeft || late.contains { $0.node.role == .server }
      for turn in late { failures[turn.node.node] = await leaveForLater(turn.node) }
      if isEnding {
        for turn in turns { failures[turn.node.node] = Self.cancelled }
      } else if let stopped {
        for turn in turns { failures[turn.node.node] = await skipped(turn.node, because: stopped) }
      } else {
        let failed = await take(turns, copies)
        failures.merge(failed) { first, _ in first }
        stopped = turns.map(\.node.node).first { failed[$0] != nil }
      }
    }
    return failures
  }

  /// The objects come last: what they run on is done by then. A server that failed keeps them back; another node does not.
  private func apply(
    _ objects: ObjectsPlan, _ failures: [String: StepFailure], _ plan: FleetPlan
  ) async -> StepFailure? {
    if let server = plan.nodes.first(where: { $0.role == .server && failures[$0.node] != nil }) {
      return Self.notReached(because: server.node)
    }
    let failure = await run(objects.steps, for: ObjectsPlan.turn)
    progress(.turnEnded(node: ObjectsPlan.turn, isWaiting: false))
    return failure
  }

  /// The turns of one wave, all at once. What failed, by node.
  private func take(_ turns: [Turn], _ copies: CopiesAhead) async -> [String: StepFailure] {
    await withTaskGroup(of: (String, StepFailure?).self) { group in
      for turn in turns { group.addTask { (turn.node.node, await disturbingTurn(turn, copies)) } }
      var failures: [String: StepFailure] = [:]
      for await (name, failure) in group { failures[name] = failure }
      return failures
    }
  }

  private func disturbingTurn(_ turn: Turn, _ copies: CopiesAhead) async -> StepFailure? {
    let failure = await self.turn(
      of: turn.node, turn.steps, isFirst: turn.node.undisturbing.isEmpty, isLast: true, copies)
    return turn.node.replacesK3s ? failure?.withWayBack : failure
  }

  /// Its window closed before its turn came: no failure. The next run in a window takes it.
  private func leaveForLater(_ node: NodePlan) async -> StepFailure? {
    progress(.turnEnded(node: node.node, isWaiting: false))
    return node.undisturbing.isEmpty ? nil : await left(node, nil)
  }

  private func skipped(_ node: NodePlan, because stopped: String) async -> StepFailure? {
    let notReached = Self.notReached(because: stopped)
    return node.undisturbing.isEmpty ? notReached : await left(node, notReached)
  }

  private func applyUndisturbing(
    _ plan: FleetPlan, without earlier: [String: StepFailure], _ copies: CopiesAhead
  ) async -> [String: StepFailure] {
    var failures: [String: StepFailure] = [:]
    await withTaskGroup(of: (String, StepFailure?).self) { group in
      var waiting = plan.nodes.filter { !$0.undisturbing.isEmpty && earlier[$0.node] == nil }.makeIterator()
      for node in (0..<Self.concurrency).compactMap({ _ in waiting.next() }) {
        group.addTask { (node.node, await undisturbingTurn(of: node, copies)) }
      }
      while let (name, failure) = await group.next() {
        failures[name] = failure
        if let node = waiting.next() {
          group.addTask { (node.node, await undisturbingTurn(of: node, copies)) }
        }
      }
    }
    return failures
  }

  private func undisturbingTurn(of node: NodePlan, _ copies: CopiesAhead) async -> StepFailure? {
    await turn(of: node, node.undisturbing.flatMap(\.steps), isFirst: true, isLast: node.disturbing.isEmpty, copies)
  }

  /// One of a node's turns, with the hooks: one runs before the first step of the node, one after its last.
  private func turn(
    of node: NodePlan, _ steps: [Step], isFirst: Bool, isLast: Bool, _ copies: CopiesAhead
  ) async -> StepFailure? {
    var failure = isFirst ? await begin(node) : nil
    if failure == nil {
      failure = isLast ? await run(steps, for: node.node, copies) : await run(steps, copyingAheadFor: node, copies)
      if isLast || failure != nil { failure = await left(node, failure) }
    }
    progress(.turnEnded(node: node.node, isWaiting: !isLast && failure == nil))
    return failure
  }

  private func begin(_ node: NodePlan) async -> StepFailure? {
    guard !rounds.begun.contains(node.node) else { return nil }
    do throws(NodeFailure) {
      try await hooks?.before(node)
      return nil
    } catch {
      let failure = StepFailure(step: "hook beforeNode", failure: error)
      progress(.stepFailed(node: node.node, failure))
      return failure
    }
  }

  /// Nothing more is done on a node that has begun; what its hook finds fails it when nothing else did.
  private func left(_ node: NodePlan, _ failure: StepFailure?) async -> StepFailure? {
    if failure == nil, rounds.unfinished.contains(node.node) { return nil }
    return await end(node, failure)
  }

  /// The hook after a node's last step.
  package func end(_ node: NodePlan, _ failure: StepFailure?) async -> StepFailure? {
    do throws(NodeFailure) {
      try await hooks?.after(node, failure)
      return failure
    } catch {
      let found = StepFailure(step: "hook afterNode", failure: error)
      progress(.stepFailed(node: node.node, found))
      return failure ?? found
    }
  }

  /// In order, up to the first failure. A step about the cluster is done through a server, for the node.
  ///
  /// - Parameter copies: what is on its node already is not copied again.
  func run(_ steps: [Step], for node: String, _ copies: CopiesAhead = CopiesAhead()) async -> StepFailure? {
    for (index, step) in steps.enumerated() {
      do throws(NodeFailure) {
        guard !isEnding else { throw NodeFailure(.cancelled, "cancelled before it began") }
        progress(.stepStarted(node: node, step))
        if await !copies.holds(step, on: node) { try await run(step, for: node) }
        progress(.stepSucceeded(node: node, step))
      } catch {
        let failure = StepFailure(step: step.title, failure: error)
        progress(.stepFailed(node: node, failure))
        await endCordon(of: steps, at: index, for: node)
        return failure
      }
    }
    return nil
  }

  var isEnding: Bool { Task.isCancelled || stop.isRaised }

  /// A run that ends in order leaves no cordon of its own behind. One that failed does: its node is not as it should be.
  private func endCordon(of steps: [Step], at index: Int, for node: String) async {
    guard stop.isRaised, !Task.isCancelled, steps[..<index].contains(where: { $0.isOf("cordon") }),
      let uncordon = steps[index...].first(where: { $0.isOf("uncordon") })
    else { return }
    progress(.stepStarted(node: node, uncordon))
    if let failure = await quietly(uncordon) {
      progress(.stepFailed(node: node, failure))
    } else {
      progress(.stepSucceeded(node: node, uncordon))
    }
  }

  /// Steps over several nodes in their one order, up to the first failure: a restore, say.
  package func carryOut(_ steps: [NodeStep]) async -> (node: String, failure: StepFailure)? {
    for step in steps {
      if let failure = await run([step.step], for: step.node) { return (step.node, failure) }
    }
    return nil
  }

  func run(_ step: Step, for node: String) async throws(NodeFailure) {
    guard step.isOfCluster else {
      try await runners[node]?.run(step)
      return
    }
    guard let cluster else { throw NodeFailure(.apiUnreachable, "there is no server to ask") }
    try await cluster.run(step) { progress(.waiting(node: node, what: $0)) }
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
  /// Saves the cluster's etcd on the first of these servers that can, and brings the file here.
  ///
  /// - Parameter report: what is done, whenever that changes.
  package static func takeSnapshot(
    _ request: SnapshotRequest, over servers: [NodeLink], state: ControlNodeState, now: @escaping @Sendable () -> Int,
    report: @Sendable (String) -> Void
  ) async throws(NodeFailure) -> K3sSnapshot {
    try await SnapshotTaker(servers, state: state, now: now).take(request, within: .seconds(1200), report: report)
  }

  /// Strikes a name off what a node remembers as applied.
  package static func forget(
    _ entry: NodeRecord.Entry, on link: NodeLink, vault: SecretVault
  ) async throws(NodeFailure) {
    try await NodeOperator(link, vault: vault).run(Step("forget", .run(.forget, StepInput([entry.fields]))))
  }

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
        progress(.stepStarted(node: link.node, step))
        try await runner.run(step)
        progress(.stepSucceeded(node: link.node, step))
      } catch {
        throw StepFailure(step: step.title, failure: error)
      }
    }
  }
}

extension Step {
  fileprivate func isOf(_ name: String) -> Bool {
    if case .onServer(let script, _, sparing: _) = action { script.name == name } else { false }
  }
}

extension NodePlan {
  /// Whether its turn brings another release of k3s.
  fileprivate var replacesK3s: Bool {
    disturbing.flatMap(\.changes).contains { $0.kind == K3s.kind && $0.name == K3sPaths.binary && $0.action == .change }
  }
}

extension Sequence {
  /// Those for which it holds, and the others, in their order.
  fileprivate func split(_ holds: (Element) -> Bool) -> (those: [Element], others: [Element]) {
    var those: [Element] = []
    var others: [Element] = []
    for element in self { if holds(element) { those.append(element) } else { others.append(element) } }
    return (those, others)
  }
}

extension StepFailure {
  /// The same, saying what leads back.
  fileprivate var withWayBack: StepFailure {
    let way =
      "the binary from before is kept as /usr/local/bin/.k3s.fleetd-previous; where etcd was saved before a minor upgrade, "
      + "fleetd snapshot list names the way back (docs/restore.md)"
    return StepFailure(
      step: step,
      failure: NodeFailure(
        failure.reason, failure.message, next: [failure.next, way].compactMap { $0 }.joined(separator: "; "),
        runningStep: failure.runningStep, link: failure.link))
  }
}
