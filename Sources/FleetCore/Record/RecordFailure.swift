internal import GRDB

/// Why the store could not be read or written: what an operator does differs by `kind`.
package struct RecordFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    /// There is no room: what was stored before is still there, and writing goes on when there is room again.
    case diskFull
    /// Another process writes for longer than this one waits.
    case busy
    /// The file is no database, or a damaged one.
    case damaged
    /// A newer fleetd wrote it.
    case newer
    /// This account may not read or write it.
    case notAllowed
    /// There is no store yet.
    case missing
    case other
  }

  package let kind: Kind
  package let message: String
  package let next: String?

  package init(_ kind: Kind, _ message: String, next: String? = nil) {
    self.kind = kind
    self.message = message
    self.next = next
  }

  package var description: String { next.map { "\(message)\n  = \($0)" } ?? message }
}

extension RecordFailure {
  /// What SQLite said of the store at `path` while something was tried.
  init(_ error: any Error, _ what: String, at path: String) {
    if let failure = error as? RecordFailure {
      self = failure
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.other, "the store \(path) cannot be \(what): \(error)")
      return
    }
    let said = error.message ?? "\(error.resultCode)"
    switch error.resultCode.primaryResultCode {
    case .SQLITE_FULL:
      self.init(
        .diskFull, "the store \(path) cannot be \(what): there is no room; what it held before is still there",
        next: "make room where it lies (df \(Self.directory(of: path))); fleetd goes on by itself")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .busy, "the store \(path) cannot be \(what): another process keeps it locked",
        next: "who does: fuser -v \(path)")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .damaged, "the store \(path) is damaged: \(said)",
        next: "put a backup back (fleetd restore), or move it away: mv \(path) \(path).damaged; fleetd begins a new one"
      )
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .notAllowed, "the store \(path) cannot be \(what): \(said)",
        next: "may this account write there? ls -ld \(Self.directory(of: path)) \(path)")
    default:
      self.init(.other, "the store \(path) cannot be \(what): \(said)", next: "ls -ld \(path); df \(path)")
    }
  }

  private static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) }.flatMap { $0.isEmpty ? nil : $0 } ?? "."
  }
}
