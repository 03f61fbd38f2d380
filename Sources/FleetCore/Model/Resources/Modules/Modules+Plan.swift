extension Modules {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    let filePlan = file.plan(from: observed.file, in: context)
    guard filePlan.findings.isEmpty else { return filePlan }
    var plan = KindPlan()
    let persistent = persistentNames(observed.file)
    var changes: [Change] = []
    var loading: [[String]] = []
    for name in names {
      let isPersistent = persistent.contains(name)
      switch observed.states[name] ?? .unknown {
      case .live:
        if !isPersistent { changes.append(change(name, "live already; written for the next boot")) }
      case .loadable:
        loading.append([name])
        changes.append(change(name, isPersistent ? "live only: \(Self.path) is right" : nil))
      case .unknown where context.installsPackages:
        loading.append([name])
        changes.append(change(name, "once a package of this pass has brought it"))
      case .unknown where observed.otherReleases?.isEmpty == false:
        if !isPersistent { changes.append(change(name, "for the next boot only")) }
        plan.findings.append(gone(name, observed, context))
      case .unknown: plan.findings.append(unknown(name, context))
      case .replaced(let command): plan.findings.append(replaced(name, by: command))
      }
    }
    for name in persistent.subtracting(names).sorted() {
      changes.append(Change(.remove, Self.kind, name, note: "\(Self.path) only; it stays loaded until the next boot"))
    }
    if changes.isEmpty, !filePlan.changeSets.isEmpty, plan.findings.isEmpty {
      changes.append(Change(.change, Self.kind, Self.path, note: "rewritten; same modules"))
    }
    guard !changes.isEmpty else { return plan }
    let load = Step("load kernel modules", .run(.loadModules, StepInput(loading)))
    plan.changeSets.append(
      ChangeSet(changes, steps: filePlan.changeSets.flatMap(\.steps) + (loading.isEmpty ? [] : [load])))
    return plan
  }

  /// What the file loads at boot. Only a file that differs was sent.
  private func persistentNames(_ observed: ObservedFile) -> Set<String> {
    if observed.holds(file.content) { return Set(names) }
    let lines = (observed.text ?? "").split(whereSeparator: \.isNewline).map { $0.trimmingWhitespace() }
    return Set(lines.filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") }.map { Self.normalised($0) })
  }

  private func change(_ name: String, _ note: String?) -> Change { Change(.add, Self.kind, name, note: note) }

  private func unknown(_ name: String, _ context: PlanContext) -> Finding {
    let isUbuntu = context.facts.operatingSystem.hasPrefix("Ubuntu")
    return Finding(
      .blocked,
      .moduleUnknown,
      Self.kind,
      "the kernel \(context.facts.kernel) has no module \(name)",
      next: isUbuntu
        ? "before 24.04, Ubuntu has some (vxlan is one) in a package: packages: {linux-modules-extra-raspi: present}"
        : "correct the name, declare the package that brings it, or leave it out"
    )
  }

  private func gone(_ name: String, _ observed: Observed, _ context: PlanContext) -> Finding {
    let others = (observed.otherReleases ?? []).prefix(4).joined(separator: ", ")
    return Finding(
      .blocked,
      .kernelModulesGone,
      Self.kind,
      "\(name) cannot be loaded: the modules of the running kernel \(context.facts.kernel) are gone (there are: \(others))",
      next: "the kernel was upgraded: reboot the node first"
    )
  }

  private func replaced(_ name: String, by command: String) -> Finding {
    Finding(
      .blocked,
      .moduleUnknown,
      Self.kind,
      "modprobe.d has \(command.prefix(100)) run instead of loading \(name)",
      next: "look for \"install \(name)\" below /etc/modprobe.d, and remove it if the module is meant to be loaded"
    )
  }
}

extension StepScript {
  /// Lines: a module's name.
  static let loadModules = StepScript(
    "modules",
    #"""
    while IFS= read -r name; do
      message=$(modprobe -- "$name" 2>&1 < /dev/null) || die 70 "modprobe $name: $message"
    done
    """#
  )
}
