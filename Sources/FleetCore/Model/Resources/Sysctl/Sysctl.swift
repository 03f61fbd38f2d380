package import YAMLSource

/// Kernel parameters: what is written for the next boot, and what is live now.
package struct Sysctl: Resource {
  package static let kind = ResourceKind("sysctl")
  package static let field: Field? = Field(
    "sysctl",
    .map(keys: .sysctlKey, values: .scalar(.sysctlValue)),
    "Kernel parameters by name, set now and at every boot."
  )

  /// Read last by systemd-sysctl, so that nothing else overrides it at boot.
  package static let path = "/etc/sysctl.d/zz-fleetd.conf"

  /// In the order of the keys.
  package let settings: [Setting]

  package struct Setting: Sendable, Hashable {
    package let key: String
    package let value: String

    /// Below /proc/sys. sysctl(8): the first separator tells which of "." and "/" separates.
    package var procPath: String {
      guard let first = key.first(where: { $0 == "." || $0 == "/" }), first == "." else { return key }
      return String(key.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
  }

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Sysctl? {
    let settings = (entry?.mapping?.entries ?? []).compactMap { entry in
      entry.value.scalar.map { Setting(key: entry.key, value: normalised($0.text)) }
    }
    return settings.isEmpty ? nil : Sysctl(settings: settings.sorted { $0.key < $1.key })
  }

  package var claims: [PathClaim] { [PathClaim(Self.path, at: nil)] }
  package var declared: [String] { settings.map(\.key) }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { settings.map { [$0.procPath] } }

  /// One grep(1) for all keys. The shell cannot read them: it reads byte by byte, and the kernel tells a number to the
  /// first read(2) only, so that 60 would be 6.
  package static let probe = ProbeFragment(
    #"""
    probe_sysctl() {
      sysctl_left=$1; set --
      while [ "$sysctl_left" -gt 0 ]; do
        IFS= read -r sysctl_path || return 65
        set -- "$@" "/proc/sys/$sysctl_path"
        sysctl_left=$((sysctl_left - 1))
      done
      emit live "$(grep -asZ '' /dev/null "$@" | tr '\0' '\t')"
      if [ -f /etc/sysctl.d/zz-fleetd.conf ]; then emit_file file /etc/sysctl.d/zz-fleetd.conf; fi
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    /// By path below /proc/sys; a key that the kernel does not know is missing.
    package let live: [String: String]
    /// The bytes of the file; `nil`: there is none.
    package let file: [UInt8]?
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    var live: [String: String] = [:]
    for line in try section.required("live").split(separator: "\n") {
      let halves = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, halves[0].hasPrefix("/proc/sys/") else { throw .garbled("sysctl \(line)") }
      live[String(halves[0].dropFirst("/proc/sys/".count))] = normalised(String(halves[1]))
    }
    return Observed(live: live, file: section.bytes("file"))
  }

  /// The kernel separates several numbers by tabs, people by blanks.
  static func normalised(_ value: String) -> String {
    value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The file for the next boot.
  package var content: String {
    "# Managed by fleetd: spec.sysctl of the node or its profiles.\n"
      + settings.map { "\($0.key) = \($0.value)\n" }.joined()
  }
}

extension TextRule {
  static let sysctlKey = TextRule("a sysctl key such as net.ipv4.ip_forward") { text in
    if text.contains("..") || text.contains("./") || text.contains("/.") { return "has an empty part" }
    return word("", rest: .init("._-/*:@"), length: 255).problem(with: text)
  }

  static let sysctlValue = TextRule("a sysctl value on one line") { $0.utf8.count > 4096 ? "is too long" : nil }
}
