import FleetModel
import SSHClient

extension SSHConnection {
  /// What keeps this login from working with sudo; `nil`: it works.
  func sudoTrial(as user: String, deadline: Duration) async -> String? {
    do {
      let words = NodeScript.elevation(of: user) + ["true"]
      let result = try await execute(words.joined(separator: " "), deadline: deadline)
      guard !result.succeeded else { return nil }
      return TerminalText.tail(of: String(decoding: result.stderr, as: UTF8.self), lines: 2).joined(separator: " ")
    } catch {
      return error.message
    }
  }
}
