import YAMLSource

/// The units that fleetd's way in hangs on: Debian's names, the alias, and Ubuntu's socket.
enum AccessUnits {
  static let service = "ssh.service"
  private static let socket = "ssh.socket"
  private static let aliases = [service, "sshd.service"]

  /// A declaration that would end the way in. The socket may go where the service is declared to stay.
  static func report(
    _ entry: YAMLMapping.Entry,
    _ wishes: [String: Services.Wish],
    _ diagnostics: inout Diagnostics
  ) {
    let unit = UnitName.complete(entry.key)
    guard let wish = wishes[unit], wish.enabled == false || wish.started == false else { return }
    let isServiceKept = wishes[service].map { $0.enabled == true && $0.started == true } ?? false
    guard aliases.contains(unit) || (unit == socket && !isServiceKept) else { return }
    diagnostics.report(
      at: entry.keyNode.mark,
      "services: \(unit) is fleetd's way in: fleetd does not stop or disable it",
      hint: unit == socket ? "declare \(service): {enabled: true, state: started} beside it" : "delete the entry"
    )
  }

  /// Files that are such a unit: whatever stands there replaces it, and an empty one masks it.
  static func isUnitFile(_ path: String) -> Bool {
    let folders = ["/etc/systemd/system/", "/run/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/"]
    return folders.contains { folder in (aliases + [socket]).contains { path == folder + $0 } }
  }

  /// Files that the service reads: it is restarted with them, so that what is tried is what will be after a reboot.
  static func isRead(_ path: String) -> Bool {
    if path == "/etc/ssh/sshd_config" || path.hasPrefix("/etc/ssh/sshd_config.d/") { return true }
    return (aliases + [socket]).contains { path.hasPrefix("/etc/systemd/system/\($0).d/") }
  }
}
