/// What must be done on a node so that fleetd's account can log in with its key and use sudo. Pure.
package struct Enrolment: Sendable {
  package let changes: [Change]
  package let steps: [Step]
  /// What keeps it from working and is somebody's to decide; with it nothing is done.
  package let obstacles: [Finding]

  package var isDone: Bool { changes.isEmpty && obstacles.isEmpty }

  static let kind = ResourceKind("account")

  /// - Parameters:
  ///   - user: the account that fleetd shall use (`spec.ssh.user`).
  ///   - key: its public key as one line of authorized_keys: type, base64, comment.
  package init(of user: String, key: String, from observed: EnrolmentObservation) {
    let wishes = EnrolmentWishes(user: user, key: key, observed: observed)
    obstacles = wishes.obstacles
    let parts = obstacles.isEmpty ? [wishes.account, wishes.authorizedKey, wishes.sudoers].compactMap { $0 } : []
    changes = parts.map(\.change)
    // What an earlier run noted is not this run's to take back.
    steps = parts.isEmpty ? [] : [Step("begin", .run(.enrolKeep, StepInput()))] + parts.flatMap(\.steps)
  }

  /// Takes back what the steps made, and nothing else; harmless where they made nothing.
  package static func undo(_ user: String, key: String) -> Step {
    Step("take back what was made", .run(.enrolUndo, StepInput([[user], [key]])))
  }

  /// The account was tried and works: nothing will be taken back.
  package static let keep = Step("keep what was made", .run(.enrolKeep, StepInput()))
}

/// Wish by wish.
struct EnrolmentWishes: Sendable {
  typealias Part = (change: Change, steps: [Step])

  let user: String
  let key: String
  let observed: EnrolmentObservation

  var account: Part? {
    guard observed.account == nil else { return nil }
    let change = Change(
      .add, Enrolment.kind, user, note: "home /home/\(user), shell /bin/bash, no password")
    return (change, [Step("add the account \(user)", .run(.enrolAccount, StepInput([[user]])))])
  }

  var authorizedKey: Part? {
    guard !hasKey else { return nil }
    let path = observed.keysPath
    let change = Change(.add, ResourceKind("key"), path, to: .text(shownKey), note: nil)
    let isOwn = observed.account.map { path.hasPrefix($0.home + "/") } ?? path.hasPrefix("/home/\(user)/")
    let input = StepInput([[user, path, isOwn ? "own" : "root"], [key]])
    return (change, [Step("add the key to \(path)", .run(.enrolKey, input))])
  }

  var sudoers: Part? {
    guard user != "root", observed.sudoers != Array(line.utf8) else { return nil }
    let content = Content(line)
    let after = content.digest(with: SecretVault()) ?? ""
    let before = observed.sudoers.map { Content(String(decoding: $0, as: UTF8.self)).digest(with: SecretVault()) ?? "" }
    let path = EnrolmentProbe.sudoersPath
    let write = StepInput(
      [[path, "0440", "root", "root", before ?? "absent", after, "shown"], ["visudo", "-c", "-q", "-f", "%s"], []],
      payload: content)
    return (
      Change(observed.sudoers == nil ? .add : .change, Files.kind, path, to: .text(line.trimmingWhitespace())),
      [
        Step("note what \(path) was", .run(.enrolRecordSudoers, StepInput())),
        Step("write \(path)", .run(.writeFile, write)),
      ]
    )
  }

  private var line: String { "\(user) ALL=(ALL) NOPASSWD: ALL\n" }

  /// Type and body decide; the comment is anybody's.
  private var hasKey: Bool {
    let wanted = key.split(separator: " ").prefix(2)
    return String(decoding: observed.keys ?? [], as: UTF8.self).split(separator: "\n").contains { line in
      line.split(whereSeparator: \.isWhitespace).prefix(2).elementsEqual(wanted)
    }
  }

  private var shownKey: String { key.split(separator: " ").prefix(2).joined(separator: " ") }
}
