/// One thing that receivers are told. A value: what is sent is made of it alone.
package struct Notification: Sendable, Hashable {
  package let fleet: String
  package let event: NotificationEvent
  /// What it is about: of `recovered`, the event that is over. Receivers that pair both go by it.
  package let alert: NotificationEvent
  package let subject: NotificationSubject
  /// A stable `Reason`, where there is one.
  package let reason: String?
  package let message: String
  package let next: String?
  /// When it began, and when this is told; seconds since 1970 UTC.
  package let since: Int
  package let at: Int
  /// Titles of those that this one stands for; empty: it is no digest.
  package var digest: [String] = []
  /// How many more it stands for than `digest` names.
  package var more = 0
  /// How many before it could not be delivered and were given up.
  package var dropped = 0

  package init(
    fleet: String, event: NotificationEvent, alert: NotificationEvent? = nil, subject: NotificationSubject,
    reason: String? = nil, message: String, next: String? = nil, since: Int, at: Int
  ) {
    self.fleet = fleet
    self.event = event
    self.alert = alert ?? event
    self.subject = subject
    self.reason = reason
    self.message = message
    self.next = next
    self.since = since
    self.at = at
  }

  package var isResolved: Bool { event == .recovered }
  package var isDigest: Bool { !digest.isEmpty }

  package var severity: NotificationSeverity { event.severity }

  /// `pi3: away`: one line.
  package var title: String {
    if isDigest { return "fleet \(fleet): \(Counted.phrase(digest.count + more, "notification")) more" }
    let words = isResolved ? "recovered (\(alert.words))" : event.words
    return subject.node.map { "\($0): \(words)" } ?? "fleet \(fleet): \(words)"
  }
}

/// What a notification is about, as far as one problem tells itself from another.
package enum NotificationSubject: Sendable, Hashable {
  /// How a node looks.
  case node(String)
  /// What became of changing it.
  case work(String)
  case rebuild(String)
  case commit
  case source
  case pass
  case store
  case rollout

  package var node: String? {
    switch self {
    case .node(let name), .work(let name), .rebuild(let name): name
    case .commit, .source, .pass, .store, .rollout: nil
    }
  }
}

/// What happened, or is wrong.
package struct NotificationProblem: Sendable, Hashable {
  package let event: NotificationEvent
  package let reason: String?
  package let message: String
  package let next: String?

  package init(_ event: NotificationEvent, reason: String? = nil, _ message: String, next: String? = nil) {
    self.event = event
    self.reason = reason
    self.message = Self.bounded(message)
    self.next = next.map(Self.bounded)
  }

  /// What a node says may be long, and comes from a stranger.
  private static func bounded(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(12)
    let safe = lines.map { TerminalText.escape(String($0)) }.joined(separator: "\n")
    return safe.count > 1500 ? safe.prefix(1500) + "…" : safe
  }
}

extension NotificationEvent {
  /// For a title.
  package var words: String { rawValue.replacing("-", with: " ") }
}

/// What the daemon tells whoever decides about notifications.
package enum NotificationFact: Sendable, Hashable {
  /// Something is wrong, and stays so until it is told to be sound.
  case broken(NotificationSubject, NotificationProblem)
  case sound(NotificationSubject)
  /// It happens once.
  case happened(NotificationSubject, NotificationProblem)
}
