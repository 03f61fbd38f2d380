package import YAMLSource

/// Updates of the operating system: security updates by unattended-upgrades(8), or none by themselves; and whether a
/// reboot that they ask for is planned. k3s is no Debian package: updates never touch it.
package struct Updates: Resource {
  package static let kind = ResourceKind("updates")
  package static let field: Field? = Field(
    "updates",
    .object([
      Field(
        "security",
        .choice(["auto", "hold"]),
        "auto: unattended-upgrades installs security updates daily, and nothing else. hold: nothing is upgraded by "
          + "itself. Default: as the node has it."
      ),
      Field(
        "reboot",
        .choice(["planned", "hold"]),
        "Whether fleetd reboots a node that asks for it after updates, in its turn: planned, or hold; default hold."
      ),
    ]),
    "Updates of the operating system: who installs them, and the reboots that they ask for."
  )

  package enum Security: String, Sendable {
    case auto
    case hold
  }

  /// `nil`: as the node has it.
  package let security: Security?
  package let isRebootPlanned: Bool

  /// Always there: that a reboot is required is worth knowing on every node.
  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Updates? {
    Updates(
      security: entry?.mapping?["security"]?.string.flatMap(Security.init(rawValue:)),
      isRebootPlanned: entry?.mapping?["reboot"]?.string == "planned"
    )
  }

  /// Read behind the distribution's 20auto-upgrades and 50unattended-upgrades: apt takes the last word.
  package static let path = "/etc/apt/apt.conf.d/52fleetd-updates"

  /// The timers that run what the file allows; disabled, `auto` would only look like it.
  package static let timers = ["apt-daily-upgrade.timer", "apt-daily.timer"]

  package var claims: [PathClaim] { security == nil ? [] : [PathClaim(Self.path, at: nil)] }
  package var declared: [String] { security == nil ? [] : [Self.path] }
  package var keptUnits: [String] { security == .auto ? Self.timers : [] }
  package var requiredPackages: [String] { security == .auto ? ["unattended-upgrades"] : [] }
  package var observedUnits: [String] { security == .auto ? Self.timers : [] }

  /// The file, as the `file` kind's line.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    file(for: node).map { [[$0.content.digest(with: vault) ?? "unknown", "shown", $0.path]] } ?? []
  }

  func file(for node: NodeSpec) -> ManagedFile? {
    security.map { ManagedFile(kind: Self.kind, path: Self.path, content: Content(Self.text($0, node)), mode: "0644") }
  }

  package struct Observed: Sendable {
    package let files: [String: ObservedFile]
    package let kernels: [String]
    /// A tool of the distribution asks for a reboot, for these packages; `nil`: none does.
    package let askedFor: [String]?
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    Observed(
      files: try ObservedFile.parse(section),
      kernels: (section.text("kernels") ?? "").split(separator: "\n").map(String.init),
      askedFor: section.text("reboot-required").map { text in
        Set(text.split(separator: "\n").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }).sorted()
      }
    )
  }

  /// No process, but what the file's own observation costs. /run/reboot-required is made by the kernel's and
  /// unattended-upgrades' own scripts, where those are installed; the kernel is compared besides.
  package static let probe = ProbeFragment(
    #"""
    probe_updates() {
      files_observe "$1" || return 1
      updates_kernels=
      for updates_kernel in /lib/modules/*/kernel; do
        [ -d "$updates_kernel" ] || continue
        updates_kernel=${updates_kernel%/kernel}
        updates_kernels="$updates_kernels${updates_kernel##*/}$newline"
      done
      emit kernels "$updates_kernels"
      [ -e /run/reboot-required ] || return 0
      slurped=
      [ ! -f /run/reboot-required.pkgs ] || slurp /run/reboot-required.pkgs
      emit reboot-required "$slurped"
    }
    """#
  )
}
