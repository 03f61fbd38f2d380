package import YAMLSource

/// The one reboot of a node in a pass, when another kind needs it.
package struct Reboot: Resource {
  package static let kind = ResourceKind("reboot")
  /// Its key stands under `boot`.
  package static let key = "boot"

  package static func field(named name: String) -> Field {
    Field(name, .duration, "How long a reboot may take, until the system has settled again; default 10m.")
  }

  /// How long it may take. A Pi 3 on a slow card with fsck needs some minutes.
  package let deadline: Duration

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Reboot? {
    let deadline = entry?.mapping?["rebootDeadline"]?.string.flatMap(DurationText.parse)
    return Reboot(deadline: deadline ?? .seconds(600))
  }

  package static let probe = ProbeFragment(
    #"""
    probe_reboot() {
      slurp /run/fleetd/pending-reboot && emit pending "$slurped"
      return 0
    }
    """#
  )

  /// Reasons that an earlier pass wrote down and did not get to. The file is gone after a reboot by itself.
  package static func parse(_ section: ProbeSection) throws(ProbeError) -> [String] {
    (section.text("pending") ?? "").split(separator: "\n").map(String.init)
  }

  package func plan(from pending: [String], in context: PlanContext) -> KindPlan {
    var reasons: [String] = []
    for reason in context.rebootReasons + pending where !reasons.contains(reason) { reasons.append(reason) }
    guard !reasons.isEmpty else { return KindPlan() }
    let isServer = context.node.role == .server && context.observed(K3s.self)?.isRunning == true
    let shown = reasons.joined(separator: "; ") + (isServer ? "; this server's API is down meanwhile" : "")
    return KindPlan(changeSets: [
      ChangeSet(
        [Change(.act, Self.kind, "", note: shown)],
        steps: [
          Step("write down why", .run(.recordReboot, StepInput([[context.facts.bootID], reasons]))),
          Step("reboot", .reboot(because: reasons), deadline: deadline),
          Step("write down that it is back", .run(.recordBoot, StepInput([[context.facts.bootID]]))),
        ],
        disturbance: .reboots
      )
    ])
  }
}

extension HostFacts {
  /// Whether the node has been rebooted for exactly this reason, and it is still there: another reboot cannot help.
  package func hasRebooted(for reason: String) -> Bool {
    guard let lastReboot else { return false }
    return lastReboot.bootIDBefore != bootID && lastReboot.reasons.contains(reason)
  }
}

extension StepScript {
  /// Line 1: the boot id now. Line 2: the reasons.
  static let recordReboot = StepScript(
    "record-reboot",
    #"""
    IFS= read -r boot_id
    read_words
    mkdir -p -m 0755 /var/lib/fleetd || die 73 "/var/lib/fleetd cannot be made"
    new=/var/lib/fleetd/.last-reboot.fleetd-new
    reason_line() { printf '%s\n' "$1"; }
    { printf '%s\n' "$boot_id"; each_word reason_line "$words"; } > "$new" && sync "$new" \
      && mv -T "$new" /var/lib/fleetd/last-reboot && sync /var/lib/fleetd || die 73 "/var/lib/fleetd cannot be written"
    """#
  )

  /// Line 1: the boot id before. The boot that is on now is the one that this reboot led to.
  static let recordBoot = StepScript(
    "record-boot",
    #"""
    IFS= read -r before
    file=/var/lib/fleetd/last-reboot; new=/var/lib/fleetd/.last-reboot.fleetd-new
    IFS= read -r first < "$file" && [ "$first" = "$before" ] || exit 0
    IFS= read -r now < /proc/sys/kernel/random/boot_id
    { printf '%s %s\n' "$before" "$now"; tail -n +2 "$file"; } > "$new" && sync "$new" \
      && mv -T "$new" "$file" || die 73 "$file cannot be written"
    """#
  )
}
