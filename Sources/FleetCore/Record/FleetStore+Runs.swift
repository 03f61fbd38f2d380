import FleetModel
internal import GRDB

extension FleetStore {
  /// Records that a run begins to act. A run that is killed afterwards stands there without an end.
  package func begin(_ run: RunBeginning) throws(RecordFailure) {
    try write { database in try Self.insert(run, in: database) }
  }

  /// Records what became of a run that began.
  package func end(_ run: String, _ ending: RunEnding) throws(RecordFailure) {
    try write { database in try Self.insert(ending, of: run, in: database) }
  }

  /// Records a whole run at once.
  package func record(_ run: RunBeginning, _ ending: RunEnding) throws(RecordFailure) {
    try write { database in
      try Self.insert(run, in: database)
      try Self.insert(ending, of: run.id, in: database)
    }
  }

  /// The newest first.
  ///
  /// - Parameter node: only runs that had something to say of it: changes, or an outcome other than in sync.
  package func runs(of node: String? = nil, last count: Int) throws(RecordFailure) -> [RunRecord] {
    try read { database in
      let rows: [Row]
      if let node {
        rows = try Row.fetchAll(
          database,
          sql: """
            SELECT runs.* FROM runs JOIN outcomes ON outcomes.run = runs.id
            WHERE outcomes.node = ? AND outcomes.outcome <> 'in-sync' ORDER BY startedAt DESC, id DESC LIMIT ?
            """, arguments: [node, count])
      } else {
        rows = try Row.fetchAll(
          database, sql: "SELECT * FROM runs ORDER BY startedAt DESC, id DESC LIMIT ?", arguments: [count])
      }
      return try rows.map { try Self.run($0, in: database) }
    }
  }

  /// The runs whose ids begin with `prefix`, at most ten.
  package func runs(beginningWith prefix: String) throws(RecordFailure) -> [RunRecord] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id DESC LIMIT 10",
        arguments: [prefix.count, prefix])
      return try rows.map { try Self.run($0, in: database) }
    }
  }

  /// Every name of a node that a record has.
  package func nodeNames() throws(RecordFailure) -> [String] {
    try read { database in
      try String.fetchAll(
        database,
        sql: "SELECT node FROM outcomes UNION SELECT node FROM events WHERE node IS NOT NULL ORDER BY node")
    }
  }

  /// Every fleet that a record has, sorted.
  package func fleets() throws(RecordFailure) -> [String] {
    try read { database in
      try String.fetchAll(
        database,
        sql: "SELECT fleet FROM runs UNION SELECT fleet FROM clocks UNION SELECT fleet FROM hours ORDER BY fleet")
    }
  }

  private static func insert(_ run: RunBeginning, in database: Database) throws {
    var commit: String?
    var isModified = false
    var noCommit: String?
    switch run.revision {
    case .commit(let id, isModified: let modified): (commit, isModified) = (id, modified)
    case .unknown(let reason): noCommit = reason
    }
    try database.execute(
      sql: """
        INSERT INTO runs (id, fleet, kind, version, commitId, isModified, noCommit, startedAt, summary, planText, planJSON)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)
        """,
      arguments: [
        run.id, run.fleet, run.kind.rawValue, run.version, commit, isModified, noCommit, run.startedAt, run.plan.text,
        run.plan.json,
      ])
  }

  private static func insert(_ ending: RunEnding, of run: String, in database: Database) throws {
    try database.execute(
      sql: "UPDATE runs SET endedAt = ?, exitCode = ?, summary = ?, leftText = ?, leftJSON = ? WHERE id = ?",
      arguments: [ending.endedAt, ending.exitCode, ending.summary, ending.left?.text, ending.left?.json, run])
    for (place, outcome) in ending.outcomes.enumerated() {
      try database.execute(
        sql: "INSERT INTO outcomes (run, node, place, outcome, reason, message, next) VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [run, outcome.node, place, outcome.outcome, outcome.reason, outcome.message, outcome.next])
      for (place, change) in outcome.changes.enumerated() {
        try database.execute(
          sql: """
            INSERT INTO changes (run, node, place, action, kind, name, before, after, note, result)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            run, outcome.node, place, change.action, change.kind, change.name, change.before, change.after, change.note,
            change.result.rawValue,
          ])
      }
    }
  }

  private static func run(_ row: Row, in database: Database) throws -> RunRecord {
    let commit: String? = row["commitId"]
    let beginning = RunBeginning(
      id: row["id"], fleet: row["fleet"], kind: RunBeginning.Kind(rawValue: row["kind"]) ?? .pass,
      revision: commit.map { .commit($0, isModified: row["isModified"]) } ?? .unknown(row["noCommit"] ?? ""),
      startedAt: row["startedAt"], version: row["version"],
      plan: RenderedPlan(text: row["planText"], json: row["planJSON"]))
    guard let endedAt: Int = row["endedAt"] else { return RunRecord(beginning: beginning, ending: nil) }
    let leftText: String? = row["leftText"]
    let ending = RunEnding(
      endedAt: endedAt, exitCode: row["exitCode"] ?? 1, summary: row["summary"],
      left: leftText.map { RenderedPlan(text: $0, json: row["leftJSON"] ?? "null") },
      outcomes: try outcomes(of: beginning.id, in: database))
    return RunRecord(beginning: beginning, ending: ending)
  }

  private static func outcomes(of run: String, in database: Database) throws -> [NodeOutcome] {
    let changes = try Row.fetchAll(
      database, sql: "SELECT * FROM changes WHERE run = ? ORDER BY node, place", arguments: [run])
    let byNode = Dictionary(grouping: changes) { row -> String in row["node"] }
    return try Row.fetchAll(
      database, sql: "SELECT * FROM outcomes WHERE run = ? ORDER BY place", arguments: [run]
    ).map { row in
      NodeOutcome(
        node: row["node"], outcome: row["outcome"], reason: row["reason"], message: row["message"], next: row["next"],
        changes: (byNode[row["node"]] ?? []).map { change in
          ChangeOutcome(
            action: change["action"], kind: change["kind"], name: change["name"], before: change["before"],
            after: change["after"], note: change["note"],
            result: ChangeOutcome.Result(rawValue: change["result"]) ?? .unknown)
        })
    }
  }
}
