import YAMLSource

/// Parameters that would start something else than the system, where nobody can log in: never added, by any spelling.
extension Boot {
  static func reportUnbootable(_ node: YAMLNode, _ diagnostics: inout Diagnostics) {
    guard let token = node.string, let effect = effect(of: token) else { return }
    diagnostics.report(
      at: node.mark,
      "boot.cmdline: \"\(token)\" \(effect)",
      hint: "fleetd does not add it; to boot that way once, edit the file by hand and keep a console at hand"
    )
  }

  /// kernel-command-line(7), bootparam(7), systemd(1): a bare word goes to init, which takes these for a runlevel.
  private static func effect(of token: String) -> String? {
    switch token {
    case "--": return "would hand every parameter behind it to init"
    case "single", "s", "S", "1", "rescue", "emergency", "-b", "rd.break", "rd.rescue", "rd.emergency":
      return "would boot into a mode without ssh"
    case "systemd.unit=rescue.target", "systemd.unit=emergency.target": return "would boot into a mode without ssh"
    case _ where token.hasPrefix("root="): return "would name a second root file system, and the last one wins"
    case _ where token.hasPrefix("init="), _ where token.hasPrefix("rdinit="):
      return "would start another program instead of systemd"
    default: return nil
    }
  }
}
