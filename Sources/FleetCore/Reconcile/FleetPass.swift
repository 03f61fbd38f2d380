package import FleetApply
package import FleetModel

/// One pass over the fleet: observe, plan; and, when asked to, apply and observe again. The pipeline in one place.
package struct FleetPass: Sendable {
  package let fleet: Fleet
  package let revision: Revision
  package let selection: NodeSelection
  let links: [String: NodeLink]
  let vault: SecretVault
  let artifacts: ArtifactStore
  private let past: ClusterPast
  let holder: String?
  /// `nil`: the fleet has no k3s, or the repository no objects.
  private let objects: ObjectsPass?
  /// What this control node keeps; `nil`: nothing.
  let state: ControlNodeState?
  /// The cluster's token, where this run may have made it.
  private let token: ClusterToken?
  let now: @Sendable () -> Int
  private let hooks: Hooks
  /// PATH and HOME, for the hooks.
  private let environment: [String: String]
  /// What the links' key may do; with one that may only look, nothing is ever applied.
  private let access: NodeAccess
  let progress: ProgressSink
  /// What keeps nodes as they are at a time, by name.
  let holds: Holds
  /// Raised when applying shall end in order.
  private let stop: StopFlag

  package typealias Holds = @Sendable (_ now: Int) -> [String: Finding]

  package init(
    fleet: Fleet, revision: Revision, selection: NodeSelection, links: [String: NodeLink], vault: SecretVault,
    artifacts: ArtifactStore, state: ControlNodeState? = nil, token: ClusterToken? = nil, past: ClusterPast = .none,
    holder: String? = nil, objects: ObjectsPass? = nil, hooks: Hooks = .none, environment: [String: String] = [:],
    access: NodeAccess = .full, holds: @escaping Holds = { _ in [:] }, stop: StopFlag = StopFlag(),
    now: @escaping @Sendable () -> Int,
    progress: @escaping ProgressSink
  ) {
    self.holds = holds
    self.stop = stop
    self.fleet = fleet
    self.revision = revision
    self.selection = selection
    self.links = links
    self.vault = vault
    self.artifacts = artifacts
    self.past = past
    self.holder = holder
    self.objects = objects
    self.state = state
    self.token = token
    self.hooks = hooks
    self.environment = environment
    self.access = access
    self.now = now
    self.progress = progress
  }

  /// Observes and plans; holds nothing that could change a node.
  package func check() async -> FleetPlan { await look().plan }

  /// The same, with what was seen.
  package func look() async -> FleetView {
    let observer = FleetObserver(
      runners: links.mapValues { runner(over: $0) }, vault: vault, access: access, now: now, progress: progress)
    let observedAt = now()
    async let published = artifacts.published(for: fleet)
    let observations = await observer.observe(fleet.nodes)
    let cluster = await cluster(behind: observations)
    let unseen = fleet.servers.map(\.name).filter { name in
      if case .success? = observations[name]?.answer { false } else { true }
    }
    async let objects = objectsPlan(cluster, unseen: unseen)
    let states = await published
    let draft = plan(from: observations, cluster, states, observedAt)
    // Only what would be pushed is looked at closely: that costs a digest of the whole release, or a request.
    let verified = await artifacts.verified(states, for: draft, of: fleet)
    let plan = verified == states ? draft : plan(from: observations, cluster, verified, observedAt)
    return FleetView(
      plan: plan.adding(await objects), observations: observations, cluster: cluster, artifacts: verified)
  }

  private func runner(over link: NodeLink) -> any ProbeRunner {
    switch access {
    case .full: NodeObserver(link, progress: progress)
    case .check: CheckObserver(link, progress: progress)
    }
  }

  private func objectsPlan(_ cluster: ClusterObservation, unseen: [String]) async -> ObjectsPlan? {
    let observer = ClusterObserver(fleet.servers.compactMap { links[$0.name] }, access: access)
    return await objects?.plan(cluster, unseen: unseen, through: observer, access)
  }

  func plan(
    of fleet: Fleet? = nil, from observations: [String: NodeObservation], _ cluster: ClusterObservation,
    _ artifacts: [Architecture: K3sArtifacts], _ observedAt: Int, holds: [String: Finding]? = nil
  ) -> FleetPlan {
    let holds = holds ?? self.holds(observedAt)
    return FleetPlanner(vault: vault, artifacts: artifacts, past: past, holds: holds).plan(
      fleet ?? self.fleet, observations: observations, cluster: cluster, selection: selection, revision: revision,
      observedAt: observedAt)
  }

  /// One of the servers on which k3s runs is asked for all.
  func cluster(behind observations: [String: NodeObservation]) async -> ClusterObservation {
    let running = fleet.servers.filter { K3sObservation(of: $0, in: observations)?.isRunning == true }
    guard !running.isEmpty else { return .none }
    return await ClusterObserver(running.compactMap { links[$0.name] }, access: access).observe()
  }

  /// Does what `plan` says, and looks what is left.
  ///
  /// What was held for something that this run brought about (the clock, a server that runs) is free by then: that is done
  /// in a further round. No change is made twice.
  ///
  /// - Parameter most: how many rounds there may be; with one, nothing is done but what `plan` says.
  package func apply(_ plan: FleetPlan, inRounds most: Int = mostRounds) async -> RunReport {
    let runner = HookRunner(
      hooks: hooks, fleet: fleet.name, revision: revision, inherited: environment, progress: progress)
    let changed = plan.nodes.filter { !$0.actionable.isEmpty }
    guard !changed.isEmpty else { return await applyRounds(plan, runner, most) }
    if let refusal = await begin(plan, runner) {
      for node in changed { progress(.stepFailed(node: node.node, refusal)) }
      var failures = Dictionary(changed.map { ($0.node, refusal) }) { first, _ in first }
      if plan.objects?.steps.isEmpty == false { failures[ObjectsPlan.turn] = refusal }
      return RunReport(before: plan, after: plan, failures: failures)
    }
    let report = await applyRounds(plan, runner, most)
    guard !Task.isCancelled, let failure = await runner.after(report) else { return report }
    return RunReport(report, failedBy: failure)
  }

  /// What comes before the first change; why there is none.
  private func begin(_ plan: FleetPlan, _ runner: HookRunner) async -> StepFailure? {
    do throws(RunFailure) { try token?.keep(for: plan) } catch {
      return StepFailure(
        step: "keep the cluster's token", failure: NodeFailure(.stepFailed, error.message, next: error.next))
    }
    do throws(NodeFailure) { try await runner.before(plan) } catch {
      return StepFailure(step: "hook beforeRollout", failure: error)
    }
    return nil
  }

  /// A cluster that is founded, and what follows from it, takes three rounds: the server, what joins it, its objects.
  package static let mostRounds = 5

  private func applyRounds(_ plan: FleetPlan, _ runner: HookRunner, _ mostRounds: Int) async -> RunReport {
    var rounds: [FleetPlan] = []
    var next = plan
    var failures: [String: StepFailure] = [:]
    var begun: Set<String> = []
    while true {
      let unfinished = next.nodesWithMoreToCome
      let applier = applier(runner, .init(begun: begun, unfinished: unfinished), for: next)
      failures.merge(await round(next, by: applier)) { first, _ in first }
      rounds.append(next)
      // A run that was cancelled knows nothing new: it does not pretend to have looked again.
      guard !isEnding else { return RunReport(before: plan, after: plan, failures: failures) }
      let after = await check()
      for node in after.nodes { progress(.sighted(node: node.node, NodeSighting(of: node, in: after))) }
      let freed = after.freed(after: rounds, without: Set(failures.keys))
      let goesOn = freed.hasSteps && rounds.count < mostRounds && !isEnding
      // Those whose further round does not come have ended.
      let ended = unfinished.subtracting(failures.keys).subtracting(goesOn ? freed.nodes.map(\.node) : [])
      for node in next.nodes where ended.contains(node.node) { failures[node.node] = await applier.end(node, nil) }
      guard goesOn else {
        return RunReport(rounds: rounds, after: after, failures: failures)
      }
      begun.formUnion(unfinished)
      next = freed
    }
  }

  private var isEnding: Bool { Task.isCancelled || stop.isRaised }

  private func applier(_ runner: HookRunner, _ rounds: FleetApplier.Rounds, for plan: FleetPlan) -> FleetApplier {
    FleetApplier(
      links: links, servers: fleet.servers.map(\.name), vault: vault, state: state, hooks: runner, rounds: rounds,
      holder: holder, stop: stop, now: now, progress: RoundFollower(plan, progress).sink)
  }

  private func round(_ plan: FleetPlan, by applier: FleetApplier) async -> [String: StepFailure] {
    await applier.apply(plan, after: await artifacts.fetch(plan, of: fleet, progress: progress))
  }

  /// Awaits what an earlier run left running on nodes, so that this one can see them.
  package func awaitRunningSteps(_ plan: FleetPlan) async -> Bool {
    var awaited = false
    for node in plan.nodes where node.isSelected {
      guard let failure = node.failure, failure.reason == .stepRunning, let link = links[node.node] else { continue }
      progress(.waiting(node: node.node, what: failure.message))
      // Its result matters to the run that started it; this one observes what came of it.
      try? await FleetApplier.awaitStep(failure.runningStep ?? "", on: link, vault: vault)
      awaited = true
    }
    return awaited
  }

  package func close() async {
    for link in links.values { await link.close() }
  }
}
