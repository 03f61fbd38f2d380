/// Links that would take the place of what the machine, or fleetd's way in, hangs on. A link is neither validated nor tried
/// by a new login, as a file is: what decides who gets in is never one.
extension Links {
  /// What a link at `path`, or its absence, would do; `nil`: no harm.
  static func lockout(_ path: String, isAbsent: Bool) -> (problem: String, hint: String?)? {
    if let reservation = SystemPaths.reservation(of: path) { return (reservation, nil) }
    if SystemPaths.decidesAccess(path) {
      return ("ssh, sudo or PAM decide by it who gets in: fleetd makes no link of it", "write the content: see files")
    }
    if SystemPaths.isDistributions(path) {
      return ("it belongs to the system's packages, and nothing works without", "use /usr/local")
    }
    if system.contains(SystemPaths.canonical(path)) || path == "/etc/ld.so.preload" {
      return ("nothing works without what is there", "delete the entry")
    }
    if !isAbsent, SystemPaths.isNoLogin(path) { return ("with it nobody but root logs in", "delete the entry") }
    return nil
  }

  private static let system = [
    "/boot", "/etc", "/home", "/root", "/run", "/tmp", "/usr", "/var", "/var/lib", "/var/run", "/var/tmp",
    "/etc/systemd/system/default.target", "/etc/passwd", "/etc/fstab", "/run/systemd/system/default.target",
  ]
}
