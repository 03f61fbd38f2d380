extension NodeObject {
  /// A cordon of fleetd's that is still there: the run that made it did not end, or its node did not come back in time.
  ///
  /// Where the node is to be disturbed again now, the roll-out finds it cordoned and undoes that at its end. Somebody
  /// else's cordon has no mark of fleetd's and stays.
  func leftCordon(of node: KubernetesNode, in context: PlanContext) -> KindPlan {
    guard node.cordonOwner == owner, !context.changeSets.contains(where: { $0.isDisturbing }) else { return KindPlan() }
    guard node.isReady || !node.isUnschedulable else {
      return KindPlan(findings: [
        Finding(
          .note, .notice, Self.kind,
          "fleetd cordoned it in an earlier run and it is not Ready: it stays cordoned until it is",
          next: "look at k3s there; to let pods onto it all the same: kubectl uncordon \(name)")
      ])
    }
    let note =
      node.isUnschedulable
      ? "fleetd cordoned it in an earlier run, and it is Ready"
      : "only fleetd's mark is left: somebody has made it schedulable"
    let step = Step("uncordon \(name)", .onServer(.uncordon, StepInput([[name, owner]]), sparing: nil))
    return KindPlan(changeSets: [ChangeSet([Change(.act, Self.kind, "uncordon", note: note)], steps: [step])])
  }
}

extension ChangeSet {
  /// Whether this pass disturbs the node for it.
  fileprivate var isDisturbing: Bool { disturbance != .none && held == nil && !steps.isEmpty }
}
