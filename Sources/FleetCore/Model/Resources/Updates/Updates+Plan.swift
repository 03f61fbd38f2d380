extension Updates {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    if let file = file(for: context.node) {
      plan = observed.files[file.path].map { file.plan(from: $0, in: context) } ?? Self.unanswered
    }
    if security == .auto {
      let timers = timerPlan(context)
      plan.changeSets += timers.changeSets
      plan.findings += timers.findings
    }
    guard let reason = rebootReason(observed, context.facts) else { return plan }
    let outcome = reboot(because: reason, context.facts)
    plan.findings += outcome.findings
    plan.requests += outcome.requests
    return plan
  }

  /// What the node says nothing of is not absent.
  private static let unanswered = KindPlan(findings: [
    Finding(.blocked, .probeGarbled, kind, "the node's answer says nothing of \(path)", next: "run again")
  ])

  /// Why the node should be rebooted. Stable while the cause is the same: it tells whether a reboot has helped.
  private func rebootReason(_ observed: Observed, _ facts: HostFacts) -> String? {
    if let newer = InstalledKernels(running: facts.kernel, installed: observed.kernels).newer {
      return "the kernel \(newer) is installed, \(facts.kernel) is running"
    }
    guard let packages = observed.askedFor else { return nil }
    return packages.isEmpty ? "updates ask for a reboot" : "updates ask for a reboot: \(AptRun.listed(packages))"
  }

  private func reboot(because reason: String, _ facts: HostFacts) -> KindPlan {
    if facts.hasRebooted(for: reason) {
      return KindPlan(findings: [
        Finding(
          isRebootPlanned ? .blocked : .note,
          .rebootDidNotHelp,
          Self.kind,
          "\(reason), also after a reboot",
          next: "the firmware starts another kernel: look for kernel= and os_prefix= in config.txt, and at a full /boot"
        )
      ])
    }
    guard !isRebootPlanned else { return KindPlan(requests: [.reboot(because: reason)]) }
    return KindPlan(findings: [
      Finding(
        .note,
        .rebootRequired,
        Self.kind,
        reason,
        next: "reboot it when it suits; with updates.reboot: planned fleetd does, in the node's turn"
      )
    ])
  }

  private func timerPlan(_ context: PlanContext) -> KindPlan {
    let states = context.observed(Services.self) ?? [:]
    var changes: [Change] = []
    var actions: [[String]] = []
    for timer in Self.timers {
      let state = states[timer] ?? .notFound
      if state.load == "masked" || !state.exists { return KindPlan(findings: [obstacle(timer, state)]) }
      if !state.isEnabled {
        changes.append(Change(.change, Self.kind, timer, from: .text(state.unitFile), to: .text("enabled")))
        actions.append(["enable", timer])
      }
      if !state.isActive {
        changes.append(Change(.act, Self.kind, timer, note: "start: it is \(state.summary)"))
        actions.append(["start", timer])
      }
    }
    guard !changes.isEmpty else { return KindPlan() }
    let step = Step("systemd units", .run(.units, StepInput(actions)), deadline: .seconds(120))
    return KindPlan(changeSets: [ChangeSet(changes, steps: [step])])
  }

  private func obstacle(_ timer: String, _ state: UnitState) -> Finding {
    Finding(
      .blocked,
      .unitNotFound,
      Self.kind,
      state.exists ? "\(timer) is masked: security updates would never run" : "there is no unit \(timer)",
      next: state.exists ? "systemctl unmask \(timer) on the node, or updates.security: hold" : "reinstall apt"
    )
  }

  /// apt's configuration: `#clear` empties a list of the distribution's before ours begins.
  ///
  /// What the inventory keeps at a version is left out, or the two would undo each other for ever.
  static func text(_ security: Security, _ node: NodeSpec) -> String {
    let head = "// Managed by fleetd: spec.updates of the node or its profiles.\n"
    switch security {
    case .hold:
      return head + """
        APT::Periodic::Download-Upgradeable-Packages "0";
        APT::Periodic::Unattended-Upgrade "0";

        """
    case .auto:
      let kept = node.resource(of: Packages.self)?.packages.filter(\.isKeptAtVersion).map(\.name) ?? []
      return head + """
        APT::Periodic::Enable "1";
        APT::Periodic::Update-Package-Lists "1";
        APT::Periodic::Unattended-Upgrade "1";
        Unattended-Upgrade::Automatic-Reboot "false";
        #clear Unattended-Upgrade::Allowed-Origins;
        #clear Unattended-Upgrade::Origins-Pattern;
        Unattended-Upgrade::Origins-Pattern {
          "origin=Debian,codename=${distro_codename},label=Debian-Security";
          "origin=Debian,codename=${distro_codename}-security,label=Debian-Security";
          "origin=Ubuntu,archive=${distro_codename}-security";
        };
        Unattended-Upgrade::Package-Blacklist {
        \(kept.map { "  \"^\(pattern(for: $0))$\";\n" }.joined())};

        """
    }
  }

  /// A name as a regular expression; of what names may hold, `+` and `.` mean something there.
  private static func pattern(for name: String) -> String {
    name.map { "+.".contains($0) ? "[\($0)]" : String($0) }.joined()
  }
}

extension WantedPackage {
  fileprivate var isKeptAtVersion: Bool {
    guard case .present(let version, let hold) = state else { return false }
    return version != .any || hold == true
  }
}
