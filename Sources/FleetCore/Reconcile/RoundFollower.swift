import FleetApply
import FleetModel
import Synchronization

/// Passes on what a round does, and adds what the clocks of rebuilds make of it.
final class RoundFollower: Sendable {
  private let round: Mutex<RoundProgress>
  private let progress: ProgressSink

  init(_ plan: FleetPlan, _ progress: @escaping ProgressSink) {
    round = Mutex(RoundProgress(plan))
    self.progress = progress
  }

  var sink: ProgressSink {
    { event in
      self.progress(event)
      guard case .stepSucceeded(let node, let step) = event,
        let sighting = self.round.withLock({ $0.did(step, on: node) })
      else { return }
      self.progress(.sighted(node: node, sighting))
    }
  }
}
