import Crypto

extension Mounts {
  package func plan(from observed: Tables, in context: PlanContext) -> KindPlan {
    guard let text = String(validating: observed.fstab ?? [], as: UTF8.self) else {
      return KindPlan(findings: [Self.notText])
    }
    var plan = KindPlan()
    let before = FstabText(text)
    var fstab = before
    var changes: [Change] = []
    var orders: [[String]] = []
    for mount in mounts {
      let findings = mount.hides(context.node.ssh.user, observed).map { [$0] } ?? mount.obstacles(observed)
      plan.findings += findings
      guard !findings.contains(where: { $0.severity == .refused }) else { continue }
      let isBlocked = findings.contains { $0.severity == .blocked }
      // A line without nofail whose device is not there keeps the machine from starting.
      if !isBlocked || mount.mayFail, let change = mount.persistentChange(fstab) {
        changes.append(change)
        fstab = fstab.setting(mount.entry, at: mount.path)
      }
      if !isBlocked, let (change, order) = mount.liveChange(observed) {
        changes.append(change)
        orders.append(order)
      }
    }
    guard !changes.isEmpty else { return plan }
    plan.changeSets.append(ChangeSet(changes, steps: steps(orders, from: observed, before, to: fstab)))
    return plan
  }

  /// Written back, other people's lines would not be what they were.
  private static let notText = Finding(
    .refused,
    .fileNotRegular,
    kind,
    "/etc/fstab is not UTF-8; fleetd edits text only",
    next: "find the bytes (grep -naxv '.*' /etc/fstab), and correct them by hand"
  )

  /// What is written below a mount point of this pass comes behind the mount: it belongs into what is mounted there.
  static func ordered(_ changeSets: [ChangeSet]) -> [ChangeSet] {
    guard let index = changeSets.firstIndex(where: { $0.changes.first?.kind == kind }) else { return changeSets }
    let points = changeSets[index].changes.filter { $0.action == .act }.map { $0.name + "/" }
    func isBelow(_ changeSet: ChangeSet) -> Bool {
      guard let change = changeSet.changes.first else { return false }
      return [Directories.kind, Files.kind, Links.kind].contains(change.kind)
        && points.contains { change.name.hasPrefix($0) }
    }
    let earlier = changeSets[..<index]
    return earlier.filter { !isBelow($0) } + [changeSets[index]] + earlier.filter(isBelow) + changeSets[(index + 1)...]
  }

  /// What is mounted is tried first, so that fstab never promises a boot what does not work; what shall go leaves fstab
  /// first, so that the next boot is rid of it even when it is in use now.
  private func steps(_ orders: [[String]], from observed: Tables, _ before: FstabText, to after: FstabText) -> [Step] {
    let removals = orders.filter { $0[0] == "unmount" }
    let mounting = orders.filter { $0[0] != "unmount" }
    var steps: [Step] = []
    if !mounting.isEmpty { steps.append(Self.step("mount", mounting)) }
    if after != before {
      let digest = observed.fstab.map { SHA256.hash(data: $0).hexadecimal } ?? "absent"
      let content = Content(after.text)
      let new = SHA256.hash(data: Array(after.text.utf8)).hexadecimal
      // Other people's lines may name passwords: nothing of the file is shown.
      let lines = [["/etc/fstab", "0644", "root", "root", digest, new, "secret"], Self.validation, []]
      steps.append(Step("write /etc/fstab", .run(.writeFile, StepInput(lines, payload: content))))
    }
    let orders = (after == before ? [] : [["reload", "/etc/fstab"]]) + removals
    if !orders.isEmpty { steps.append(Self.step(removals.isEmpty ? "reload systemd for" : "unmount", orders)) }
    return steps
  }

  private static func step(_ verb: String, _ orders: [[String]]) -> Step {
    let title = "\(verb) \(AptRun.listed(orders.map { $0[1] }.filter { verb != "unmount" || $0 != "/etc/fstab" }))"
    return Step(title, .runAsUnit(.mounts, StepInput(orders)), deadline: .seconds(60 + 150 * orders.count))
  }

  /// findmnt(8) knows fstab. Lines that it finds fault with already are their owner's, and what it cannot reach now (a
  /// disk that is not plugged in, a directory that is made at the mount) is no fault of the file.
  private static let validation = [
    "/bin/sh", "-c",
    "errors() { findmnt --verify --tab-file \"$1\" 2>&1 | grep -E \"\\[E\\]|parse error at\" | grep -v unreachable "
      + "| sed \"s/line [0-9]*/a line/\"; }; old=$(errors /etc/fstab); errors \"$1\" | { bad=; while IFS= read -r line; "
      + "do case $old in *\"$line\"*) ;; *) printf \"%s; \" \"$line\" >&2; bad=yes ;; esac; done; [ -z \"$bad\" ]; }",
    "sh", "%s",
  ]
}

