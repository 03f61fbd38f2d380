package import FleetModel

/// What a run does, while it does it. Consumers render it; nothing else depends on it.
package enum ProgressEvent: Sendable {
  case observing(nodes: Int)
  case observed(node: String)
  case notObserved(node: String, NodeFailure)
  case fetching(what: String)
  case waiting(node: String, what: String)
  case stepStarted(node: String, title: String)
  case stepSucceeded(node: String, title: String)
  case stepFailed(node: String, StepFailure)
}

/// Where events go. Called from many tasks at once.
package typealias ProgressSink = @Sendable (ProgressEvent) -> Void
