package import FleetModel
internal import GRDB

extension FleetStore {
  /// Stores a node's clock and its rebuild as they are now, and says what happened, in one transaction. To be called
  /// whenever a look changed the clock, whether or not there is something to tell.
  package func save(
    _ clock: NodeClock, _ transitions: [NodeClock.Transition], at now: ClockReading
  )
    throws(RecordFailure)
  {
    try write { database in try Self.save(clock, transitions, at: now, in: database) }
  }

  /// The clock of a node as it was stored last; a new one where there is none.
  package func clock(of node: String, in fleet: String) throws(RecordFailure) -> NodeClock {
    try read { database in try Self.clock(of: node, in: fleet, database) }
  }

  /// The newest first.
  package func rebuilds(of fleet: String? = nil, last count: Int = 1000) throws(RecordFailure) -> [Rebuild] {
    try read { database in try Self.rebuilds(of: fleet, last: count, in: database) }
  }

  static func rebuilds(of fleet: String?, last count: Int, in database: Database) throws -> [Rebuild] {
    try rebuilds(in: database, "WHERE ?1 IS NULL OR fleet = ?1 ORDER BY place DESC LIMIT ?2", [fleet, count])
  }

  static func save(
    _ clock: NodeClock, _ transitions: [NodeClock.Transition], at now: ClockReading, in database: Database
  ) throws {
    if let rebuild = clock.rebuild { try save(rebuild, in: database) }
    try database.execute(
      sql: """
        INSERT INTO clocks (fleet, node, machineID, lost, untrusted, rebuild) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (fleet, node) DO UPDATE SET machineID = excluded.machineID, lost = excluded.lost,
          untrusted = excluded.untrusted, rebuild = excluded.rebuild
        """,
      arguments: [
        clock.fleet, clock.node, clock.machineID, clock.lost?.text, clock.untrusted?.text, clock.rebuild?.id,
      ])
    for transition in transitions {
      try database.execute(
        sql: "INSERT INTO events (at, fleet, node, reason, message) VALUES (?, ?, ?, ?, ?)",
        arguments: [now.wall, clock.fleet, clock.node, transition.reason, transition.message])
    }
  }

  static func clock(of node: String, in fleet: String, _ database: Database) throws -> NodeClock {
    var clock = NodeClock(fleet: fleet, node: node)
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM clocks WHERE fleet = ? AND node = ?", arguments: [fleet, node])
    else { return clock }
    clock.machineID = row["machineID"]
    clock.lost = reading(row["lost"])
    clock.untrusted = reading(row["untrusted"])
    if let id: String = row["rebuild"] {
      clock.rebuild = try rebuilds(in: database, "WHERE id = ?", [id]).first
    }
    return clock
  }

  private static func save(_ rebuild: Rebuild, in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO rebuilds (id, fleet, node, origin, begun, lost, target, machineID, hasLeft, restarts, outcome, alert)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET lost = excluded.lost, machineID = excluded.machineID,
          hasLeft = excluded.hasLeft, restarts = excluded.restarts, outcome = excluded.outcome, alert = excluded.alert
        """,
      arguments: [
        rebuild.id, rebuild.fleet, rebuild.node, rebuild.origin.rawValue, rebuild.begun.text, rebuild.lost?.text,
        rebuild.target, rebuild.machineID, rebuild.hasLeft, rebuild.restarts, rebuild.outcome.rawValue,
        rebuild.alert.rawValue,
      ])
    try database.execute(sql: "DELETE FROM phases WHERE rebuild = ?", arguments: [rebuild.id])
    for (phase, end) in rebuild.ends {
      try database.execute(
        sql: "INSERT INTO phases (rebuild, phase, ended) VALUES (?, ?, ?)",
        arguments: [rebuild.id, phase.rawValue, end.text])
    }
  }

  private static func rebuilds(
    in database: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [Rebuild] {
    try Row.fetchAll(database, sql: "SELECT * FROM rebuilds \(condition)", arguments: arguments).compactMap { row in
      guard let begun = reading(row["begun"]) else { return nil }
      var rebuild = Rebuild(
        id: row["id"], fleet: row["fleet"], node: row["node"],
        origin: Rebuild.Origin(rawValue: row["origin"]) ?? .blank, begun: begun, lost: reading(row["lost"]),
        target: row["target"], hasLeft: row["hasLeft"])
      rebuild.machineID = row["machineID"]
      rebuild.restarts = row["restarts"]
      rebuild.outcome = Rebuild.Outcome(rawValue: row["outcome"]) ?? .abandoned
      rebuild.alert = Rebuild.Alert(rawValue: row["alert"]) ?? .none
      for phase in try Row.fetchAll(
        database, sql: "SELECT phase, ended FROM phases WHERE rebuild = ?", arguments: [rebuild.id])
      {
        guard let name = RebuildPhase(rawValue: phase["phase"]) else { continue }
        rebuild.ends[name] = reading(phase["ended"])
      }
      return rebuild
    }
  }

  private static func reading(_ text: String?) -> ClockReading? { text.flatMap(ClockReading.init(text:)) }
}
