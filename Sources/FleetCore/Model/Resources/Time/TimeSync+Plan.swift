extension TimeSync {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    let states = context.observed(Services.self) ?? [:]
    let own = states[Self.unit] ?? .notFound
    let other = Self.others.first { states[$0]?.isActive == true }
    if isWanted == false { return stopping(own) }
    var plan = KindPlan()
    if let other {
      if !servers.isEmpty { plan.findings.append(foreign(other)) }
    } else if !own.exists {
      if !willBeInstalled(context) { plan.findings.append(missing) }
    } else if own.load == "masked" {
      plan.findings.append(masked)
    } else {
      plan = keeping(own, observed, context)
    }
    guard plan.findings.isEmpty, other != nil || own.exists else { return plan }
    return awaiting(observed, plan, context)
  }

  /// A package of Debian's starts what it brings, so nothing is left for a later pass.
  private func willBeInstalled(_ context: PlanContext) -> Bool {
    let names = Set(["systemd-timesyncd", "chrony", "ntpsec", "openntpd"])
    return context.node.resource(of: Packages.self)?.packages.contains { package in
      guard case .present = package.state else { return false }
      return names.contains(package.name)
    } ?? false
  }

  private func keeping(_ own: UnitState, _ observed: Observed, _ context: PlanContext) -> KindPlan {
    let filePlan = dropIn.file.plan(from: observed.file, in: context)
    let findings = filePlan.findings + dropIn.overridden(by: observed.others)
    guard findings.isEmpty else { return KindPlan(findings: findings) }
    var changes = filePlan.changeSets.flatMap(\.changes)
    var actions: [[String]] = []
    if isWanted == true, !own.isEnabled {
      let before = own.unitFile.isEmpty ? "disabled" : own.unitFile
      changes.append(Change(.change, Self.kind, Self.unit, from: .text(before), to: .text("enabled")))
      actions.append(["enable", Self.unit])
    }
    if isWanted == true, !own.isActive {
      changes.append(Change(.act, Self.kind, Self.unit, note: "start: it is \(own.summary)"))
      actions.append(["start", Self.unit])
    } else if own.isActive, !filePlan.changeSets.isEmpty {
      // Here, and not with the other restarts at the end: what comes next may need the clock.
      actions.append(["restart", Self.unit])
    }
    guard !changes.isEmpty else { return KindPlan() }
    let units = Step("systemd units", .run(.units, StepInput(actions)), deadline: .seconds(120))
    let steps = filePlan.changeSets.flatMap(\.steps) + (actions.isEmpty ? [] : [units])
    return KindPlan(changeSets: [ChangeSet(changes, steps: steps)])
  }

  /// Seconds that a pass waits for the clock, and after which it tries that again.
  package static let patience = 90
  package static let pause = 600

  /// Waits where waiting can help: the clock is off, nobody says that it is synchronised, and no pass has just waited.
  /// A wait that ends without success fails nothing: what needs the clock stays held.
  private func awaiting(_ observed: Observed, _ plan: KindPlan, _ context: PlanContext) -> KindPlan {
    let facts = context.facts
    guard facts.isClockOff, facts.isClockSynchronised != true, observed.awaited.map({ $0 >= Self.pause }) ?? true
    else { return plan }
    var plan = plan
    let wait = Change(
      .act, Self.kind, "clock",
      note: "wait until it is synchronised, at most \(Self.patience) s: it is \(abs(facts.clockSkew)) s off")
    let step = Step(
      "await the clock", .run(.awaitClock, StepInput([["\(Self.patience)"]])), deadline: .seconds(Self.patience + 30))
    plan.changeSets.append(ChangeSet([wait], steps: [step]))
    return plan
  }

  private func stopping(_ own: UnitState) -> KindPlan {
    var changes: [Change] = []
    var actions: [[String]] = []
    if own.exists, own.canBeDisabled {
      changes.append(Change(.change, Self.kind, Self.unit, from: .text("enabled"), to: .text("disabled")))
      actions.append(["disable", Self.unit])
    }
    if own.isActive {
      changes.append(Change(.act, Self.kind, Self.unit, note: "stop: it is \(own.summary)"))
      actions.append(["stop", Self.unit])
    }
    guard !changes.isEmpty else { return KindPlan() }
    return KindPlan(changeSets: [ChangeSet(changes, steps: [Step("systemd units", .run(.units, StepInput(actions)))])])
  }

  private var missing: Finding {
    Finding(
      .blocked,
      .timeServiceMissing,
      Self.kind,
      "no time service is installed: nothing keeps the clock right",
      next: "declare packages: {systemd-timesyncd: present}"
    )
  }

  private var masked: Finding {
    Finding(
      .blocked,
      .unitNotFound,
      Self.kind,
      "\(Self.unit) is masked",
      next: "systemctl unmask \(Self.unit) on the node, if that is meant"
    )
  }

  private func foreign(_ unit: String) -> Finding {
    Finding(
      .blocked,
      .timeServiceForeign,
      Self.kind,
      "\(UnitName.brief(unit)) keeps the clock, and does not read the servers given here",
      next: "leave time.servers out and name them in its own configuration (files), or remove its package"
    )
  }
}

extension StepScript {
  /// Line 1: seconds. The kernel itself says whether a service has set it right: timedated(8) asks adjtimex(2). Nobody
  /// announces it, so it is asked every second. That it waited is written down, so that the same pass does not repeat it.
  static let awaitClock = StepScript(
    "clock",
    #"""
    IFS=$tab read -r patience
    IFS=' .' read -r start rest < /proc/uptime
    now=$start; turns=0
    while [ "$((now - start))" -lt "$patience" ] && [ "$turns" -lt "$patience" ]; do
      [ "$(timedatectl show -p NTPSynchronized --value < /dev/null)" != yes ] || break
      sleep 1; turns=$((turns + 1))
      IFS=' .' read -r now rest < /proc/uptime
    done
    printf '%s\n' "$now" > /run/fleetd/clock-awaited || die 73 "/run/fleetd cannot be written"
    """#
  )
}
