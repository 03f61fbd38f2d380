internal import GRDB

/// The tables, as steps that only go forward. A step that was released is never edited: a new one is added.
enum StoreSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs and events") { database in try database.execute(sql: runs) }
    migrator.registerMigration("2 the reprovision clock") { database in try database.execute(sql: clock) }
    return migrator
  }

  /// Times are seconds since 1970 UTC. Plans are as rendered, so that they read in ten years as they read on the day.
  private static let runs = """
    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      fleet TEXT NOT NULL,
      kind TEXT NOT NULL,
      version TEXT NOT NULL,
      commitId TEXT,
      isModified INTEGER NOT NULL,
      noCommit TEXT,
      startedAt INTEGER NOT NULL,
      endedAt INTEGER,
      exitCode INTEGER,
      summary TEXT NOT NULL,
      planText TEXT NOT NULL,
      planJSON TEXT NOT NULL,
      leftText TEXT,
      leftJSON TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX runsByStart ON runs (startedAt);

    CREATE TABLE outcomes (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      node TEXT NOT NULL,
      place INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT,
      message TEXT,
      next TEXT,
      PRIMARY KEY (run, node)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX outcomesByNode ON outcomes (node, run);

    CREATE TABLE changes (
      run TEXT NOT NULL,
      node TEXT NOT NULL,
      place INTEGER NOT NULL,
      action TEXT NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      before TEXT,
      after TEXT,
      note TEXT,
      result TEXT NOT NULL,
      PRIMARY KEY (run, node, place),
      FOREIGN KEY (run, node) REFERENCES outcomes (run, node) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE events (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      fleet TEXT NOT NULL,
      node TEXT,
      run TEXT,
      reason TEXT NOT NULL,
      message TEXT NOT NULL
    ) STRICT;
    CREATE INDEX eventsByTime ON events (at);
    CREATE INDEX eventsByNode ON events (node, at);
    """
}
