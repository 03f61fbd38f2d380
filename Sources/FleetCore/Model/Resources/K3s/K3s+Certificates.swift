extension K3s {
  /// What must be done, or said, about certificates that end; `nil`: nothing.
  func renewal(_ observed: K3sObservation, in context: PlanContext) -> K3sRenewal? {
    K3sRenewal(
      of: observed.certificates, now: context.facts.clock - context.facts.clockSkew, nodeClock: context.facts.clock,
      runningFor: observed.isRunning ? observed.runningFor : nil)
  }

  /// Whether a restart is owed to them.
  func mustRenew(_ observed: K3sObservation, in context: PlanContext) -> Bool {
    observed.isRunning && renewal(observed, in: context)?.isStuck == false
  }

  func certificateNotes(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    guard let renewal = renewal(observed, in: context), renewal.isWarning else { return [] }
    let next =
      if renewal.isStuck {
        "k3s was started in the meantime and did not renew it: stop k3s, k3s certificate rotate, start it; or remove "
          + "the file if nothing uses it"
      } else if observed.isRunning {
        "k3s renews them when it starts: let the planned restart happen"
      } else {
        "k3s renews them when it starts"
      }
    return [
      Finding(
        .note, .k3sCertificatesExpire, Self.kind, "\(renewal.words) (\(renewal.certificate.path))", next: next)
    ]
  }

  /// The restart of a k3s of which nothing else changes.
  func renewalSet(_ observed: K3sObservation, in context: PlanContext) -> ChangeSet? {
    guard mustRenew(observed, in: context), let renewal = renewal(observed, in: context) else { return nil }
    let name = observed.unit.hasSuffix(".service") ? String(observed.unit.dropLast(".service".count)) : observed.unit
    return ChangeSet(
      [Change(.act, Self.kind, name, note: "restart: \(renewal.words)")],
      steps: [oweStep(of: observed.unit), startStep(of: observed.unit, retiring: [])],
      disturbance: .restartsK3s,
      held: hold(observed, in: context, waiting: nil))
  }
}
