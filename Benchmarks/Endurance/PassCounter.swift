import FleetModel
import FleetReconcile
import Synchronization

/// Counts passes on their way to the daemon's recorder.
final class PassCounter: PassRecorder {
  private struct State {
    var ended = 0
    var applied = 0
    var problem: String?
  }

  private let recorder: any PassRecorder
  private let state = Mutex(State())

  init(_ recorder: any PassRecorder) { self.recorder = recorder }

  /// Passes that have ended.
  var ended: Int { state.withLock { $0.ended } }
  /// Those that changed something.
  var applied: Int { state.withLock { $0.applied } }
  /// What failed; nothing must.
  var problem: String? { state.withLock { $0.problem } }

  func fail(_ problem: String) { state.withLock { $0.problem = problem } }

  func looked(at plan: FleetPlan, of fleet: Fleet) async { await recorder.looked(at: plan, of: fleet) }
  func looked(at node: NodeLook, of fleet: Fleet) async { await recorder.looked(at: node, of: fleet) }

  func record(_ pass: FinishedPass) async {
    await recorder.record(pass)
    state.withLock { state in
      state.ended += 1
      if pass.report?.before.hasSteps == true { state.applied += 1 }
      for result in pass.report?.results ?? [] {
        guard case .failed(let failure) = result.outcome else { continue }
        state.problem = "\(result.node): \(failure.step): \(failure.failure.message)"
      }
    }
  }
}
