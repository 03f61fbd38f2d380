package import YAMLSource

/// The board's watchdog: a node that hangs restarts itself. systemd feeds it.
package struct Watchdog: Resource {
  package static let kind = ResourceKind("watchdog")
  package static let field: Field? = Field(
    "watchdog",
    .object([
      Field(
        "timeout", .text(.durationOrOff), required: true,
        "After how long without a word from systemd the board resets, such as 15s; or off. A Pi bears 15s at most."),
      Field("rebootTimeout", .duration, "The same while the node shuts down for a reboot; systemd's default is 10m."),
    ]),
    "The board's watchdog, fed by systemd."
  )

  /// The hardware of every Pi counts to 15 s and a fraction.
  package static let mostOnPi: Duration = .seconds(15)

  /// Zero: off.
  package let timeout: Duration
  package let rebootTimeout: Duration?
  package let dropIn: SystemdDropIn

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Watchdog? {
    guard let entries = entry?.mapping, let text = entries["timeout"]?.string else { return nil }
    let timeout = text == "off" ? .zero : DurationText.parse(text) ?? .zero
    let rebootTimeout = entries["rebootTimeout"]?.string.flatMap(DurationText.parse)
    let dropIn = SystemdDropIn(
      kind: kind, configuration: "system.conf", section: "Manager", name: "60-fleetd-watchdog.conf",
      settings: [
        ("RuntimeWatchdogSec", "\(timeout.components.seconds)s"),
        ("RebootWatchdogSec", rebootTimeout.map { "\($0.components.seconds)s" }),
      ])
    return Watchdog(timeout: timeout, rebootTimeout: rebootTimeout, dropIn: dropIn)
  }

  package var claims: [PathClaim] { [PathClaim(dropIn.path, at: nil)] }
  package var declared: [String] { [dropIn.path] }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { [dropIn.file.probeLine] }

  /// busctl(1) tells microseconds, where `systemctl show` tells "1min 30s".
  package static let probe = ProbeFragment(
    #"""
    probe_watchdog() {
      [ "$1" -gt 0 ] || return 0
      files_observe "$1" || return 1
      emit settings "$(settings_of system.conf 'RuntimeWatchdogSec|RebootWatchdogSec')"
      emit live "$(busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 \
        org.freedesktop.systemd1.Manager RuntimeWatchdogUSec RebootWatchdogUSec < /dev/null)"
      if [ -e /dev/watchdog ] || [ -e /dev/watchdog0 ]; then emit device yes; fi
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    package let file: ObservedFile
    package let others: SystemdSettings
    package let hasDevice: Bool
    /// What systemd runs with.
    package let timeout: Duration
    package let rebootTimeout: Duration
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    guard let file = try ObservedFile.parse(section).values.first else { throw .missing(section: "watchdog.stat") }
    let live = try section.required("live").split(whereSeparator: \.isWhitespace).map(String.init)
    guard live.count == 4, live[0] == "t", live[2] == "t", let runtime = UInt64(live[1]), let reboot = UInt64(live[3])
    else { throw .garbled("watchdog \(live.joined(separator: " "))") }
    return Observed(
      file: file,
      others: SystemdSettings(section.text("settings") ?? ""),
      hasDevice: section.word("device") != nil,
      timeout: .microseconds(Int64(clamping: runtime)),
      rebootTimeout: .microseconds(Int64(clamping: reboot))
    )
  }
}

extension TextRule {
  static let durationOrOff = TextRule("a duration such as 15s, or off") { text in
    if text == "off" { return nil }
    guard let duration = DurationText.parse(text) else { return "is no duration" }
    return duration == .zero ? "is zero: write off" : nil
  }
}
