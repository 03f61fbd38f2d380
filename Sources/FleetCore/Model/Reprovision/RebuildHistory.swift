/// What this fleet's own rebuilds took: where estimates come from.
package struct RebuildHistory: Sendable, Hashable {
  /// Seconds, by phase; not sorted.
  package let phases: [RebuildPhase: [Int]]
  /// Seconds of whole rebuilds.
  package let totals: [Int]

  /// - Parameter rebuilds: any; those count that converged.
  package init(_ rebuilds: [Rebuild]) {
    var phases: [RebuildPhase: [Int]] = [:]
    var totals: [Int] = []
    for rebuild in rebuilds where rebuild.outcome == .converged {
      for (phase, seconds) in rebuild.durations { phases[phase, default: []].append(seconds) }
      totals.append(rebuild.elapsed(at: rebuild.lastTurn))
    }
    self.phases = phases
    self.totals = totals
  }

  package static let empty = RebuildHistory([])

  /// Seconds that are left to `rebuild`, by the median of each phase; `nil`: some phase was never measured.
  func estimate(for rebuild: Rebuild, at now: ClockReading) -> Int? {
    guard rebuild.outcome == .running else { return 0 }
    // A fleet whose nodes have no k3s never measured its phases, and goes through none.
    let hasK3s = phases.keys.contains { $0.isOfK3s } || rebuild.ends.keys.contains { $0.isOfK3s }
    var left = 0
    var inPhase = now.seconds(since: rebuild.lastTurn)
    for phase in RebuildPhase.allCases where rebuild.ends[phase] == nil && (hasK3s || !phase.isOfK3s) {
      guard let median = Percentile.of(phases[phase] ?? [], 50) else { return nil }
      // The first is under way.
      left += max(0, median - inPhase)
      inPhase = 0
    }
    return left
  }
}
