/// What somebody may want to be told of. Stable: configurations, templates and receivers name them.
package enum NotificationEvent: String, Sendable, Hashable, CaseIterable {
  // What lasts, until `recovered` ends it.
  /// A node does not answer.
  case nodeAway = "node-away"
  /// On a node something is refused or blocked: somebody must act.
  case nodeAttention = "node-attention"
  /// Changing a node failed, or did not last.
  case nodeFailed = "node-failed"
  case commitRejected = "commit-rejected"
  /// The checkout cannot be looked at or fetched.
  case sourceFailed = "source-failed"
  /// A pass cannot begin, or does not end.
  case passFailed = "pass-failed"
  /// Runs and clocks are not recorded.
  case storeFailed = "store-failed"
  /// What of the above was told is over, and has stayed so.
  case recovered
  // What happens once.
  case rolloutStopped = "rollout-stopped"
  case rebuildBegun = "rebuild-begun"
  case rebuildAtRisk = "rebuild-at-risk"
  case rebuildBreached = "rebuild-breached"
  case rebuildFinished = "rebuild-finished"
  case rebuildAbandoned = "rebuild-abandoned"

  /// How loud it is.
  package var severity: NotificationSeverity {
    switch self {
    case .nodeAttention, .nodeFailed, .rolloutStopped, .rebuildBreached: .critical
    case .nodeAway, .commitRejected, .sourceFailed, .passFailed, .storeFailed, .rebuildAtRisk: .warning
    case .recovered, .rebuildBegun, .rebuildFinished, .rebuildAbandoned: .info
    }
  }
}

package enum NotificationSeverity: String, Sendable, Hashable {
  case critical, warning, info
}
