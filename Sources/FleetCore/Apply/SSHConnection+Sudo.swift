import FleetModel
import SSHClient

extension SSHConnection {
  /// What keeps this login from working with sudo; `nil`: it works.
  func sudoTrial(_ elevation: Elevation, deadline: Duration) async -> String? {
    do {
      let result = try await execute(
        NodeScript.command(with: elevation),
        input: .bytes(elevation.preamble + NodeScript.framed("true")), deadline: deadline)
      guard !result.succeeded else { return nil }
      return TerminalText.tail(of: String(decoding: result.stderr, as: UTF8.self), lines: 2).joined(separator: " ")
    } catch {
      return error.message
    }
  }
}
