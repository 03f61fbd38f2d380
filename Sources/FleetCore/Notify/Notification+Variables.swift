package import FleetModel

extension Notification {
  /// What a template can name; docs/notifications.md lists them.
  package static let variableNames = [
    "title", "fleet", "event", "alert", "severity", "node", "reason", "message", "next", "runbook", "since", "at",
    "endsAt",
    "resolved", "digest", "more", "dropped", "critical", "warning", "info",
  ]

  /// An open alert that nobody renews ends so many seconds after it was told: receivers that forget by themselves get a time.
  private static let openFor = 7 * 24 * 3600

  var variables: [String: Any] {
    var variables: [String: Any] = [
      "title": title, "fleet": fleet, "event": isDigest ? "digest" : event.rawValue, "alert": alert.rawValue,
      "severity": severity.rawValue, "message": message, "since": UTCTime(since).iso8601, "at": UTCTime(at).iso8601,
      "endsAt": UTCTime(isResolved ? at : at + Self.openFor).iso8601, "resolved": isResolved,
      "\(severity.rawValue)": true,
    ]
    variables["node"] = subject.node
    variables["reason"] = reason
    variables["next"] = next
    variables["runbook"] = reason.map { "runbooks/\($0).md" }
    if isDigest { variables["digest"] = digest }
    if more > 0 { variables["more"] = more }
    if dropped > 0 { variables["dropped"] = dropped }
    return variables
  }

  /// One of each shape, with what must be escaped in it: what templates are tried on, and what `fleetd notify --test` sends
  /// the first of.
  package static func samples(of fleet: String, at now: Int = 1_800_000_000) -> [Notification] {
    let words = "a test: \"quotes\", a backslash \\ and\na second line"
    let problem = Notification(
      fleet: fleet, event: .nodeAttention, subject: .node("test"), reason: "notice", message: words,
      next: "nothing: fleetd notify --test sent this", since: now, at: now)
    let resolved = Notification(
      fleet: fleet, event: .recovered, alert: .sourceFailed, subject: .source, message: words, since: now - 600, at: now
    )
    var digest = Notification(fleet: fleet, event: .nodeAway, subject: .rollout, message: words, since: now, at: now)
    digest.digest = [problem.title, resolved.title]
    digest.more = 3
    digest.dropped = 2
    return [problem, resolved, digest]
  }
}
