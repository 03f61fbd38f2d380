/// The exit codes of a run; the numbers stand in `--help` and the manual page.
package enum ExitCode: Int32, Sendable, Hashable {
  /// In sync; after `--once` also: converged.
  case inSync = 0
  /// Something failed, was refused or is stalled. Wins over everything else.
  case failed = 1
  case drift = 2
  /// In sync as far as seen; some nodes could not be observed.
  case notAllObserved = 3
  /// Drift, and some nodes could not be observed.
  case driftNotAllObserved = 4
  /// The command line is wrong (sysexits(3): EX_USAGE).
  case usage = 64
  /// SIGINT: 128 + 2.
  case interrupted = 130

  /// For a check.
  package init(checking plan: FleetPlan) {
    let objects = plan.objects
    let isDrifting =
      plan.nodes.contains { $0.isSelected && $0.observed != nil && !$0.isInSync }
      || objects.map { $0.isSelected && $0.observed != nil && !$0.isInSync } == true
    let isPartial =
      plan.nodes.contains { $0.failure != nil || $0.findings.contains { $0.reason == .notCompared } }
      || objects?.failure != nil || objects?.findings.contains { $0.reason == .notCompared } == true
    let isWrong =
      plan.clusterFindings.contains { $0.severity == .refused || $0.severity == .blocked }
      || plan.nodes.contains { $0.needsAttention && ($0.isSelected || $0.failure != nil) }
      || objects.map { $0.needsAttention && ($0.isSelected || $0.failure != nil) } == true
    if isWrong {
      self = .failed
    } else if isDrifting {
      self = isPartial ? .driftNotAllObserved : .drift
    } else {
      self = isPartial ? .notAllObserved : .inSync
    }
  }
}
