extension K3s {
  package func plan(from observed: K3sObservation, in context: PlanContext) -> KindPlan {
    switch placed(over: observed, in: context) {
    case .placed(let placed): placed.plan(placedOver: observed, in: context, waiting: nil)
    case .waits(let why, let expected): expected.plan(placedOver: observed, in: context, waiting: why)
    case .refused(let finding): KindPlan(findings: [finding])
    }
  }

  private func plan(placedOver observed: K3sObservation, in context: PlanContext, waiting: String?) -> KindPlan {
    // What the node says nothing of is not absent.
    for file in self.files where observed.files[file.path] == nil {
      let message = "the node's answer says nothing of \(file.path)"
      return KindPlan(findings: [Finding(.blocked, .probeGarbled, Self.kind, message, next: "run again")])
    }
    let files = self.files.compactMap { file in
      observed.files[file.path].map { registering(file, over: observed).plan(from: $0, in: context) }
    }
    let refusals = self.refusals(observed, in: context) + files.flatMap(\.findings)
    guard refusals.isEmpty else { return KindPlan(findings: refusals) }
    var changes: [Change] = []
    var steps: [Step] = []
    if mustInstall(observed, in: context), let artifact = context.artifact.artifact {
      let images = imagesPlan(observed, in: context).changeSets
      changes += images.flatMap(\.changes) + [binaryChange(over: observed.binary)]
      steps += images.flatMap(\.steps) + installSteps(artifact, over: observed.binary)
    }
    let takeover = takeover(of: observed, in: context)
    if isAsWanted(observed, takeover, isInstalling: !changes.isEmpty, in: context) {
      return KindPlan(
        changeSets: [renewalSet(observed, in: context)].compactMap { $0 },
        findings: [takenOverLater] + notes(observed, in: context))
    }
    if let change = takeoverChange(observed, takeover) { changes.append(change) }
    // What asks for no restart is no part of it: labels and taints.
    let (restarting, quiet) = files.reduce(into: ([ChangeSet](), [ChangeSet]())) { sets, file in
      if file.requests.isEmpty { sets.1 += file.changeSets } else { sets.0 += file.changeSets }
    }
    for set in restarting {
      changes += set.changes
      steps += set.steps
    }
    let notes = notes(observed, in: context)
    let isUnregistered = role == .agent && isUnregistered(observed, in: context)
    if changes.isEmpty, !isRestartOwed(in: context), !isUnregistered, observed.service.isEnabled,
      let set = renewalSet(observed, in: context)
    {
      return KindPlan(changeSets: quiet + [set], findings: notes)
    }
    let isRestarting = !changes.isEmpty || isRestartOwed(in: context)
    if let start = startChange(observed, isRestarting: isRestarting, in: context) {
      changes.append(start)
    } else if isUnregistered {
      changes.append(Change(.act, Self.kind, role.unit, note: "restart: the cluster has no Node of this name any more"))
      steps.append(oweStep(of: unit))
    }
    let isDisturbing = !changes.isEmpty
    if takeover == nil, observed.service.exists, !observed.service.isEnabled {
      changes.append(
        Change(.change, Self.kind, role.unit, from: .text(observed.service.unitFile), to: .text("enabled"))
      )
    }
    guard !changes.isEmpty else { return KindPlan(changeSets: quiet, findings: notes) }
    steps.append(startStep(of: unit, retiring: otherUnits(observed)))
    let set = ChangeSet(
      changes,
      steps: steps,
      disturbance: isDisturbing ? disturbance(over: observed, in: context) : .none,
      held: hold(observed, in: context, waiting: waiting)
    )
    return KindPlan(changeSets: quiet + [set], findings: notes)
  }

  private func disturbance(over observed: K3sObservation, in context: PlanContext) -> ChangeSet.Disturbance {
    guard let installed = observed.installedVersion, observed.data.isLiving(as: role),
      mustInstall(observed, in: context), installed.minor != version.minor
    else { return .restartsK3s }
    return .upgradesK3s
  }

  /// Another set it up, and means what the inventory means: nothing of it is touched.
  private func isAsWanted(
    _ observed: K3sObservation,
    _ takeover: K3sTakeover?,
    isInstalling: Bool,
    in context: PlanContext
  ) -> Bool {
    guard let takeover, takeover.differences.isEmpty, !isInstalling, !isRestartOwed(in: context) else { return false }
    let service = observed.service
    return service.active == "active" && service.isEnabled && otherUnits(observed).allSatisfy { $0 == observed.unit }
  }

  private var takenOverLater: Finding {
    Finding(
      .note,
      .notice,
      Self.kind,
      "k3s was set up by somebody else (install.sh), as the inventory wants it; fleetd takes its files over with the "
        + "next change"
    )
  }

