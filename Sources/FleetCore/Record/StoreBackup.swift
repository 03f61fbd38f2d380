internal import FoundationEssentials
internal import GRDB
internal import Glibc

/// A backup of the control node's state in one file: a copy of the store, with the other files in a table of their own.
package enum StoreBackup {
  /// A file of the state directory.
  package struct File: Sendable, Hashable {
    /// Relative, without `..`.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// Writes a backup to `path`, which must not exist: whole or not at all, for its owner alone.
  ///
  /// - Parameter store: may be written to meanwhile; `nil`: there is none yet.
  package static func write(_ store: FleetStore?, _ files: [File], to path: String) throws(RecordFailure) {
    guard access(path, F_OK) != 0 else {
      throw RecordFailure(.other, "\(path) exists already", next: "name another file, or remove it")
    }
    let temporary = "\(path).fleetd-new"
    remove(temporary)
    do {
      let copy = try FleetStore(at: temporary)
      if let store { try store.queue.backup(to: copy.queue) }
      try copy.queue.write { database in
        try database.execute(sql: "CREATE TABLE backup (path TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
        for file in files {
          try database.execute(
            sql: "INSERT INTO backup (path, bytes) VALUES (?, ?)", arguments: [file.path, Data(file.bytes)])
        }
      }
      try finish(copy)
      guard link(temporary, path) == 0 else {
        throw RecordFailure(.notAllowed, "\(path) cannot be written: \(String(cString: strerror(errno)))")
      }
      remove(temporary)
    } catch {
      remove(temporary)
      throw RecordFailure(error, "backed up", at: path)
    }
  }

  /// The files of the backup at `path`.
  package static func files(of path: String) throws(RecordFailure) -> [File] {
    let backup = try FleetStore(reading: path)
    guard try backup.damage().isEmpty else {
      throw RecordFailure(.damaged, "the backup \(path) is damaged", next: "use another one")
    }
    let isBackup = try backup.read { database in try database.tableExists("backup") }
    guard isBackup else {
      throw RecordFailure(.other, "\(path) is a store and no backup", next: "fleetd backup makes one")
    }
    let files = try backup.read { database in
      try Row.fetchAll(database, sql: "SELECT path, bytes FROM backup ORDER BY path").map { row in
        File(path: row["path"], bytes: Array(row["bytes"] as Data))
      }
    }
    for file in files {
      let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
        throw RecordFailure(
          .damaged, "the backup \(path) names a file outside of the state directory", next: "use another one")
      }
    }
    return files
  }

  /// Makes the store of the backup at `path` the store at `destination`, where none may be. The files, which hold
  /// secrets, do not stay in it.
  package static func restoreStore(of path: String, to destination: String) throws(RecordFailure) {
    let temporary = "\(destination).fleetd-new"
    remove(temporary)
    do {
      let backup = try FleetStore(reading: path)
      let store = try FleetStore(at: temporary)
      try backup.queue.backup(to: store.queue)
      try store.queue.write { database in try database.execute(sql: "DROP TABLE backup") }
      try finish(store)
      guard rename(temporary, destination) == 0 else {
        throw RecordFailure(.notAllowed, "\(destination) cannot be written: \(String(cString: strerror(errno)))")
      }
    } catch {
      remove(temporary)
      throw RecordFailure(error, "restored", at: destination)
    }
  }

  /// One file without others beside it, no removed row in it, and on the disk.
  private static func finish(_ store: FleetStore) throws {
    try store.queue.writeWithoutTransaction { database in
      try database.execute(sql: "VACUUM")
      _ = try Row.fetchAll(database, sql: "PRAGMA journal_mode = DELETE")
    }
    try store.queue.close()
  }

  private static func remove(_ temporary: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(temporary + suffix) }
  }
}
