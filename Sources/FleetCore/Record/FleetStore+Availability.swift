package import FleetModel
internal import GRDB

/// What availability is kept of.
package enum AvailabilitySubject: Sendable, Hashable {
  /// The cluster's API.
  case api
  case node(String)

  /// `api`, `node/pi1`.
  package var text: String {
    switch self {
    case .api: "api"
    case .node(let name): "node/\(name)"
    }
  }
}

extension FleetStore {
  /// Adds what a look tells, for several subjects in one transaction. Kept by hours: small, whatever the interval.
  package func record(
    _ samples: [(subject: AvailabilitySubject, sample: AvailabilitySample)], of fleet: String
  ) throws(RecordFailure) {
    try write { database in try Self.record(samples, of: fleet, in: database) }
  }

  static func record(
    _ samples: [(subject: AvailabilitySubject, sample: AvailabilitySample)], of fleet: String, in database: Database
  ) throws {
    for (subject, sample) in samples {
      let arguments: StatementArguments = [fleet, subject.text]
      let before = try Row.fetchOne(
        database, sql: "SELECT at, isUp FROM looks WHERE fleet = ? AND subject = ?", arguments: arguments
      ).flatMap { row -> AvailabilitySample? in
        ClockReading(text: row["at"]).map { AvailabilitySample(at: $0, isUp: row["isUp"]) }
      }
      let added = sample.since(before)
      try database.execute(
        sql: """
          INSERT INTO looks (fleet, subject, at, isUp) VALUES (?, ?, ?, ?)
          ON CONFLICT (fleet, subject) DO UPDATE SET at = excluded.at, isUp = excluded.isUp
          """, arguments: arguments + [sample.at.text, sample.isUp])
      guard added.up + added.down > 0 else { continue }
      try database.execute(
        sql: """
          INSERT INTO hours (fleet, subject, hour, up, down) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (fleet, subject, hour) DO UPDATE SET up = up + excluded.up, down = down + excluded.down
          """, arguments: arguments + [sample.hour, added.up, added.down])
    }
  }

  /// Over the last 30 days, by subject as `AvailabilitySubject.text` has it, sorted.
  package func availability(
    of fleet: String, at now: ClockReading
  ) throws(RecordFailure) -> [(subject: String, availability: Availability)] {
    let hours = AvailabilitySample.hours(before: now)
    return try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT subject, sum(up) AS up, sum(down) AS down FROM hours
          WHERE fleet = ? AND hour BETWEEN ? AND ? GROUP BY subject ORDER BY subject
          """, arguments: [fleet, hours.lowerBound, hours.upperBound]
      ).map { row in (row["subject"], Availability(up: row["up"], down: row["down"])) }
    }
  }
}
