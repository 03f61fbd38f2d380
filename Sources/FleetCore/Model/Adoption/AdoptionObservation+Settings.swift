import YAMLSource

extension AdoptionObservation {
  /// What an inventory can say of the node so that a check finds nothing to do, in the order of the kinds.
  var settings: [AdoptedSetting] { time + packages + files.compactMap(fileSetting) + boot + parameters }

  /// What a node says that is not called as its host.
  func hostName(besides name: String) -> [AdoptedSetting] {
    guard facts.hostname != name, TextRule.hostName.problem(with: facts.hostname) == nil else { return [] }
    return [
      AdoptedSetting(
        ["host", "hostname"],
        AdoptedValue.string(facts.hostname),
        comment: "The host is not called as the node. To give it the node's name, delete this entry."
      )
    ]
  }

  private var time: [AdoptedSetting] {
    zone.map { [AdoptedSetting(["time", "zone"], AdoptedValue.string($0))] } ?? []
  }

  private var packages: [AdoptedSetting] {
    heldPackages.map { package in
      let value = AdoptedValue.mapping([
        ("version", AdoptedValue.string(package.version)), ("hold", AdoptedValue.bool(true)),
      ])
      return AdoptedSetting(["packages", package.name], value)
    }
  }

  private func fileSetting(_ file: File) -> AdoptedSetting? {
    guard let text = file.text, hindrance(to: file) == nil, !isOwn(file), !file.settings.isEmpty else { return nil }
    var entries = [(key: "path", value: AdoptedValue.string(file.path))]
    if file.mode != "0644" { entries.append(("mode", AdoptedValue.string(file.mode))) }
    if file.owner != "root" { entries.append(("owner", AdoptedValue.string(file.owner))) }
    if file.group != "root" { entries.append(("group", AdoptedValue.string(file.group))) }
    entries.append(("content", AdoptedValue.string(text)))
    return AdoptedSetting(["files"], AdoptedValue.mapping(entries), as: .item, comment: overruled(in: file))
  }

  /// Why a file cannot stand in a repository; `nil`: it can.
  func hindrance(to file: File) -> String? {
    guard let text = file.text else { return "larger than 64 KiB, or no text" }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" || $0.value == 0x7F }) {
      return "holds control characters"
    }
    if file.settings.contains(where: K3sSecrets.looksSecret) { return "holds what looks like a password" }
    let accounts = [file.owner, file.group]
    return accounts.contains { TextRule.account.problem(with: $0) != nil } ? "belongs to nobody that has a name" : nil
  }

  /// What a sysctl file says and the kernel does not: something else set it since.
  private func overruled(in file: File) -> String {
    guard file.path.hasPrefix("/etc/sysctl") else { return "" }
    let differing = Sysctl.settings(in: file.settings).compactMap { setting -> String? in
      guard let live = liveParameters[setting.procPath], live != setting.value else { return nil }
      return "\(setting.key) is \(live) now: something else has set it."
    }
    return differing.joined(separator: "\n")
  }

  /// Only what concerns fleetd: the memory controller, and the hierarchy.
  private static let keptParameters = [
    "cgroup_memory=1", "cgroup_enable=memory", "cgroup_enable=cpuset", "systemd.unified_cgroup_hierarchy=1",
  ]

  private var boot: [AdoptedSetting] {
    var settings: [AdoptedSetting] = []
    let running = facts.kernelCommandLine.split(separator: " ").map(String.init)
    if case .success(let file) = commandLine, file.firstBootProblem == nil, file.extraLines.isEmpty {
      settings += file.tokens.filter { Self.keptParameters.contains($0) && running.contains($0) }.map {
        AdoptedSetting(["boot", "cmdline", "present"], AdoptedValue.string($0), as: .item)
      }
    }
    return settings
      + liveControllers.map { AdoptedSetting(["boot", "cgroups"], AdoptedValue.string($0), as: .item) }
  }

  /// Of those that k3s needs.
  var liveControllers: [String] {
    cgroups.isUnified ? Self.neededControllers.filter(cgroups.live.contains) : []
  }

  static let neededControllers = ["cpu", "cpuset", "memory", "pids"]

  /// Parameters that fleetd itself once wrote: of a node whose repository was lost.
  private var parameters: [AdoptedSetting] {
    guard let own = files.first(where: isOwn) else { return [] }
    return Sysctl.settings(in: own.settings).map { AdoptedSetting(["sysctl", $0.key], AdoptedValue.string($0.value)) }
  }

  /// Whether fleetd's kind `sysctl` would write this very file.
  func isOwn(_ file: File) -> Bool {
    guard file.path == Sysctl.path, let text = file.text else { return false }
    return Sysctl(settings: Sysctl.settings(in: file.settings)).content == text
  }
}

extension Sysctl {
  /// `key = value` lines; what is none, or a pattern, is left out. A leading `-` only silences errors.
  static func settings(in lines: [String]) -> [Setting] {
    lines.compactMap { line in
      let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else { return nil }
      let name = halves[0].trimmingWhitespace()
      let key = name.hasPrefix("-") ? String(name.dropFirst()) : name
      guard TextRule.sysctlKey.problem(with: key) == nil, !key.contains("*") else { return nil }
      return Setting(key: key, value: normalised(String(halves[1])))
    }
  }
}
