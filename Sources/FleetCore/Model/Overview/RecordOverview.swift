/// What the store keeps, as far as people want to see it at a glance.
package struct RecordOverview: Sendable, Hashable {
  /// One run that did something.
  package struct Run: Sendable, Hashable {
    package let id: String
    package let kind: String
    package let commit: String?
    /// Seconds since 1970 UTC; no end: it goes on, or its process was killed.
    package let startedAt: Int
    package let endedAt: Int?
    package let exitCode: Int?
    package let summary: String

    package init(
      id: String, kind: String, commit: String?, startedAt: Int, endedAt: Int?, exitCode: Int?, summary: String
    ) {
      self.id = id
      self.kind = kind
      self.commit = commit
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.exitCode = exitCode
      self.summary = summary
    }
  }

  package struct Served: Sendable, Hashable {
    /// `api`, `node/pi1`.
    package let subject: String
    package let availability: Availability

    package init(subject: String, availability: Availability) {
      self.subject = subject
      self.availability = availability
    }
  }

  /// The newest first.
  package var rebuilds: [Rebuild] = []
  /// Over 30 days, sorted by subject.
  package var availability: [Served] = []
  /// The newest first.
  package var runs: [Run] = []
  /// Why the store cannot be read; `nil`: it can, or there is none yet.
  package var problem: String?
  /// How often something could not be written to it since the daemon was started.
  package var errors = 0

  package init() {}

  /// The newest rebuild of each node that was not called off, with where it stands at the time; by node.
  package func latestRebuilds(at now: ClockReading) -> [(rebuild: Rebuild, assessment: RebuildAssessment)] {
    var seen: Set<String> = []
    return assessed(at: now).filter { $0.rebuild.outcome != .abandoned && seen.insert($0.rebuild.node).inserted }
      .sorted { $0.rebuild.node < $1.rebuild.node }
  }

  /// All of them, the newest first.
  package func assessed(at now: ClockReading) -> [(rebuild: Rebuild, assessment: RebuildAssessment)] {
    let history = RebuildHistory(rebuilds)
    return rebuilds.map { ($0, RebuildAssessment($0, at: now, history)) }
  }
}
