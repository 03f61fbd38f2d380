import FleetApply
package import FleetModel

/// The daemon's loops around a keeper: one a node, which looks; and one coordinator, which alone changes anything.
package struct FleetLoops: Sendable {
  private let keeper: FleetKeeper
  private let work: any FleetWork
  private let recorder: any PassRecorder
  private let now: @Sendable () -> Int
  /// What the waits go by.
  private let clock: any Clock<Duration>
  /// Takes what the daemon has to say; `RunID.current` tells which run it is about.
  private let tell: @Sendable (Event) -> Void

  package enum Event: Sendable {
    case began(causes: [String])
    case looked(FleetPlan)
    case applied(RunReport)
    case failed(String)
    /// A node is in another state than before.
    case changed(NodeStateChange)
  }

  package init(
    _ keeper: FleetKeeper, _ work: any FleetWork, recorder: any PassRecorder = NoRecorder(),
    now: @escaping @Sendable () -> Int, clock: any Clock<Duration> = ContinuousClock(),
    tell: @escaping @Sendable (Event) -> Void
  ) {
    self.keeper = keeper
    self.work = work
    self.recorder = recorder
    self.now = now
    self.clock = clock
    self.tell = tell
  }

  /// The coordinator finishes the step in hand and returns; who watches nodes is cancelled.
  package func end() {
    keeper.stop.raise()
    keeper.coordinatorBell.ring()
  }

  /// One loop a node, for as long as the fleet has it. Returns when the daemon stops.
  package func watchNodes() async {
    await withDiscardingTaskGroup { group in
      var running: Set<String> = []
      while !keeper.stop.isRaised, !Task.isCancelled {
        let names = Set(await keeper.names)
        for name in names.subtracting(running) { group.addTask { await watch(name) } }
        running = names
        await keeper.rosterBell.wait(for: .seconds(3600), on: clock)
      }
    }
  }

  private func watch(_ name: String) async {
    while !Task.isCancelled, let turn = await keeper.turn(of: name) {
      switch turn {
      case .wait(let time, let bell): await bell.wait(for: time, on: clock)
      case .look(let pass, let spec):
        let observation = await pass.look(at: spec)
        // A look that was broken off says nothing of the node.
        guard !Task.isCancelled else { return }
        let look = await keeper.took(observation, of: spec, over: pass)
        await tellTransitions()
        if let look { await recorder.looked(at: look, of: pass.fleet) }
      }
    }
  }

  /// Passes over the whole fleet, one after the other. Returns when the daemon stops and the step in hand has ended.
  package func coordinate() async {
    var count = 0
    while !keeper.stop.isRaised, !Task.isCancelled {
      guard let (desired, causes) = await keeper.coordination() else {
        await keeper.coordinatorBell.wait(for: .seconds(await keeper.idleTime()), on: clock)
        continue
      }
      count += 1
      let id = "\(UTCTime(now()).compact)-\(count)"
      await RunID.$current.withValue(id) { await run(id, over: desired, causes) }
    }
  }

  private func run(_ run: String, over desired: DesiredState, _ causes: [String]) async {
    let began = now()
    tell(.began(causes: causes))
    await keeper.begin("observing")
    do {
      let pass = try await work.pass(over: desired, holds: try await keeper.holds(in: desired.fleet.name))
      let view = await pass.look()
      await keeper.took(view, over: pass)
      await tellTransitions()
      work.remember(view.plan)
      tell(.looked(view.plan))
      await recorder.looked(at: view.plan, of: desired.fleet)
      let report = try await apply(view.plan, by: pass, of: desired)
      if let report {
        await keeper.took(report)
        await tellTransitions()
        work.remember(report.after)
        tell(.applied(report))
        // A run that was stopped did not look again.
        if !keeper.stop.isRaised { await recorder.looked(at: report.after, of: desired.fleet) }
      }
      await recorder.record(
        FinishedPass(run: run, began: began, ended: now(), causes: causes, plan: view.plan, report: report))
      await keeper.ended(nil)
    } catch {
      tell(.failed("\(error)"))
      await keeper.ended("\(error)")
    }
  }

  private func tellTransitions() async {
    for change in await keeper.takeTransitions() { tell(.changed(change)) }
  }

  private func apply(_ plan: FleetPlan, by pass: FleetPass, of desired: DesiredState) async throws -> RunReport? {
    guard await keeper.mayChange(plan) else { return nil }
    await keeper.did("applying")
    // Every step carries the digest of what it replaces: what somebody changed since the look is refused.
    return try await work.alone(in: desired.fleet.name) { await pass.apply(plan) }
  }
}

/// The id of the run that this task works for.
package enum RunID {
  @TaskLocal package static var current: String?
}
