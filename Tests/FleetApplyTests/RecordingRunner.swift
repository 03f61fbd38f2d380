import FleetModel
import Synchronization

/// Notes which steps were run, in order, on all nodes together; fails those that it is told to.
final class Recorder: Sendable {
  private let steps = Mutex<[String]>([])
  private let failing: Set<String>

  /// - Parameter failing: "node: title" of steps that fail.
  init(failing: Set<String> = []) { self.failing = failing }

  var recorded: [String] { steps.withLock { $0 } }

  func runner(for node: String) -> any StepRunner { RecordingRunner(node: node, recorder: self) }

  fileprivate func run(_ step: Step, on node: String) throws(NodeFailure) {
    let name = "\(node): \(step.title)"
    steps.withLock { $0.append(name) }
    if failing.contains(name) { throw NodeFailure(.stepFailed, "told to fail") }
  }
}

private struct RecordingRunner: StepRunner {
  let node: String
  let recorder: Recorder

  func run(_ step: Step) async throws(NodeFailure) { try recorder.run(step, on: node) }
}
