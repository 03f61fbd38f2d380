extension CheckAccess {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    isGranted ? granting(observed, in: context) : revoking(observed)
  }

  private func granting(_ observed: Observed, in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    if !observed.isSound {
      let change =
        observed.account == nil
        ? Change(.add, Self.kind, Self.accountName, note: "runs \(CheckPaths.program) as root, and nothing else")
        : Change(
          .change, Self.kind, Self.accountName, note: "its home, shell, password or key is not as fleetd makes it")
      plan.changeSets.append(
        ChangeSet([change], steps: [Step("make \(Self.accountName)", .run(.checkAccount, StepInput()))]))
    }
    for file in files(for: context.node) {
      guard let seen = observed.files[file.path] else {
        plan.findings.append(
          Finding(
            .blocked, .probeGarbled, Self.kind, "the node's answer says nothing of \(file.path)", next: "run again"))
        continue
      }
      let filePlan = file.plan(from: seen, in: context)
      plan.changeSets += filePlan.changeSets.map { file.path == CheckPaths.program ? Self.brief($0) : $0 }
      plan.findings += filePlan.findings
    }
    return plan
  }

  /// The program is the same on every node: its text is in fleetd, not in the plan.
  private static func brief(_ set: ChangeSet) -> ChangeSet {
    let changes = set.changes.map { change in
      change.name == CheckPaths.program
        ? Change(change.action, kind, change.name, note: "this version's program for keys that may only look") : change
    }
    return ChangeSet(changes, steps: set.steps, disturbance: set.disturbance, held: set.held)
  }

  private func revoking(_ observed: Observed) -> KindPlan {
    guard !observed.left.isEmpty else { return KindPlan() }
    let changes = ([Self.accountName] + CheckPaths.written).filter(observed.left.contains).map { name in
      Change(.remove, Self.kind, name, note: name == Self.accountName ? "no key may only look any more" : nil)
    }
    return KindPlan(changeSets: [
      ChangeSet(changes, steps: [Step("remove \(Self.accountName)", .run(.removeCheckAccount, StepInput()))])
    ])
  }
}
