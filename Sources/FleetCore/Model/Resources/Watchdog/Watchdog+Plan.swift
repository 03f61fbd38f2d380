extension Watchdog {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    if timeout > .zero, let obstacle = obstacle(observed, context) { return KindPlan(findings: [obstacle]) }
    let overridden = dropIn.overridden(by: observed.others)
    guard overridden.isEmpty else { return KindPlan(findings: overridden) }
    var plan = dropIn.file.plan(from: observed.file, in: context)
    guard plan.findings.isEmpty else { return plan }
    var changes = plan.changeSets.flatMap(\.changes)
    if observed.timeout != timeout {
      changes.append(change("timeout", from: observed.timeout, to: timeout))
    }
    if let rebootTimeout, observed.rebootTimeout != rebootTimeout {
      changes.append(change("rebootTimeout", from: observed.rebootTimeout, to: rebootTimeout))
    }
    guard !changes.isEmpty else { return plan }
    let reread = Step("have systemd read it", .run(.reexecuteSystemd, StepInput()))
    plan.changeSets = [ChangeSet(changes, steps: plan.changeSets.flatMap(\.steps) + [reread])]
    return plan
  }

  private func change(_ name: String, from now: Duration, to wanted: Duration) -> Change {
    Change(.change, Self.kind, name, from: .text(Self.shown(now)), to: .text(Self.shown(wanted)))
  }

  private static func shown(_ timeout: Duration) -> String { timeout == .zero ? "off" : DurationText.render(timeout) }

  private func obstacle(_ observed: Observed, _ context: PlanContext) -> Finding? {
    let model = context.facts.model ?? ""
    let isPi = model.hasPrefix("Raspberry Pi")
    if isPi, timeout > Self.mostOnPi {
      return Finding(
        .refused,
        .watchdogTooLong,
        Self.kind,
        "the watchdog of a Raspberry Pi cannot wait for \(Self.shown(timeout)): \(Self.shown(Self.mostOnPi)) is its most",
        next: "set watchdog.timeout: \(Self.shown(Self.mostOnPi)) or less"
      )
    }
    guard !observed.hasDevice else { return nil }
    return Finding(
      .blocked,
      .watchdogMissing,
      Self.kind,
      "the node has no /dev/watchdog",
      next: isPi
        ? "load its driver (modules: [bcm2835_wdt]); on kernels of old, boot.config.dtparam: [watchdog=on]"
        : "load the driver of its board, or leave watchdog out for it: most virtual machines have none"
    )
  }
}

extension StepScript {
  /// systemd starts anew in place and keeps every unit: a reload would not read its own configuration.
  static let reexecuteSystemd = StepScript(
    "daemon-reexec",
    #"""
    message=$(systemctl daemon-reexec 2>&1 < /dev/null) || die 70 "systemctl daemon-reexec: $message"
    """#
  )
}
