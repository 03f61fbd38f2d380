import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import Logging

/// Where the daemon's log goes: fields to the journal when systemd reads standard error, lines for a person on a terminal,
/// JSON lines otherwise. Every line of a run carries its id.
struct DaemonLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  private let destination: Destination

  private enum Destination {
    case journal, terminal, lines
  }

  init() {
    destination = Self.isJournal ? .journal : Console.isTerminal(2) ? .terminal : .lines
  }

  /// $JOURNAL_STREAM names the device and inode of the stream that the journal reads: is it this process's?
  private static var isJournal: Bool {
    var status = stat()
    guard let stream = Console.variable("JOURNAL_STREAM"), fstat(2, &status) == 0 else { return false }
    return stream == "\(status.st_dev):\(status.st_ino)"
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata.merging(event.metadata ?? [:]) { _, new in new }.mapValues { "\($0)" }
    fields["run"] = RunID.current
    let message = TerminalText.escape("\(event.message)")
    switch destination {
    case .journal where Datagram.send(Self.journal(event.level, message, fields), to: "/run/systemd/journal/socket"):
      break
    case .terminal:
      let known = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\(TerminalText.escape($0.value))" }
      Console.progress("\(UTCTime(Int(time(nil))).iso8601) \(event.level) \(message)\(known.joined())")
    case .journal, .lines: Console.progress(Self.line(event.level, message, fields))
    }
  }

  private static func line(_ level: Logger.Level, _ message: String, _ fields: [String: String]) -> String {
    let members = fields.sorted { $0.key < $1.key }.map { JSONText.Member($0.key, .string($0.value)) }
    return JSONText.object(
      [
        .init("time", .string(UTCTime(Int(time(nil))).iso8601)), .init("level", .string(level.rawValue)),
        .init("message", .string(message)),
      ] + members
    ).compact
  }

  /// The journal's native protocol: a value that holds a line break travels with its length.
  private static func journal(_ level: Logger.Level, _ message: String, _ fields: [String: String]) -> [UInt8] {
    var bytes: [UInt8] = []
    let priority =
      switch level {
      case .critical: 2
      case .error: 3
      case .warning: 4
      case .notice: 5
      case .info: 6
      case .debug, .trace: 7
      }
    var all = [("MESSAGE", message), ("PRIORITY", "\(priority)"), ("SYSLOG_IDENTIFIER", "fleetd")]
    all += fields.sorted { $0.key < $1.key }.map { ("FLEETD_\($0.key.uppercased())", $0.value) }
    for (key, value) in all {
      let value = Array(value.utf8)
      bytes += Array(key.utf8) + [0x0A]
      bytes += withUnsafeBytes(of: UInt64(value.count).littleEndian) { Array($0) }
      bytes += value + [0x0A]
    }
    return bytes
  }
}
