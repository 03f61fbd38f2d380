extension AdoptionObservation {
  /// What is there and the inventory does not say, as lines for a person.
  var remarks: [String] {
    controllers + kept + system + unmanaged
  }

  private var controllers: [String] {
    guard cgroups.isUnified else { return ["cgroup v2 is not mounted; k3s wants it: see boot.cgroups"] }
    let missing = Self.neededControllers.filter { !cgroups.live.contains($0) }
    guard !missing.isEmpty else { return [] }
    let text = "not live: the cgroup controller \(missing.joined(separator: ", ")), which k3s needs"
    guard missing.contains("memory") else { return [text] }
    return [text + "; boot.cmdline.present: [cgroup_memory=1, cgroup_enable=memory] and a reboot bring memory"]
  }

  private var kept: [String] {
    var lines = files.compactMap { file in hindrance(to: file).map { "not managed: \(file.path): \($0)" } }
    if case .failure(let finding) = commandLine { lines.append("not managed: cmdline.txt: \(finding.message)") }
    return lines
  }

  private var system: [String] {
    var lines: [String] = []
    if !swapAreas.isEmpty { lines.append("not managed: swap on \(Self.list(swapAreas, most: 8))") }
    if !accounts.isEmpty { lines.append("not managed: accounts \(Self.list(accounts, most: 40))") }
    return lines
  }

  private var unmanaged: [String] {
    mounts.prefix(40).map { "not managed: /etc/fstab: \(Self.mount($0))" }
      + others.prefix(100).map { "not managed: \($0)" }
      + (others.count > 100 ? ["not managed: and \(others.count - 100) files more"] : [])
  }

  /// Device, mount point and type: the options may hold a password.
  private static func mount(_ line: String) -> String {
    let fields = line.split(whereSeparator: \.isWhitespace).prefix(3).map(String.init)
    return fields.map { K3sSecrets.looksSecret($0) ? K3sSecrets.hidden : $0 }.joined(separator: " ")
  }

  private static func list(_ items: [String], most: Int) -> String {
    items.prefix(most).joined(separator: ", ") + (items.count > most ? " and \(items.count - most) more" : "")
  }
}
