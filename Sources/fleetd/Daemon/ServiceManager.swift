import Glibc

/// Tells systemd how the daemon is (sd_notify(3)). Without systemd nothing is told.
enum ServiceManager {
  static func tell(_ lines: String...) {
    guard let path = Console.variable("NOTIFY_SOCKET"), path.hasPrefix("/") || path.hasPrefix("@") else { return }
    _ = Datagram.send(Array(lines.joined(separator: "\n").utf8), to: path)
  }

  /// How often the watchdog wants to hear of us at least; `nil`: there is none, or it is another process's.
  static var watchdog: Duration? {
    guard let text = Console.variable("WATCHDOG_USEC"), let microseconds = Int64(text), microseconds > 0 else {
      return nil
    }
    if let process = Console.variable("WATCHDOG_PID"), process != "\(getpid())" { return nil }
    return .microseconds(microseconds)
  }
}