extension Mounts.Mount {
  /// The line of fstab; `nil`: none.
  var entry: FstabText.Entry? {
    guard state != .absent else { return nil }
    return FstabText.Entry(
      device: device, path: path, type: type, options: options == ["defaults"] ? [] : options, dump: dump, pass: pass)
  }

  func persistentChange(_ fstab: FstabText) -> Change? {
    let now = fstab.entries(at: path)
    guard now != [entry].compactMap({ $0 }) else { return nil }
    let action: Change.Action = now.isEmpty ? .add : entry == nil ? .remove : .change
    return Change(
      action,
      Mounts.kind,
      "\(path) fstab",
      from: now.isEmpty ? .none : .text(now.map(\.shown).joined(separator: "; ")),
      to: entry.map { .text($0.shown) } ?? .none
    )
  }

  func liveChange(_ observed: Mounts.Tables) -> (Change, [String])? {
    let live = observed.live[path]
    func act(_ verb: String, _ note: String) -> (Change, [String]) {
      // With nofail mount(8) would call a failure a success.
      let strict = options.filter { $0 != "nofail" }.joined(separator: ",")
      let words = [verb, path] + (verb == "unmount" ? [] : [device, type, strict])
      return (Change(.act, Mounts.kind, path, note: note), words)
    }
    switch (state, live) {
    case (.present, _), (.absent, nil): return nil
    case (.absent, let live?): return act("unmount", "unmount \(live.source)")
    case (.mounted, nil): return act("mount", "mount \(device)")
    case (.mounted, let live?):
      if !isSameDevice(as: live, observed) {
        return act("replace", "unmount \(live.source) (\(live.type)), mount \(device)")
      }
      let drift = optionDrift(of: live)
      return drift.isEmpty ? nil : act("remount", "remount: \(drift.joined(separator: ", "))")
    }
  }

  private func isSameDevice(as live: Mounts.Live, _ observed: Mounts.Tables) -> Bool {
    // systemd mounts it when somebody looks.
    if live.type == "autofs" { return true }
    if deviceFile != nil { return observed.same.contains(path) }
    if isNetwork {
      func plain(_ source: String) -> Substring { source.hasSuffix("/") ? source.dropLast() : source[...] }
      return plain(live.source) == plain(device)
    }
    return ["none", "auto"].contains(type) || options.contains("bind") || options.contains("rbind") || live.type == type
  }

  /// What mount(8) calls the opposite of the defaults, and whether it holds now. Other options show nowhere, or in words
  /// of the file system's own: only tmpfs' size is compared.
  private func optionDrift(of live: Mounts.Live) -> [String] {
    guard live.type != "autofs" else { return [] }
    var wanted = ["ro": false, "nosuid": false, "nodev": false, "noexec": false]
    for option in options {
      switch option {
      case "rw", "suid", "dev", "exec": wanted[option == "rw" ? "ro" : "no" + option] = false
      case "ro", "nosuid", "nodev", "noexec": wanted[option] = true
      case "user", "users": for name in ["nosuid", "nodev", "noexec"] { wanted[name] = true }
      case "owner", "group": for name in ["nosuid", "nodev"] { wanted[name] = true }
      case "noatime", "nodiratime", "sync": wanted[option] = true
      default: continue
      }
    }
    var drift = wanted.sorted { $0.key < $1.key }.filter { $0.value != live.options.contains($0.key) }.map {
      name, isOn in
      isOn ? name : name == "ro" ? "rw" : String(name.dropFirst("no".count))
    }
    if type == "tmpfs", let size = options.last(where: { $0.hasPrefix("size=") }), let bytes = Self.bytes(size),
      let now = live.options.last(where: { $0.hasPrefix("size=") }), Self.bytes(now) != bytes
    {
      drift.append("\(size) instead of \(now)")
    }
    return drift
  }

  /// `size=64M` -> bytes; `nil` for a percentage.
  private static func bytes(_ option: String) -> Int? {
    let text = option.dropFirst("size=".count).lowercased()
    guard let unit = text.last, let shift = ["k": 10, "m": 20, "g": 30][unit] else { return Int(text) }
    return Int(text.dropLast()).flatMap { $0 < 1 << 32 ? $0 << shift : nil }
  }
}

extension FstabText.Entry {
  /// As a plan shows it: a password that somebody wrote into it is not.
  fileprivate var shown: String {
    let options = options.map { option in
      guard MountSecrets.isSecret(option: option) else { return option }
      return option.prefix { $0 != "=" } + "=…"
    }
    let device = MountSecrets.isSecret(device: device) ? "(hidden)" : device
    return "\(device) \(type) \(options.isEmpty ? "defaults" : options.joined(separator: ",")) \(dump) \(pass)"
  }
}
