package import YAMLSource

/// No swap: none now, and none that the next boot turns on. What makes it stays installed.
package struct Swap: Resource {
  package static let kind = ResourceKind("swap")
  package static let field: Field? = Field(
    "swap",
    .object([
      Field("state", .choice(["off"]), required: true, "off: none now, and none after the next boot."),
      Field(
        "deadline", .duration,
        "How long turning it off may take, as everything swapped out is read back; default 10m."),
    ]),
    "Swap space. Without this key it is left as it is."
  )

  /// Bookworm's swap file, zram-tools, and systemd's zram-generator.
  static let units = ["dphys-swapfile.service", "zramswap.service", "systemd-zram-setup@zram0.service"]

  /// Packages whose only use is swap.
  static let packages = ["dphys-swapfile", "rpi-swap", "systemd-zram-generator", "zram-tools"]

  package let deadline: Duration

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Swap? {
    guard let entries = entry?.mapping, entries["state"]?.string == "off" else { return nil }
    return Swap(deadline: entries["deadline"]?.string.flatMap(DurationText.parse) ?? .seconds(600))
  }

  /// rpi-swap (Trixie) is a generator: it makes its units anew at every boot, so only its configuration stops it.
  static let raspberryPi = ManagedFile(
    kind: kind, path: "/etc/rpi/swap.conf.d/90-fleetd.conf",
    content: Content("# Managed by fleetd: spec.swap of the node or its profiles.\n[Main]\nMechanism=none\n"),
    mode: "0644")

  /// zram-generator(8): an empty file of this name in /etc stands instead of the one in /usr.
  static let zramGenerator = ManagedFile(
    kind: kind, path: "/etc/systemd/zram-generator.conf",
    content: Content("# Managed by fleetd: spec.swap of the node or its profiles.\n"), mode: "0644")

  package var claims: [PathClaim] { [Self.raspberryPi, Self.zramGenerator].map { PathClaim($0.path, at: nil) } }
  package var declared: [String] { ["off"] }
  package var keptUnits: [String] { Self.units }
  package var contradictedPackages: [String] { Self.packages }
  package var observedUnits: [String] { Self.units }

  package static let leadingProbeLines = 2

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    [Self.raspberryPi.probeLine, Self.zramGenerator.probeLine]
  }

  package static let probe = ProbeFragment(
    #"""
    probe_swap() {
      [ "$1" -gt 0 ] || return 0
      files_observe "$1" || return 1
      if slurp /proc/swaps; then emit swaps "$slurped"; fi
      while read -r swap_key swap_value swap_rest; do
        case $swap_key in MemAvailable:) emit available "$swap_value" ;; esac
      done < /proc/meminfo
      if [ -r /etc/fstab ]; then
        while IFS= read -r swap_line || [ -n "$swap_line" ]; do
          case $swap_line in '#'* | '') continue ;; *swap*) mask "$swap_line"; emit fstab "$masked" ;; esac
        done < /etc/fstab
      fi
      if [ -e /etc/rpi/swap.conf ] || [ -e /usr/lib/systemd/system-generators/rpi-swap-generator ]; then
        emit rpi yes
      fi
      for swap_path in /etc/systemd /run/systemd /usr/local/lib/systemd /usr/lib/systemd; do
        [ ! -s "$swap_path/zram-generator.conf" ] || emit zram "$swap_path"
      done
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    package let active: [ActiveSwap]
    /// KiB that the kernel could give out without swapping; `nil` when it does not say.
    package let available: Int?
    /// Lines of /etc/fstab that turn swap on at boot.
    package let fstab: [String]
    package let hasRaspberryPiSwap: Bool
    package let hasZramGenerator: Bool
    package let files: [String: ObservedFile]
  }

  /// A line of /proc/swaps.
  package struct ActiveSwap: Sendable, Hashable {
    /// As the kernel writes it, blanks as `\040`.
    package let path: String
    /// KiB.
    package let size: Int
    package let used: Int
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    var active: [ActiveSwap] = []
    for line in try section.required("swaps").split(separator: "\n").dropFirst() {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard words.count == 5, let size = Int(words[2]), let used = Int(words[3]), size >= 0, used >= 0 else {
        throw .garbled("swap \(line)")
      }
      active.append(ActiveSwap(path: words[0], size: size, used: used))
    }
    let fstab = section.records.filter { $0.key == "fstab" }.map { String(decoding: $0.bytes, as: UTF8.self) }
    return Observed(
      active: active,
      available: section.word("available").flatMap { Int($0) },
      fstab: fstab.filter(isSwapLine),
      hasRaspberryPiSwap: section.word("rpi") != nil,
      hasZramGenerator: section.word("zram") != nil,
      files: try ObservedFile.parse(section)
    )
  }

  /// fstab(5): the third field says what it is.
  private static func isSwapLine(_ line: String) -> Bool {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    return words.count >= 3 && words[2] == "swap" && !line.trimmingWhitespace().hasPrefix("#")
  }
}
