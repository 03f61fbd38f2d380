import Crypto

extension Sysctl {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    let persistent = persistentValues(observed.file)
    var changes: [Change] = []
    var live: [[String]] = []
    for setting in settings {
      let now = observed.live[setting.procPath]
      if now == nil, !context.hasChangesBefore {
        plan.findings.append(unknown(setting))
        continue
      }
      let isPersistent = persistent[setting.key] == setting.value
      if now != setting.value { live.append([setting.procPath, setting.value]) }
      guard now != setting.value || !isPersistent else { continue }
      changes.append(change(of: setting, from: now, isPersistent: isPersistent))
    }
    let stale = persistent.keys.filter { key in !settings.contains { $0.key == key } }.sorted()
    changes += stale.map { key in
      Change(
        .remove,
        Self.kind,
        key,
        from: .text(persistent[key] ?? ""),
        note: "\(Self.path) only; live until the next boot"
      )
    }
    let isFileRight = observed.file.map { $0 == Array(content.utf8) } ?? false
    if changes.isEmpty, !isFileRight, plan.findings.isEmpty {
      changes.append(Change(.change, Self.kind, Self.path, note: "rewritten; same values"))
    }
    guard !changes.isEmpty else { return plan }
    plan.changeSets.append(ChangeSet(changes, steps: steps(file: isFileRight ? nil : observed, live: live)))
    return plan
  }

  private func steps(file observed: Observed?, live: [[String]]) -> [Step] {
    var steps: [Step] = []
    if let observed {
      let before = observed.file.map { SHA256.hash(data: $0).hexadecimal } ?? "absent"
      let after = SHA256.hash(data: Array(content.utf8)).hexadecimal
      let lines = [[Self.path, "0644", "root", "root", before, after, "shown"], [], []]
      steps.append(Step("write \(Self.path)", .run(.writeFile, StepInput(lines, payload: Content(content)))))
    }
    if !live.isEmpty { steps.append(Step("set kernel parameters", .run(.setSysctl, StepInput(live)))) }
    return steps
  }

  private func change(of setting: Setting, from now: String?, isPersistent: Bool) -> Change {
    if now == setting.value {
      return Change(
        .add,
        Self.kind,
        setting.key,
        to: .text(setting.value),
        note: "live already; written for the next boot"
      )
    }
    let note = isPersistent ? "live only: \(Self.path) is right" : nil
    return Change(
      .change,
      Self.kind,
      setting.key,
      from: now.map { .text($0) } ?? .none,
      to: .text(setting.value),
      note: note
    )
  }

  private func persistentValues(_ file: [UInt8]?) -> [String: String] {
    var values: [String: String] = [:]
    for line in String(decoding: file ?? [], as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let halves = line.split(separator: "=", maxSplits: 1)
      guard halves.count == 2 else { continue }
      values[halves[0].trimmingWhitespace()] = Self.normalised(String(halves[1]))
    }
    return values
  }

  private func unknown(_ setting: Setting) -> Finding {
    Finding(
      .blocked,
      .sysctlUnknown,
      Self.kind,
      "the kernel knows no \(setting.key)",
      next: "load the module that brings it (net.bridge.* needs br_netfilter), or correct the key"
    )
  }
}

extension StepScript {
  /// Lines: path below /proc/sys, value.
  static let setSysctl = StepScript(
    "sysctl",
    #"""
    while IFS=$tab read -r path value; do
      [ -e "/proc/sys/$path" ] || die 69 "the kernel knows no $path"
      printf '%s\n' "$value" > "/proc/sys/$path" || die 70 "the kernel refuses $path = $value"
    done
    """#
  )
}
