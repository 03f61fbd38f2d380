import FleetApply
import FleetModel
import FleetRecord
import Glibc
import Synchronization

/// Records a run as it goes. Recording is best-effort: a store that fails is told once, and the run goes on.
final class RunRecorder: Sendable {
  private let startedAt: Int
  private let kind: RunBeginning.Kind
  private let state: Mutex<State>

  private struct State {
    /// `nil`: recording was given up.
    var store: FleetStore?
    /// The id of the run; `nil`: it has no plan yet.
    var run: String?
  }

  /// - Parameter path: where the store is; it is made where it is missing.
  init(_ kind: RunBeginning.Kind, at path: String) {
    self.kind = kind
    startedAt = Int(time(nil))
    do throws(RecordFailure) {
      state = Mutex(State(store: try FleetStore(at: path)))
    } catch {
      state = Mutex(State())
      Self.warn(error)
    }
  }

  /// What a look at the fleet tells the clocks of its nodes. One that was interrupted tells nothing: it took nodes for lost.
  ///
  /// - Parameter target: how long a rebuild may take.
  func look(at plan: FleetPlan, target: Duration) {
    guard !Task.isCancelled else { return }
    recording { _, store throws(RecordFailure) in
      _ = try store.look(at: plan, now: .now(), target: Int(target.components.seconds))
    }
  }

  /// What the run does, for what its steps bring the nodes to.
  func follow(_ event: ProgressEvent, in fleet: String, target: Duration) {
    guard case .sighted(let node, let sighting) = event, !Task.isCancelled else { return }
    recording { _, store throws(RecordFailure) in
      _ = try store.see(sighting, of: node, in: fleet, now: .now(), target: Int(target.components.seconds))
    }
  }

  /// The run begins to act on `plan`.
  func begin(_ plan: FleetPlan) {
    let beginning = RunBeginning(plan, kind: kind, startedAt: startedAt, version: FleetdVersion.current)
    recording { state, store throws(RecordFailure) in
      try store.begin(beginning)
      state.run = beginning.id
    }
  }

  func end(_ ending: RunEnding) {
    recording { state, store throws(RecordFailure) in
      guard let run = state.run else { return }
      try store.end(run, ending)
      try store.prune(now: ending.endedAt)
    }
  }

  private func recording(_ work: (inout State, FleetStore) throws(RecordFailure) -> Void) {
    state.withLock { state in
      guard let store = state.store else { return }
      do throws(RecordFailure) {
        try work(&state, store)
      } catch {
        state.store = nil
        Self.warn(error)
      }
    }
  }

  private static func warn(_ failure: RecordFailure) {
    Console.note("this run is not recorded: \(failure.message)" + (failure.next.map { "\n  = \($0)" } ?? ""))
  }
}
