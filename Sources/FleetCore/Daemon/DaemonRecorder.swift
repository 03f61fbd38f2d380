package import FleetModel
package import FleetReconcile
import FleetRecord
package import Logging
import Synchronization

/// Keeps in the store what the daemon sees and does. A store that fails is told once, tried again at the next pass, and
/// keeps no pass from its work.
package final class DaemonRecorder: PassRecorder {
  private let path: String
  private let version: String
  private let now: @Sendable () -> ClockReading
  private let log: Logger
  private let turned: @Sendable (NodeClock.Transition, String) -> Void
  private let notify: @Sendable ([NotificationFact]) -> Void
  private let state = Mutex(State())

  private struct State {
    var store: FleetStore?
    /// What was told last; `nil`: it works.
    var problem: String?
    var errors = 0
    /// When what is old was removed last; seconds since 1970 UTC.
    var prunedAt: Int?
  }

  /// - Parameters:
  ///   - path: where the store is; it is made where it is missing.
  ///   - version: of this program.
  ///   - turned: takes what the clock of a node says.
  ///   - notify: takes what somebody may want to be told.
  package init(
    at path: String, version: String, log: Logger, now: @escaping @Sendable () -> ClockReading = { .now() },
    turned: @escaping @Sendable (NodeClock.Transition, String) -> Void,
    notify: @escaping @Sendable ([NotificationFact]) -> Void
  ) {
    self.turned = turned
    self.path = path
    self.version = version
    self.now = now
    self.log = log
    self.notify = notify
  }

  package func looked(at plan: FleetPlan, of fleet: Fleet) async {
    guard !Task.isCancelled else { return }
    recording { store throws(RecordFailure) in
      let target = Int(fleet.reprovisionTarget.components.seconds)
      for (node, transitions) in try store.look(at: plan, now: now(), target: target) {
        for transition in transitions { tell(transition, of: node) }
      }
    }
  }

  package func looked(at node: NodeLook, of fleet: Fleet) async {
    see(node.sighting, isUp: node.isUp, of: node.node, in: fleet.name, target: fleet.reprovisionTarget)
  }

  /// What a step brought a node to.
  package func see(_ sighting: NodeSighting, isUp: Bool? = nil, of node: String, in fleet: String, target: Duration) {
    guard !Task.isCancelled else { return }
    recording { store throws(RecordFailure) in
      let transitions = try store.see(
        sighting, isUp: isUp, of: node, in: fleet, now: now(), target: Int(target.components.seconds))
      for transition in transitions { tell(transition, of: node) }
    }
  }

  /// Passes that did nothing are not kept: thousands a month would bury those that did. What is old is removed daily, also
  /// where no pass ever does anything.
  package func record(_ pass: FinishedPass) async {
    defer { prune(at: pass.ended) }
    guard let report = pass.report, report.before.hasSteps else { return }
    recording { store throws(RecordFailure) in
      let beginning = RunBeginning(
        pass.plan, kind: .pass, id: pass.run, startedAt: pass.began, version: version)
      try store.record(
        beginning,
        RunEnding(report, exitCode: ExitCode(after: report), isInterrupted: Task.isCancelled, endedAt: pass.ended))
    }
  }

  /// Once a day; after a clock that was set back, too.
  private func prune(at now: Int) {
    let isDue = state.withLock { state in
      if let last = state.prunedAt, abs(now - last) < 86_400 { return false }
      state.prunedAt = now
      return true
    }
    guard isDue else { return }
    recording { store throws(RecordFailure) in try store.prune(now: now) }
  }

  private func recording(_ work: (FleetStore) throws(RecordFailure) -> Void) {
    state.withLock { state in
      do throws(RecordFailure) {
        let store = if let open = state.store { open } else { try FleetStore(at: path) }
        state.store = store
        try work(store)
        if state.problem != nil {
          log.notice("runs are recorded again")
          notify([.sound(.store)])
        }
        state.problem = nil
      } catch {
        state.store = nil
        notify([.broken(.store, NotificationProblem(.storeFailed, error.message, next: error.next))])
        state.errors += 1
        guard state.problem != error.message else { return }
        state.problem = error.message
        let next = error.next.map { "; \($0)" } ?? ""
        log.warning("not recorded: \(error.message)\(next)")
      }
    }
  }

  /// How often something could not be recorded.
  package var errors: Int { state.withLock { $0.errors } }

  /// What the clock of a node's rebuild says, as lines of the log.
  private func tell(_ transition: NodeClock.Transition, of node: String) {
    notify([transition.fact(of: node)].compactMap { $0 })
    turned(transition, node)
    log.notice("\(node): \(transition.message)", metadata: ["node": "\(node)"])
  }
}
