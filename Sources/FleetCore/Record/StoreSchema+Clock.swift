extension StoreSchema {
  /// Readings of clocks are texts (`ClockReading.text`): the wall's time, seconds since a boot, and which boot.
  static let clock = """
    CREATE TABLE rebuilds (
      place INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      fleet TEXT NOT NULL,
      node TEXT NOT NULL,
      origin TEXT NOT NULL,
      begun TEXT NOT NULL,
      lost TEXT,
      target INTEGER NOT NULL,
      machineID TEXT,
      hasLeft INTEGER NOT NULL,
      restarts INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      alert INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE phases (
      rebuild TEXT NOT NULL REFERENCES rebuilds (id) ON DELETE CASCADE,
      phase TEXT NOT NULL,
      ended TEXT NOT NULL,
      PRIMARY KEY (rebuild, phase)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE clocks (
      fleet TEXT NOT NULL,
      node TEXT NOT NULL,
      machineID TEXT,
      lost TEXT,
      untrusted TEXT,
      rebuild TEXT REFERENCES rebuilds (id) ON DELETE SET NULL,
      PRIMARY KEY (fleet, node)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE looks (
      fleet TEXT NOT NULL,
      subject TEXT NOT NULL,
      at TEXT NOT NULL,
      isUp INTEGER NOT NULL,
      PRIMARY KEY (fleet, subject)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hours (
      fleet TEXT NOT NULL,
      subject TEXT NOT NULL,
      hour INTEGER NOT NULL,
      up INTEGER NOT NULL,
      down INTEGER NOT NULL,
      PRIMARY KEY (fleet, subject, hour)
    ) STRICT, WITHOUT ROWID;
    """
}
