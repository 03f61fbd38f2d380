internal import GRDB

extension FleetStore {
  /// Removes what is older than the limits say, then the oldest runs until the file is small enough, and gives the room
  /// back to the disk. Each part is a transaction of its own, so that little room is needed to make room.
  ///
  /// - Parameter now: seconds since 1970 UTC. A clock that jumped back removes nothing; one that jumped ahead removes what
  ///   would have gone anyway when that day comes, so call it with a time that is known to be right.
  package func prune(now: Int) throws(RecordFailure) {
    let oldest = now - limits.days * 86_400
    try write { database in
      try database.execute(sql: "DELETE FROM runs WHERE startedAt < ?", arguments: [oldest])
      try database.execute(sql: "DELETE FROM events WHERE at < ?", arguments: [oldest])
      try database.execute(sql: "DELETE FROM hours WHERE hour < ?", arguments: [oldest / 3600])
      try database.execute(
        sql: """
          DELETE FROM rebuilds WHERE outcome <> 'running'
          AND place <= (SELECT max(place) FROM rebuilds) - ?
          """, arguments: [limits.rebuilds])
    }
    while try usedBytes() > limits.softBytes, try removeOldest() {}
    do {
      try queue.writeWithoutTransaction { database in
        // It gives up one page a step.
        _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum")
        _ = try database.checkpoint(.truncate)
      }
    } catch {
      throw RecordFailure(error, "made smaller", at: path)
    }
  }

  /// Without the pages that are free already.
  package func usedBytes() throws(RecordFailure) -> Int {
    try read { database in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
      return (pages - free) * (try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096)
    }
  }

  /// A tenth of the runs and of the events; whether there was one. The newest run stays, whatever its size.
  private func removeOldest() throws(RecordFailure) -> Bool {
    try write { database in
      var isRemoved = false
      for (table, order, kept) in [("runs", "startedAt, id", 1), ("events", "id", 0)] {
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
        guard count > kept else { continue }
        try database.execute(
          sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) ORDER BY \(order) LIMIT ?)",
          arguments: [max(1, count / 10)])
        isRemoved = true
      }
      return isRemoved
    }
  }
}
