package import YAMLSource

/// Whether a time service keeps the clock right. First after the host: apt and k3s need the clock.
package struct TimeSync: Resource {
  package static let kind = ResourceKind("time")
  package static let field: Field? = Field(
    "time",
    .object([
      TimeZone.zoneField,
      Field(
        "synchronisation", .boolean,
        "true: a time service must run (systemd-timesyncd, or chrony, ntpsec, openntpd where one is there). "
          + "false: systemd-timesyncd must not."
      ),
      Field(
        "servers", .list(of: .text(.address), merge: .atomic),
        "NTP servers of systemd-timesyncd instead of its own."),
    ]),
    "The time zone, and who keeps the clock right."
  )

  package static let unit = "systemd-timesyncd.service"
  /// Services that do the same, by Debian's unit names. Where one runs it is left alone.
  static let others = ["chrony.service", "ntpsec.service", "ntp.service", "openntpd.service"]

  package let isWanted: Bool?
  package let servers: [String]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> TimeSync? {
    guard let entries = entry?.mapping else { return nil }
    let isWanted = entries["synchronisation"]?.bool
    let servers = entries["servers"]?.sequence?.compactMap(\.string) ?? []
    if isWanted == false, let node = entries["servers"], !servers.isEmpty {
      diagnostics.report(
        at: node.mark, "time.servers: nothing asks them with synchronisation: false",
        hint: "leave the servers out, or set synchronisation: true")
    }
    return isWanted == nil && servers.isEmpty ? nil : TimeSync(isWanted: isWanted, servers: servers)
  }

  var dropIn: SystemdDropIn {
    SystemdDropIn(
      kind: Self.kind, configuration: "timesyncd.conf", section: "Time",
      settings: [("NTP", servers.isEmpty ? nil : servers.joined(separator: " "))], notify: [Self.unit])
  }

  package var claims: [PathClaim] { [PathClaim(dropIn.path, at: nil)] }
  package var declared: [String] { (isWanted == nil ? [] : [Self.unit]) + (servers.isEmpty ? [] : [dropIn.path]) }
  package var keptUnits: [String] { isWanted == nil ? [] : [Self.unit] }
  package var notifiedUnits: [String] { [Self.unit] }
  package var observedUnits: [String] { Self.others }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { [dropIn.file.probeLine] }

  /// The units' states come with those of the kind `service`: one systemctl(1) for all.
  package static let probe = ProbeFragment(
    #"""
    probe_time() {
      [ "$1" -gt 0 ] || return 0
      files_observe "$1" || return 1
      emit settings "$(settings_of timesyncd.conf NTP)"
      time_awaited=; slurp /run/fleetd/clock-awaited && time_awaited=${slurped%%"$newline"*}
      case $time_awaited in
        '' | *[!0-9]*) ;;
        *) IFS=' .' read -r time_now time_rest < /proc/uptime; emit awaited "$((time_now - time_awaited))" ;;
      esac
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    package let file: ObservedFile
    package let others: SystemdSettings
    /// Seconds since a step of fleetd last waited for the clock; `nil`: none did in this boot.
    package let awaited: Int?
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    guard let file = try ObservedFile.parse(section).values.first else { throw .missing(section: "time.stat") }
    return Observed(
      file: file,
      others: SystemdSettings(section.text("settings") ?? ""),
      awaited: section.word("awaited").flatMap { Int($0) }
    )
  }
}
