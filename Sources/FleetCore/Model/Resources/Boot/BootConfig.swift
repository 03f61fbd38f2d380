package import YAMLSource

/// config.txt: what a Pi's firmware sets up before the kernel starts. Lines of fleetd's stand beside everybody else's.
package struct BootConfig: Resource {
  package static let kind = ResourceKind("bootconfig")
  /// Its key stands under `boot`.
  package static let key = "boot"

  package static func field(named name: String) -> Field {
    Field(
      name,
      .object([
        Field(
          "dtparam", .list(of: .text(.configValue), merge: .set),
          "Parameters of the device tree, such as i2c_arm=on."),
        Field(
          "dtoverlay", .list(of: .text(.configValue), merge: .set),
          "Overlays of the device tree, such as disable-wifi."),
        Field(
          "present", .list(of: .text(.configLine), merge: .set), "Further lines that must hold, such as gpu_mem=16."),
        Field(
          "absent", .list(of: .text(.configLine), merge: .set),
          "Lines that must not stand where they hold for every board, such as dtparam=audio=on."),
      ]),
      "config.txt of the firmware. All other lines, comments and conditional sections are kept."
    )
  }

  /// Lines that must be in force, in order: parameters before overlays, as a parameter behind an overlay is the
  /// overlay's first.
  package let present: [String]
  package let absent: [String]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> BootConfig? {
    guard let config = entry?.mapping?["config"]?.mapping else { return nil }
    func lines(_ key: String, _ prefix: String) -> [(line: String, mark: YAMLMark)] {
      (config[key]?.sequence ?? []).compactMap { node in node.string.map { (prefix + $0, node.mark) } }
    }
    let present = lines("present", "") + lines("dtparam", "dtparam=") + lines("dtoverlay", "dtoverlay=")
    let absent = lines("absent", "")
    for (line, mark) in absent where present.contains(where: { $0.line == line }) {
      diagnostics.report(at: mark, "boot.config: \"\(line)\" is both present and absent")
    }
    var values: [String: String] = [:]
    for (line, mark) in present {
      let key = ConfigText.key(of: line)
      if let key, let other = values[key], other != line {
        diagnostics.report(at: mark, "boot.config: \"\(line)\" and \"\(other)\" contradict each other")
      }
      if let key { values[key] = line }
      if entry?.mapping?["cmdline"] != nil, ConfigText.redirects(line) {
        diagnostics.report(
          at: mark, "boot.config: \"\(line)\" has the firmware read another command line than boot.cmdline keeps",
          hint: "leave one of the two out")
      }
    }
    var seen: Set<String> = []
    let ordered = present.map(\.line).filter { seen.insert($0).inserted }
    guard !ordered.isEmpty || !absent.isEmpty else { return nil }
    return BootConfig(present: ordered, absent: absent.map(\.line))
  }

  package var claims: [PathClaim] { ConfigText.candidates.map { PathClaim($0, at: nil) } }

  package var declared: [String] { present }
  package var declaredAbsent: [String] { absent }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { [] }

  /// The firmware reads config.txt from the top of its partition, on Ubuntu's A/B layout too: os_prefix does not move it.
  /// The time of the last change tells, beside the boot's, whether this boot has seen it.
  package static let probe = ProbeFragment(
    #"""
    probe_bootconfig() {
      bootconfig_index=0
      for bootconfig_path in /boot/firmware/config.txt /boot/config.txt; do
        if [ -f "$bootconfig_path" ]; then
          emit_file "file/$bootconfig_index" "$bootconfig_path" 65536
          emit "changed/$bootconfig_index" "$(stat -c %Y -- "$bootconfig_path")"
        fi
        bootconfig_index=$((bootconfig_index + 1))
      done
      while read -r bootconfig_key bootconfig_value bootconfig_rest; do
        if [ "$bootconfig_key" = btime ]; then emit booted "$bootconfig_value"; break; fi
      done < /proc/stat
      emit_unmounted_boot
    }
    """#
  )

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> BootConfigObservation {
    BootConfigObservation(section)
  }
}

extension TextRule {
  /// What follows "dtparam=" or "dtoverlay=".
  static let configValue = TextRule("a value such as i2c_arm=on") { text in
    if text.isEmpty { return "is empty" }
    return text.hasPrefix("dtparam=") || text.hasPrefix("dtoverlay=")
      ? "repeats the key: write what follows the first \"=\"" : configLineProblem(text)
  }

  /// A line of config.txt that sets something.
  static let configLine = TextRule("a line such as gpu_mem=16") { text in
    if text.hasPrefix("#") { return "is a comment" }
    if text.hasPrefix("[") { return "begins a section: fleetd writes below [all]" }
    if text.hasPrefix("include") { return "includes a file, which fleetd would not see" }
    if !text.contains("="), !text.hasPrefix("initramfs ") { return "sets nothing" }
    return configLineProblem(text)
  }

  /// The firmware reads lines of at most 98 characters; what is longer is cut off.
  private static func configLineProblem(_ text: String) -> String? {
    if !text.allSatisfy(\.isASCII) { return "holds a character outside ASCII" }
    if text != text.trimmingWhitespace() { return "has white space around it" }
    return text.count > 80 ? "is longer than 80 characters" : nil
  }
}
