package import FleetModel

/// What a run does, while it does it. Consumers render it; nothing else depends on it.
package enum ProgressEvent: Sendable {
  /// All of these, from the beginning.
  case observing(nodes: [String])
  /// Logged in; its answer is awaited.
  case connected(node: String)
  case observed(node: String)
  case notObserved(node: String, NodeFailure)
  case fetching(what: String)
  case waiting(node: String, what: String)
  case stepStarted(node: String, Step)
  case stepSucceeded(node: String, Step)
  case stepFailed(node: String, StepFailure)
  /// A hook's program is started. `node`: `nil` for those around a roll-out.
  case hookStarted(Hooks.Event, node: String?)
  /// What a hook printed, or what became of it: one line, escaped. `node`: `nil` for those around a roll-out.
  case hook(Hooks.Event, node: String?, line: String)
  /// What the clock of its rebuild shall see: a step brought it further, or a look between two rounds did.
  case sighted(node: String, NodeSighting)
  /// Its steps have ended, one way or the other; `isWaiting`: what disturbs it has its turn later.
  case turnEnded(node: String, isWaiting: Bool)
}

/// Where events go. Called from many tasks at once.
package typealias ProgressSink = @Sendable (ProgressEvent) -> Void
