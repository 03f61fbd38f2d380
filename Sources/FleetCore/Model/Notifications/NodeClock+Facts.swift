extension NodeClock.Transition {
  /// What of it somebody may want to be told. A node that is lost is told by how it looks.
  package func fact(of node: String) -> NotificationFact? {
    func minutes(_ seconds: Int) -> String { DurationText.render(.seconds(seconds)) }
    func happened(
      _ event: NotificationEvent, _ message: String, next: String? = "fleetd report reprovision"
    )
      -> NotificationFact
    { .happened(.rebuild(node), NotificationProblem(event, message, next: next)) }
    switch self {
    case .begun(.ordered): return happened(.rebuildBegun, "a rebuild was ordered")
    case .begun(.blank): return happened(.rebuildBegun, "it is blank: a rebuild begins")
    case .atRisk(let remaining, let estimate):
      return happened(
        .rebuildAtRisk, "\(minutes(remaining)) of the target are left, and \(minutes(estimate)) more are expected")
    case .breached(let target): return happened(.rebuildBreached, "the rebuild takes longer than \(minutes(target))")
    case .converged(let seconds): return happened(.rebuildFinished, "rebuilt in \(minutes(seconds))")
    case .abandoned: return happened(.rebuildAbandoned, "the rebuild is called off")
    case .untrusted:
      return .broken(
        .node(node),
        NotificationProblem(
          .nodeAttention, reason: Reason.hostKeyChanged.rawValue,
          "a machine answers there whose host key is not trusted",
          next: "fleetd trust \(node)"))
    case .lost, .found, .ended, .restarted: return nil
    }
  }
}