  /// The first line of a conversion: what made it necessary, and what becomes of the old set-up.
  private func takeoverChange(_ observed: K3sObservation, _ takeover: K3sTakeover?) -> Change? {
    let retired = otherUnits(observed)
    let stops = retired.isEmpty ? "" : "; \(retired.joined(separator: ", ")) is stopped and disabled"
    guard let takeover else {
      return retired.isEmpty
        ? nil : Change(.act, Self.kind, role.unit, note: "replace \(retired.joined(separator: ", "))" + stops)
    }
    let why = takeover.differences.isEmpty ? "" : " (not as wanted: \(takeover.differences.joined(separator: ", ")))"
    return Change(
      .act,
      Self.kind,
      role.unit,
      diff: takeover.diff,
      note: "take \(observed.unit) over from install.sh\(why): fleetd's files, one restart" + stops
    )
  }

  /// Units that start k3s besides the role's own: those of INSTALL_K3S_NAME.
  private func otherUnits(_ observed: K3sObservation) -> [String] {
    (observed.alsoEnabled + (observed.foreignUnit.map { [$0.unit] } ?? [])).filter { $0 != unit }
  }

  private func binaryChange(over binary: K3sObservation.Binary) -> Change {
    guard case .release(let installed, _, _) = binary else {
      return Change(.add, Self.kind, K3sPaths.binary, to: .text("\(version)"))
    }
    let altered = installed == version ? "the installed file is not the published one; " : ""
    return Change(
      .change,
      Self.kind,
      K3sPaths.binary,
      from: .text("\(installed)"),
      to: .text("\(version)"),
      note: altered + "restarts \(role.unit)"
    )
  }

  /// By an earlier pass, or by a kind before this one whose file k3s reads.
  private func isRestartOwed(in context: PlanContext) -> Bool {
    context.facts.pendingRestarts.contains(unit) || context.requests.contains(.restart(unit: unit))
  }

  /// `nil`: it runs, and nothing that it reads changes.
  private func startChange(_ observed: K3sObservation, isRestarting: Bool, in context: PlanContext) -> Change? {
    let service = observed.service
    let isRunning = service.active == "active" || service.active == "reloading"
    guard !isRunning || isRestarting else { return nil }
    var note: String
    if isRunning {
      note = "restart: what it reads changes"
      if role == .server { note += "; this server's API is down meanwhile" }
    } else {
      note = service.exists ? "start: it is \(state(of: observed))" : "start"
      if role == .server, observed.data.datastore == nil { note += comingUp(in: context) }
    }
    return Change(.act, Self.kind, role.unit, note: note)
  }

  private func comingUp(in context: PlanContext) -> String {
    switch context.cluster.start {
    case .joins?, .waits?: "; it joins the cluster"
    case .goesOn?, .refused?: ""
    case .founds?, nil: "; it founds the cluster"
    }
  }

  private func state(of observed: K3sObservation) -> String {
    let service = observed.service
    switch service.active {
    case "failed": return "failed (\(observed.result))"
    case "activating" where !service.isRestarting: return "starting (\(service.sub))"
    default: return service.summary
    }
  }

  /// Why it waits.
  func hold(_ observed: K3sObservation, in context: PlanContext, waiting: String?) -> Finding? {
    if case .withheld(let finding)? = context.node.resource(of: NodeIdentity.self)?.verdict(in: context) {
      return finding
    }
    if let waiting {
      return Finding(.held, .waitsForServer, Self.kind, waiting, next: "the same run goes on with it, or the next one")
    }
    if context.facts.isClockOff {
      return Finding(
        .held,
        .clockSkew,
        Self.kind,
        "k3s waits for the clock: certificates would not be valid yet, or no more",
        next: "check time synchronisation on the node (timedatectl), and the control node's own clock"
      )
    }
    if let firstBoot = context.facts.firstBoot {
      return Finding(
        .held,
        .firstBoot,
        Self.kind,
        "k3s waits for the end of the first boot: \(firstBoot)",
        next: "wait; the next pass goes on by itself"
      )
    }
    guard mustInstall(observed, in: context), case .waitsForServer(let message) = verdict(on: observed, in: context)
    else { return nil }
    return Finding(
      .held,
      .waitsForServer,
      Self.kind,
      message,
      next: "wait, or look at what the server's plan is refused for"
    )
  }

  private func notes(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    certificateNotes(observed, in: context) + dropInNotes(observed, in: context)
      + unregisteredServer(observed, in: context)
  }

  /// What k3s reads after config.yaml and fleetd does not write.
  private func dropInNotes(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    let declared = Set(context.node.resource(of: Files.self)?.files.map(\.path) ?? [])
    let others = observed.dropIns.filter { !declared.contains($0) }
    guard !others.isEmpty else { return [] }
    return [
      Finding(
        .note,
        .notice,
        Self.kind,
        "k3s also reads \(others.prefix(5).joined(separator: ", ")), which the inventory does not declare",
        next: "write its keys into k3s.config, or declare it under files"
      )
    ]
  }
}
