/// Who is told when: one notification for one problem, however often it comes and goes. Pure; seconds since 1970 UTC go in.
///
/// A problem opens when it is still there, or there again, so long after it was first seen; it is over only when it has not
/// been seen for a while. What flaps in between is one problem.
package struct NotificationPolicy: Sendable {
  /// Seconds.
  package struct Times: Sendable {
    /// A reboot, a pull that failed once: what ends by itself within it is told nobody.
    package var patience = 120
    /// What has stayed sound for so long is over.
    package var stability = 300
    /// The same thing, happening again, is told again after it.
    package var repetition = 6 * 3600

    package init() {}
  }

  private struct Watch: Sendable {
    let since: Int
    var problem: NotificationProblem
    /// `nil`: it is broken now.
    var soundSince: Int?
    /// What was told, first to last: each event once.
    var told: [NotificationProblem] = []
  }

  private struct Happening: Sendable, Hashable {
    let subject: NotificationSubject
    let problem: NotificationProblem
  }

  /// "": not known yet.
  package var fleet = ""
  private let times: Times
  private var watches: [NotificationSubject: Watch] = [:]
  private var happenings: [Happening: Int] = [:]

  /// A fleet has hundreds of nodes, not thousands of problems.
  private static let mostWatches = 4096
  private static let mostHappenings = 1024

  package init(_ times: Times = Times()) { self.times = times }

  /// What is to be told at once because of it.
  package mutating func take(_ fact: NotificationFact, at now: Int) -> [Notification] {
    switch fact {
    case .broken(let subject, let problem):
      if watches[subject] == nil, watches.count >= Self.mostWatches { return [] }
      var watch = watches[subject] ?? Watch(since: now, problem: problem)
      watch.problem = problem
      watch.soundSince = nil
      watches[subject] = watch
    case .sound(let subject):
      guard watches[subject] != nil else { return [] }
      if watches[subject]?.soundSince == nil { watches[subject]?.soundSince = now }
    case .happened(let subject, let problem):
      return happened(Happening(subject: subject, problem: problem), at: now)
    }
    return due(at: now)
  }

  private mutating func happened(_ happening: Happening, at now: Int) -> [Notification] {
    // A clock that was set back must not silence anything.
    happenings = happenings.filter { now >= $0.value && now - $0.value < times.repetition }
    guard happenings[happening] == nil else { return [] }
    if happenings.count < Self.mostHappenings { happenings[happening] = now }
    return [notification(of: happening.subject, happening.problem, since: now, at: now)]
  }

  /// What has become due by the time that has passed.
  package mutating func due(at now: Int) -> [Notification] {
    var notifications: [Notification] = []
    for subject in watches.keys.sorted(by: Self.order) {
      guard var watch = watches[subject] else { continue }
      if let sound = watch.soundSince {
        guard abs(now - sound) >= times.stability else { continue }
        watches[subject] = nil
        if let first = watch.told.first {
          notifications.append(
            Notification(
              fleet: fleet, event: .recovered, alert: first.event, subject: subject, reason: watch.told.last?.reason,
              message: "it was: \(watch.told.last?.message ?? first.message)", since: watch.since, at: now))
        }
      } else if abs(now - watch.since) >= patience(with: watch.problem),
        !watch.told.contains(where: { $0.event == watch.problem.event })
      {
        watch.told.append(watch.problem)
        watches[subject] = watch
        notifications.append(notification(of: subject, watch.problem, since: watch.since, at: now))
      }
    }
    return notifications
  }

  /// When something may become due by itself; `nil`: nothing will.
  package func next() -> Int? {
    watches.values.compactMap { watch in
      if let sound = watch.soundSince { return sound + times.stability }
      let isTold = watch.told.contains { $0.event == watch.problem.event }
      return isTold ? nil : watch.since + patience(with: watch.problem)
    }.min()
  }

  /// Nodes that the fleet does not have any more are no problem any more, and nobody waits to hear that.
  package mutating func keep(nodes: Set<String>) {
    watches = watches.filter { subject, _ in subject.node.map(nodes.contains) ?? true }
  }

  private func patience(with problem: NotificationProblem) -> Int {
    switch problem.event {
    case .nodeAway, .passFailed, .sourceFailed, .storeFailed: times.patience
    default: 0
    }
  }

  private func notification(
    of subject: NotificationSubject, _ problem: NotificationProblem, since: Int, at now: Int
  ) -> Notification {
    Notification(
      fleet: fleet, event: problem.event, subject: subject, reason: problem.reason, message: problem.message,
      next: problem.next, since: since, at: now)
  }

  private static func order(_ one: NotificationSubject, _ other: NotificationSubject) -> Bool {
    "\(one)" < "\(other)"
  }
}
