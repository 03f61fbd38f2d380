internal import FoundationEssentials
internal import GRDB
internal import Glibc

/// What fleetd remembers of its work: a SQLite database in WAL mode, for its owner alone.
///
/// Every call is one transaction, on the disk when it returns, and blocks for as long; a process that is killed, or a disk
/// that is full, loses the transaction in hand and none before it. Calls may come from any task, also from one that was
/// cancelled: what became of a run is recorded all the same.
package final class FleetStore: Sendable {
  package let path: String
  package let limits: StoreLimits
  let queue: DatabaseQueue

  /// Opens the store, makes it where it is missing, and brings an older one to this version's schema.
  ///
  /// - Parameter path: an absolute path; directories that are missing are made.
  package init(at path: String, limits: StoreLimits = StoreLimits()) throws(RecordFailure) {
    self.path = path
    self.limits = limits
    try Self.makeFile(at: path)
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(limits))
      try Self.refuseNewer(queue, at: path)
      try StoreSchema.migrator.migrate(queue)
    } catch {
      throw RecordFailure(error, "opened", at: path)
    }
  }

  /// Opens the store to look at it, and changes nothing in it.
  package init(reading path: String) throws(RecordFailure) {
    self.path = path
    limits = StoreLimits()
    guard access(path, F_OK) == 0 else {
      throw RecordFailure(
        .missing, "there is no store at \(path): nothing was recorded yet",
        next: "fleetd --once records its runs; another place: spec.store.path of the control node's configuration")
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try Self.refuseNewer(queue, at: path)
    } catch {
      throw RecordFailure(error, "read", at: path)
    }
    let isCurrent = try read { database in try StoreSchema.migrator.hasCompletedMigrations(database) }
    guard isCurrent else {
      throw RecordFailure(
        .other, "the store \(path) was written by an older fleetd", next: "the next fleetd --once brings it up to date")
    }
  }

  /// What SQLite finds wrong with the file; empty: nothing.
  package func damage() throws(RecordFailure) -> [String] {
    try read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    }
  }

  func write<Value>(_ work: (Database) throws -> Value) throws(RecordFailure) -> Value {
    do { return try queue.write(work) } catch { throw RecordFailure(error, "written", at: path) }
  }

  func read<Value>(_ work: (Database) throws -> Value) throws(RecordFailure) -> Value {
    do { return try queue.read(work) } catch { throw RecordFailure(error, "read", at: path) }
  }

  private static func configuration(_ limits: StoreLimits) -> Configuration {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      // Only an empty file takes it: what is pruned later makes the file smaller.
      try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      // A power cut takes nothing that was said to be stored.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA journal_size_limit = \(4 << 20)")
      let page = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
      try database.execute(sql: "PRAGMA max_page_count = \(max(1, limits.hardBytes / page))")
    }
    return configuration
  }

  /// SQLite gives the files beside it the mode of this one.
  private static func makeFile(at path: String) throws(RecordFailure) {
    let directory = URL(filePath: path).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let code = errno
      throw RecordFailure(
        code == ENOSPC ? .diskFull : .notAllowed,
        "the store \(path) cannot be opened: \(String(cString: strerror(code)))",
        next: "let this account write there, or name another place: spec.store.path of the control node's configuration"
      )
    }
    fchmod(descriptor, 0o600)
    close(descriptor)
  }

  private static func refuseNewer(_ queue: DatabaseQueue, at path: String) throws {
    guard try queue.read(StoreSchema.migrator.hasBeenSuperseded) else { return }
    throw RecordFailure(
      .newer, "the store \(path) was written by a newer fleetd; this one would not understand it",
      next: "install that version again, or name another store: spec.store.path of the control node's configuration")
  }
}
