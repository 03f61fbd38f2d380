package import FleetModel
internal import GRDB

extension FleetStore {
  /// What people want to see at a glance of a fleet: in bounds, and without the plans of the runs.
  package func overview(of fleet: String, at now: ClockReading) throws(RecordFailure) -> RecordOverview {
    var overview = RecordOverview()
    overview.rebuilds = try rebuilds(of: fleet, last: Self.shownRebuilds)
    overview.availability = try availability(of: fleet, at: now).map {
      RecordOverview.Served(subject: $0.subject, availability: $0.availability)
    }
    overview.runs = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, kind, commitId, startedAt, endedAt, exitCode, summary FROM runs
          WHERE fleet = ? ORDER BY startedAt DESC, id DESC LIMIT ?
          """, arguments: [fleet, Self.shownRuns]
      ).map { row in
        RecordOverview.Run(
          id: row["id"], kind: row["kind"], commit: row["commitId"], startedAt: row["startedAt"],
          endedAt: row["endedAt"], exitCode: row["exitCode"], summary: row["summary"])
      }
    }
    return overview
  }

  /// As many as estimates go by.
  private static let shownRebuilds = 100
  private static let shownRuns = 20
}
