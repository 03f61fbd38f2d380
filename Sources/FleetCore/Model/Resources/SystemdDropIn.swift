/// A drop-in of fleetd's for one of systemd's own configuration files, and what else sets the same keys.
///
/// systemd reads all drop-ins in the order of their file names, whatever directory they are in; the last one wins.
package struct SystemdDropIn: Sendable {
  package let kind: ResourceKind
  /// `journald.conf`, `timesyncd.conf`, `system.conf`.
  package let configuration: String
  package let section: String
  package let path: String
  /// In the order in which they are written; empty: the file is removed.
  package let settings: [Setting]
  /// Units that read it, with their suffix.
  package let notify: [String]

  package struct Setting: Sendable, Hashable {
    package let key: String
    package let value: String
  }

  init(
    kind: ResourceKind, configuration: String, section: String, name: String = "60-fleetd.conf",
    settings: [(key: String, value: String?)], notify: [String] = []
  ) {
    self.kind = kind
    self.configuration = configuration
    self.section = section
    self.path = "/etc/systemd/\(configuration).d/\(name)"
    self.settings = settings.compactMap { setting in setting.value.map { Setting(key: setting.key, value: $0) } }
    self.notify = notify
  }

  package var file: ManagedFile {
    let lines = settings.map { "\($0.key)=\($0.value)\n" }.joined()
    return ManagedFile(
      kind: kind, path: path, content: Content("# Managed by fleetd.\n[\(section)]\n\(lines)"), mode: "0644",
      notify: notify, isAbsent: settings.isEmpty)
  }

  /// A setting of ours that another file, read after ours, sets differently: what we write would have no effect.
  func overridden(by others: SystemdSettings) -> [Finding] {
    settings.compactMap { setting in
      guard let other = others.assignment(of: setting.key, after: path), other.value != setting.value else {
        return nil
      }
      return Finding(
        .blocked,
        .settingOverridden,
        kind,
        "\(other.path) sets \(setting.key)=\(other.value) and is read after \(path)",
        next: "remove it there, or let a file under another kind of the inventory manage it"
      )
    }
  }
}

/// How one of systemd's configuration files and its drop-ins set a few keys on a node.
package struct SystemdSettings: Sendable {
  package struct Assignment: Sendable, Hashable {
    package let path: String
    package let key: String
    package let value: String
  }

  private let assignments: [Assignment]

  /// Lines of `settings_of`, which stands with the probe of the kind `journal`: `PATH:KEY=VALUE`.
  package init(_ text: String) {
    assignments = text.split(separator: "\n").compactMap { line in
      guard let end = line.firstRange(of: ".conf:") else { return nil }
      let halves = line[end.upperBound...].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else { return nil }
      return Assignment(
        path: line[..<end.upperBound].dropLast().description,
        key: halves[0].trimmingWhitespace(),
        value: halves[1].trimmingWhitespace()
      )
    }
  }

  /// The assignment that wins over the drop-in at `path`, if there is one.
  func assignment(of key: String, after path: String) -> Assignment? {
    assignments.filter { $0.key == key && $0.isDropIn && Array($0.name.utf8).isAfter(Self.name(of: path)) }
      .max { Array($1.name.utf8).isAfter($0.name) }
  }

  private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension SystemdSettings.Assignment {
  fileprivate var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  fileprivate var isDropIn: Bool { path.contains(".conf.d/") }
}

extension [UInt8] {
  /// systemd orders names by their bytes.
  fileprivate func isAfter(_ name: String) -> Bool { Array(name.utf8).lexicographicallyPrecedes(self) }
}
