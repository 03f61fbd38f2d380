package import FleetApply
package import FleetModel

/// What the daemon knows and decides: one actor that the loops ask what is next, and tell what they saw.
///
/// It is level-triggered. Nodes are looked at by their own schedules; where a look shows something that may be mended, one
/// pass over the whole fleet decides and does it, and it alone: quorum, waves and founding always see everything.
package actor FleetKeeper {
  private let work: any FleetWork
  private let mode: Mode
  private let interval: Int
  private let state: ControlNodeState
  private let now: @Sendable () -> Int
  private let jitter: @Sendable () -> Double

  /// Rung when the coordinator may have something to do.
  nonisolated let coordinatorBell = Bell()
  /// Rung when nodes came or went.
  nonisolated let rosterBell = Bell()
  nonisolated let stop: StopFlag

  private(set) var source = SourceState()
  private var nodes: [String: Keeping] = [:]
  private var view: FleetView?
  private(set) var pass: FleetPass?
  private var pauses = PauseList()
  private var trouble: String?
  private var causes: [String] = []
  private var notBefore = 0
  private var nextRound = 0
  private var passes = 0
  private var passBegan = 0
  private var passTimes = PassTimes()
  private var cluster: FleetOverview.Cluster?
  private var activity: String?
  private var transitions: [NodeStateChange] = []

  private struct Keeping {
    var spec: NodeSpec
    var schedule: NodeSchedule
    var status: NodeStatus
    var attempts = Attempts()
    let bell = Bell()
  }

  /// - Parameters:
  ///   - interval: seconds between two looks at a node.
  ///   - now: seconds since 1970 UTC.
  ///   - jitter: 0..<1, another each time.
  package init(
    work: any FleetWork, mode: Mode, interval: Int, state: ControlNodeState, stop: StopFlag,
    now: @escaping @Sendable () -> Int, jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.work = work
    self.mode = mode
    self.interval = interval
    self.state = state
    self.stop = stop
    self.now = now
    self.jitter = jitter
  }

  // MARK: What happens

  /// Whether another commit is in force than before.
  @discardableResult
  package func take(_ source: SourceState) -> Bool {
    let before = self.source.current?.commit
    self.source = source
    guard let desired = source.current, desired.commit != before else { return false }
    // Read again for every pass, which does not begin where they cannot be read.
    pauses = (try? PauseStore(state, of: desired.fleet.name).read()) ?? pauses
    var kept: [String: Keeping] = [:]
    for spec in desired.fleet.nodes {
      var keeping =
        nodes[spec.name]
        ?? Keeping(
          spec: spec, schedule: NodeSchedule(interval: interval, firstDue: now() + interval),
          status: NodeStatus(at: now()))
      keeping.spec = spec
      // What failed may be mended by the commit.
      keeping.attempts.succeeded()
      kept[spec.name] = keeping
    }
    for (name, gone) in nodes where kept[name] == nil { gone.bell.ring() }
    nodes = kept
    request("commit \(desired.commit.prefix(7))", at: now())
    rosterBell.ring()
    return true
  }

  /// Somebody wants a node, or all, looked at and mended now. The names that the fleet does not have.
  package func reconcile(_ names: [String]) -> [String] {
    let unknown = names.filter { nodes[$0] == nil }
    guard unknown.isEmpty else { return unknown }
    for name in names.isEmpty ? Array(nodes.keys) : names {
      nodes[name]?.attempts.succeeded()
      nodes[name]?.schedule.wake(.person, at: now())
      nodes[name]?.bell.ring()
    }
    request("asked for", at: now())
    return []
  }

  /// Throws why it cannot be kept.
  package func pause(_ node: String, reason: String, until: Int?) throws(RunFailure) {
    let store = try pauseStore(for: node)
    var list = try store.read()
    list.set(Pause(node: node, reason: reason, since: now(), until: until))
    try store.write(list, at: now())
    pauses = list
  }

  /// Whether it was paused.
  package func resume(_ node: String) throws(RunFailure) -> Bool {
    let store = try pauseStore(for: node)
    var list = try store.read()
    let wasPaused = list.remove(node)
    try store.write(list, at: now())
    pauses = list
    nodes[node]?.schedule.wake(.event, at: now())
    nodes[node]?.bell.ring()
    return wasPaused
  }

  private func pauseStore(for node: String) throws(RunFailure) -> PauseStore {
    guard let fleet = source.current?.fleet else { throw RunFailure("no commit is in force yet") }
    guard nodes[node] != nil else {
      let hint = Suggestion.hint(for: node, among: nodes.keys)
      throw RunFailure("the fleet has no node \(TerminalText.escape(node))", next: hint)
    }
    return PauseStore(state, of: fleet.name)
  }

  // MARK: Node loops

  enum NodeTurn: Sendable {
    case wait(Duration, Bell)
    case look(FleetPass, NodeSpec)
  }

  var names: [String] { nodes.keys.sorted() }

  /// What a node's loop does next; `nil`: the fleet does not have it any more.
  func turn(of name: String) -> NodeTurn? {
    guard let keeping = nodes[name], !stop.isRaised else { return nil }
    let wait = keeping.schedule.wait(at: now())
    guard wait == 0 else { return .wait(.seconds(min(wait, interval)), keeping.bell) }
    // Until the first pass there is nothing to look with; and while one runs, it looks.
    guard let pass, activity == nil else { return .wait(.seconds(1), keeping.bell) }
    return .look(pass, keeping.spec)
  }

  /// What a node's loop saw. A pass is asked for where that shows something that may be mended.
  func took(_ observation: NodeObservation, of spec: NodeSpec, over pass: FleetPass) -> NodeLook? {
    guard let view, var keeping = nodes[spec.name] else { return nil }
    let hold = Self.hold(of: keeping, in: mode, at: now())
    let paused = pauses.holds(at: now())[spec.name]
    let plan = pass.plan(of: spec, from: observation, beside: view, holding: paused ?? hold)
    let cameBack = keeping.schedule.looked(at: now(), isObserved: plan?.failure == nil, jitter: jitter())
    let isTripped = keeping.schedule.isTripped(at: now())
    nodes[spec.name] = keeping
    guard let plan else { return nil }
    note(plan)
    let look = NodeLook(plan, beside: view)
    guard !isTripped else { return look }
    if cameBack {
      request("\(spec.name) came back", at: now())
    } else if mode == .enforce, !plan.actionable.isEmpty {
      request("\(spec.name) differs", at: now())
    } else if let failure = plan.failure, failure.isRefusal {
      // Keys, known hosts and secrets are read anew for a pass.
      request("\(spec.name) refuses", at: now())
    }
    return look
  }

  // MARK: The coordinator

  private func request(_ cause: String, at time: Int) {
    if causes.count < 8, !causes.contains(cause) { causes.append(cause) }
    coordinatorBell.ring()
  }

  /// What the coordinator does next: a pass over these, or wait.
  func coordination() -> (desired: DesiredState, causes: [String])? {
    guard let desired = source.current, !stop.isRaised, restLeft == 0 else { return nil }
    // The cluster and its objects belong to no node: a round looks at them.
    if causes.isEmpty, desired.fleet.k3s != nil, roundWait == 0 { causes = ["interval"] }
    guard !causes.isEmpty else { return nil }
    defer { causes = [] }
    return (desired, causes)
  }

  /// Seconds until something may be due by itself.
  func idleTime() -> Int { max(1, causes.isEmpty ? min(roundWait, interval) : restLeft) }

  private var roundWait: Int { Due.wait(until: nextRound, at: now(), atMost: interval) }
  private var restLeft: Int { Due.wait(until: notBefore, at: now(), atMost: Self.longestRest) }

  /// Two passes are so far apart at least, whatever wakes the coordinator.
  private static let shortestGap = 5
  /// After a pass that could not begin, or did not end.
  private static let longestRest = 30

  func begin(_ activity: String) {
    self.activity = activity
    passes += 1
    passBegan = now()
  }

  func did(_ activity: String) { self.activity = activity }

  func ended(_ problem: String?) {
    trouble = problem
    activity = nil
    passTimes.ended(began: passBegan, ended: now(), isFailed: problem != nil)
    notBefore = now() + (problem == nil ? Self.shortestGap : Self.longestRest)
    nextRound = now() + interval
    if problem != nil { request("again after a failure", at: now()) }
  }

  /// A look at the whole fleet is a look at each of its nodes.
  func took(_ view: FleetView, over pass: FleetPass) {
    // Of the other nodes nothing is asked later: a thousand answers need not be kept.
    let servers = Set(pass.fleet.servers.map(\.name))
    self.view = FleetView(
      plan: view.plan, observations: view.observations.filter { servers.contains($0.key) }, cluster: view.cluster,
      artifacts: view.artifacts)
    self.pass = pass
    take(view.plan)
  }

  func took(_ report: RunReport) {
    var retries: [String: Int] = [:]
    for (name, what) in report.failedAttempts {
      if let what {
        nodes[name]?.attempts.failed(what, at: now(), jitter: jitter())
        retries[name] = nodes[name]?.attempts.notBefore
      } else {
        nodes[name]?.attempts.succeeded()
      }
    }
    take(report.after)
    for (name, time) in retries { nodes[name]?.schedule.expect(at: time) }
  }

  private func take(_ plan: FleetPlan) {
    cluster = FleetOverview.Cluster(changes: plan.objects.map(\.changes.count), drift: plan.clusterDriftText)
    for node in plan.nodes {
      note(node)
      nodes[node.node]?.schedule.looked(at: now(), isObserved: node.failure == nil, jitter: jitter())
    }
  }

  private func note(_ plan: NodePlan) {
    guard var status = nodes[plan.node]?.status else { return }
    let before = status.state
    status.take(plan, at: now())
    nodes[plan.node]?.status = status
    if status.state != before { transitions.append(status.change(of: plan.node)) }
  }

  /// Nodes that are in another state than before, since this was asked last.
  func takeTransitions() -> [NodeStateChange] {
    defer { transitions = [] }
    return transitions
  }

  /// What keeps nodes as they are at the time. Throws where pauses cannot be read: that must not end them.
  func holds(in fleet: String) throws(RunFailure) -> FleetPass.Holds {
    pauses = try PauseStore(state, of: fleet).read()
    let kept = nodes
    let mode = mode
    let pauses = pauses
    return { now in
      kept.compactMapValues { Self.hold(of: $0, in: mode, at: now) }
        .merging(pauses.holds(at: now)) { _, pause in pause }
    }
  }

  /// What keeps one node as it is, pauses aside.
  private static func hold(of keeping: Keeping, in mode: Mode, at now: Int) -> Finding? {
    if mode == .observe || keeping.spec.mode == .observe { return observing }
    if let hold = keeping.attempts.hold(at: now) { return hold }
    return keeping.schedule.isTripped(at: now) ? unsteady : nil
  }

  private static let observing = Finding(
    .held, .modeObserve, Host.kind, "mode observe: the daemon changes nothing here",
    next: "fleetd --once, or mode: enforce")
  private static let unsteady = Finding(
    .held, .backingOff, Host.kind, "it comes and goes: nothing is changed until it stays",
    next: "look at its power and network; then: fleetd reconcile NODE")

  /// In mode observe nothing is written anywhere.
  var mayWriteEvents: Bool { mode == .enforce }

  /// Whether a pass may change anything at all.
  func mayChange(_ plan: FleetPlan) -> Bool { mode == .enforce && plan.hasSteps && !stop.isRaised }

  // MARK: Status

  /// What `fleetd status` shows.
  package func status() -> JSONText {
    let now = now()
    let paused = Dictionary(pauses.inForce(at: now).map { ($0.node, $0) }) { first, _ in first }
    let list = names.compactMap { name in
      nodes[name].map { node in
        node.status.json(
          name, mode: mode == .observe ? .observe : node.spec.mode, pause: paused[name], node.schedule,
          attempts: node.attempts.count, at: now)
      }
    }
    func text(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }
    return .object([
      .init("schemaVersion", .integer(1)), .init("fleet", text(source.current?.fleet.name)),
      .init("mode", .string(mode.rawValue)),
      .init("commit", text(source.current?.commit)),
      .init(
        "rejected",
        source.rejected.map { rejected in
          .object([
            .init("commit", .string(rejected.commit)), .init("problems", .array(rejected.problems.map { .string($0) })),
          ])
        } ?? .null), .init("sourceProblem", text(source.problem?.description)), .init("problem", text(trouble)),
      .init("activity", text(activity)), .init("passes", .integer(Int64(passes))), .init("nodes", .array(list)),
    ])
  }

  /// What the page, the API and the metrics show of it.
  package func overview(into overview: FleetOverview) -> FleetOverview {
    let now = now()
    let paused = Dictionary(pauses.inForce(at: now).map { ($0.node, $0) }) { first, _ in first }
    var overview = overview
    overview.fleet = source.current?.fleet.name
    overview.commit = source.current?.commit
    overview.rejected = source.rejected.map { .init(commit: $0.commit, problems: $0.problems) }
    overview.sourceProblem = source.problem?.description
    overview.problem = trouble
    overview.activity = activity
    overview.passes = passTimes
    overview.cluster = cluster
    overview.nodes = names.compactMap { name in
      nodes[name].map { node in
        node.status.overview(
          node.spec, mode: mode == .observe ? .observe : node.spec.mode, pause: paused[name], node.schedule,
          attempts: node.attempts.count, at: now)
      }
    }
    return overview
  }

  /// One line for the service manager.
  package func summary() -> String {
    let counts = Dictionary(grouping: nodes.values, by: \.status.state).mapValues(\.count)
    let words = counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
    let commit = source.current.map { "commit \($0.commit.prefix(7))" } ?? "no commit in force"
    return ([mode.rawValue, commit] + words + [activity].compactMap { $0 }).joined(separator: ", ")
  }
}
