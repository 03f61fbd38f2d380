import YAMLSource

/// Files without which nobody gets in, or the machine does not come up: found before anything is touched. What a file
/// says is another matter: a change to those is tried, and undone unless a new login works.
extension ManagedFile {
  static func reportLockOut(
    _ path: String,
    isAbsent: Bool,
    at mark: YAMLMark?,
    _ diagnostics: inout Diagnostics
  ) {
    if AccessUnits.isUnitFile(path) {
      diagnostics.report(
        at: mark,
        "files \(path): it would replace the unit of fleetd's way in",
        hint: "write a drop-in instead: /etc/systemd/system/ssh.service.d/NAME.conf; it is tried by a new login"
      )
    }
    if let reservation = SystemPaths.reservation(of: path) {
      diagnostics.report(at: mark, "files \(path): \(reservation)")
    }
    if !isAbsent, SystemPaths.isNoLogin(path) {
      diagnostics.report(at: mark, "files \(path): with it nobody but root logs in", hint: "delete the entry")
    }
    if isAbsent, isIndispensable(path) {
      diagnostics.report(
        at: mark,
        "files \(path): fleetd does not remove it: the node or fleetd's way in needs it",
        hint: "delete the entry; to remove the file all the same, do it by hand"
      )
    }
  }

  private static func isIndispensable(_ path: String) -> Bool {
    let files = [
      "/etc/sudoers", "/etc/sudoers.d/010_fleetd-nopasswd", "/etc/ssh/sshd_config", "/etc/passwd", "/etc/shadow",
      "/etc/group", "/etc/gshadow", "/etc/fstab", "/etc/nsswitch.conf", "/etc/machine-id", "/etc/apt/sources.list",
    ]
    return files.contains(path) || path.hasSuffix("/.ssh/authorized_keys")
      || (path.hasPrefix("/etc/ssh/ssh_host_") && path.hasSuffix("_key"))
      || path.hasPrefix("/etc/pam.d/")
  }
}
