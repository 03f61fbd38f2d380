import FleetModel
import Glibc
import SSHClient

/// Something that does a step about the cluster.
protocol ClusterRunner: Sendable {
  /// Runs one step to its end. `report`: what is awaited, whenever that changes.
  func run(_ step: Step, report: @Sendable (String) -> Void) async throws(NodeFailure)
}

/// Does steps about the cluster through whichever server answers: constructed in this target's `FleetApplier` alone.
struct ClusterOperator: ClusterRunner {
  private let links: [NodeLink]
  private let observer: ClusterObserver
  private let vault: SecretVault
  /// Where snapshots are kept; `nil`: this run has no such place.
  private let state: ControlNodeState?

  init(_ servers: [NodeLink], vault: SecretVault, state: ControlNodeState?) {
    links = servers
    observer = ClusterObserver(servers)
    self.vault = vault
    self.state = state
  }

  private static let pause: Duration = .milliseconds(1500)

  func run(_ step: Step, report: @Sendable (String) -> Void) async throws(NodeFailure) {
    switch step.action {
    case .onServer(let script, let input, let spared):
      try await run(script, input, sparing: spared, step)
    case .await(let gate):
      try await pass(gate, within: step.deadline, report)
    case .snapshot(let request):
      guard let state else { throw NodeFailure(.stepFailed, "there is no place to keep a snapshot") }
      _ = try await SnapshotTaker(links, state: state) { Int(time(nil)) }
        .take(request, within: step.deadline, report: report)
    case .run, .runAsUnit, .push, .reboot, .verifyAccess:
      throw NodeFailure(.stepFailed, "\(step.title) is a step of a node and not of the cluster")
    }
  }

  /// On the first server that answers. One that dies half-way, or whose API server is away, is followed by the next: the
  /// scripts may run twice.
  private func run(
    _ script: StepScript, _ input: StepInput, sparing spared: String?, _ step: Step
  ) async throws(NodeFailure) {
    guard let bytes = StepPrelude.input(input, with: vault) else {
      throw NodeFailure(.secretMissing, "\(step.title) needs a secret that this control node does not have")
    }
    var last = NodeFailure(.apiUnreachable, "there is no server to ask")
    for link in links.sparing(spared) {
      do throws(NodeFailure) {
        let result = try await link.run(
          ServerScript.text(for: script), input: bytes, limits: SSHOutputLimits(stdout: 1 << 20, stderr: 64 << 10),
          deadline: step.deadline)
        if result.succeeded { return }
        throw NodeFailure(onServer: result, link)
      } catch {
        guard error.isTransient else { throw error }
        last = error
      }
    }
    throw last
  }

  private func pass(
    _ gate: Gate, within deadline: Duration, _ report: @Sendable (String) -> Void
  ) async throws(NodeFailure) {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: deadline)
    var first: ClusterView?
    var told = ""
    while true {
      let views = await views(for: gate)
      if first == nil { first = views.values.first(where: \.isAnswering) }
      guard case .waiting(let missing) = gate.verdict(on: views, since: first) else { return }
      if missing != told { report(missing) }
      told = missing
      guard clock.now < end else {
        throw NodeFailure(
          .gateFailed, "not within \(DurationText.render(deadline)): \(missing)",
          next: "mend that, then run again: the roll-out goes on where it stood (runbooks/gate-failed.md)")
      }
      // A cluster that settles tells nobody: asking again is the only way to know.
      do { try await clock.sleep(for: Self.pause) } catch { throw NodeFailure(.cancelled, "cancelled while waiting") }
    }
  }

  /// One that answers for the cluster, and each whose own answer counts.
  private func views(for gate: Gate) async -> [String: ClusterView] {
    var views: [String: ClusterView] = [:]
    for server in gate.asked { views[server] = await observer.view(from: server) }
    if !views.values.contains(where: \.isAnswering), let view = await observer.observe().view {
      views[view.server] = view
    }
    return views
  }
}
