import YAMLSource

/// One package as it shall be.
package struct WantedPackage: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case absent
    /// `hold`: whether apt must keep it at its version; `nil`: as it is.
    case present(PackageVersionPattern, hold: Bool?)
  }

  package let name: String
  package let state: State

  package init(_ name: String, _ state: State) {
    self.name = name
    self.state = state
  }

  init(decoding entry: YAMLMapping.Entry, _ diagnostics: inout Diagnostics) {
    self.name = entry.key
    guard let fields = entry.value.mapping else {
      let isAbsent = entry.value.string == "absent"
      self.state = isAbsent ? .absent : .present(.any, hold: nil)
      if isAbsent, Self.protected.contains(name) {
        diagnostics.report(
          at: entry.value.mark,
          "packages.\(name): fleetd does not remove \(name): the node or fleetd's way in needs it",
          hint: "delete the entry; to remove \(name) all the same, do it by hand"
        )
      }
      return
    }
    let version = fields["version"]
    if fields.entries.isEmpty {
      diagnostics.report(
        at: entry.value.mark,
        "packages.\(name): neither \"version\" nor \"hold\" is given",
        hint: "write \(name): present"
      )
    }
    let pattern = PackageVersionPattern(version?.string ?? "*")
    Self.check(pattern, of: name, at: version?.mark, &diagnostics)
    self.state = .present(pattern, hold: fields["hold"]?.bool)
  }

  private static func check(
    _ pattern: PackageVersionPattern,
    of name: String,
    at mark: YAMLMark?,
    _ diagnostics: inout Diagnostics
  ) {
    let text = pattern.description
    if pattern.isExact, DebianVersion(text) == nil {
      diagnostics.report(
        at: mark,
        "packages.\(name).version: \"\(text)\" is no Debian version",
        hint:
          "write [epoch:]version[-revision] as `apt-cache policy \(name)` shows it, or a pattern such as \"\(text)*\""
      )
    }
    // Shells disagree on [^…], and dash takes time exponential in the number of stars.
    if text.contains("^") || text.filter({ $0 == "*" }).count > 4 {
      diagnostics.report(
        at: mark,
        "packages.\(name).version: \"\(text)\" is more than a simple pattern",
        hint: "use *, at most four of them, ? and [a-z]"
      )
    }
  }

  /// Without these no pass could mend what it did: the way in, the package manager, the system's own foundation.
  /// (What is Essential besides apt itself refuses to remove.)
  package static let protected: Set<String> = [
    "apt", "base-files", "base-passwd", "bash", "coreutils", "dash", "debianutils", "dpkg", "findutils", "grep",
    "gzip", "init", "init-system-helpers", "iproute2", "libc-bin", "libc6", "libpam-modules", "libpam-runtime",
    "libpam-systemd", "login", "mawk", "openssh-server", "openssh-sftp-server", "passwd", "perl-base",
    "raspi-firmware", "sed", "sudo", "systemd", "systemd-sysv", "tar", "udev", "util-linux",
  ]
}
