internal import GRDB

/// Something that happened, in a sentence.
package struct RecordedEvent: Sendable, Hashable {
  /// Seconds since 1970 UTC.
  package let at: Int
  package let fleet: String
  /// `nil`: it is about the fleet.
  package let node: String?
  /// The run in which it happened.
  package let run: String?
  /// Stable, for programs: a `Reason`, or a word like `paused`.
  package let reason: String
  package let message: String

  package init(at: Int, fleet: String, node: String? = nil, run: String? = nil, reason: String, message: String) {
    self.at = at
    self.fleet = fleet
    self.node = node
    self.run = run
    self.reason = reason
    self.message = message
  }
}

extension FleetStore {
  package func record(_ event: RecordedEvent) throws(RecordFailure) {
    try write { database in
      try database.execute(
        sql: "INSERT INTO events (at, fleet, node, run, reason, message) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [event.at, event.fleet, event.node, event.run, event.reason, event.message])
    }
  }

  /// The newest first.
  package func events(of node: String? = nil, last count: Int) throws(RecordFailure) -> [RecordedEvent] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM events WHERE ?1 IS NULL OR node = ?1 ORDER BY id DESC LIMIT ?2",
        arguments: [node, count]
      ).map { row in
        RecordedEvent(
          at: row["at"], fleet: row["fleet"], node: row["node"], run: row["run"], reason: row["reason"],
          message: row["message"])
      }
    }
  }
}
