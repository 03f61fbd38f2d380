/// The control node's own side -> what is wrong with it. Pure.
package enum ControlNodeDiagnosis {
  package static func lines(of observation: ControlNodeObservation) -> [DiagnosisLine] {
    [
      line("configuration", observation.configuration) { $0 }, line("inventory", observation.inventory) { $0 },
      checkout(observation.revision), identities(observation.identities), knownHosts(observation.knownHosts),
    ] + secrets(observation.secrets)
  }

  private static func checkout(_ revision: Revision?) -> DiagnosisLine {
    switch revision {
    case nil: DiagnosisLine("checkout", .notReached)
    case .commit(let id, isModified: false): DiagnosisLine("checkout", .ok, "commit \(id.prefix(7)), nothing modified")
    case .commit(let id, isModified: true):
      DiagnosisLine(
        "checkout", .warning, "commit \(id.prefix(7)), and files that are not in it", next: "git status; git commit")
    case .unknown(let problem):
      DiagnosisLine(
        "checkout", .warning, "no commit: \(problem)",
        next: "git init and git commit, so that every run says what it applied; apt-get install git where there is none"
      )
    }
  }

  /// ssh(1) refuses a key that others can read, with reason.
  private static func identities(
    _ identities: Result<[ControlNodeObservation.Identity], ControlNodeObservation.Trouble>?
  ) -> DiagnosisLine {
    if case .success(let found)? = identities, let open = found.first(where: { ($0.mode ?? 0) & 0o077 != 0 }) {
      let mode = String(open.mode ?? 0, radix: 8)
      return DiagnosisLine(
        "user keys", .failed, "others may read \(open.name) (mode 0\(mode))", next: "chmod 0600 \(open.name)",
        reason: .identityUnusable)
    }
    return line("user keys", identities, reason: .identityUnusable) { $0.map(\.name).joined(separator: ", ") }
  }

  private static func knownHosts(
    _ knownHosts: Result<ControlNodeObservation.KnownHosts, ControlNodeObservation.Trouble>?
  ) -> DiagnosisLine {
    guard case .success(let file)? = knownHosts else { return line("known hosts", knownHosts) { $0.path } }
    if file.unpinned.isEmpty { return DiagnosisLine("known hosts", .ok, "every node's key is pinned in the inventory") }
    if file.exists { return DiagnosisLine("known hosts", .ok, file.path) }
    let needing = file.unpinned.joined(separator: ", ") + (file.unpinned.count == 1 ? " needs" : " need")
    return DiagnosisLine(
      "known hosts", .warning, "there is no \(file.path), and \(needing) it",
      next: "fleetd trust \(file.unpinned[0])", reason: .hostKeyUnknown)
  }

  private static func secrets(_ secrets: [String: ControlNodeObservation.Trouble?]?) -> [DiagnosisLine] {
    guard let secrets else { return [DiagnosisLine("secrets", .notReached)] }
    let broken = secrets.sorted { $0.key < $1.key }.compactMap { _, trouble in
      trouble.map { DiagnosisLine("secret", .failed, $0.message, next: $0.next, reason: .secretMissing) }
    }
    let sound = secrets.filter { $0.value == nil }.keys.sorted()
    let evidence = secrets.isEmpty ? "the inventory names none" : "readable: \(sound.joined(separator: ", "))"
    return (sound.isEmpty && !broken.isEmpty ? [] : [DiagnosisLine("secrets", .ok, evidence)]) + broken
  }

  private static func line<Value>(
    _ subject: String, _ result: Result<Value, ControlNodeObservation.Trouble>?, reason: Reason? = nil,
    _ evidence: (Value) -> String
  ) -> DiagnosisLine {
    switch result {
    case nil: DiagnosisLine(subject, .notReached)
    case .success(let value): DiagnosisLine(subject, .ok, evidence(value))
    case .failure(let trouble): DiagnosisLine(subject, .failed, trouble.message, next: trouble.next, reason: reason)
    }
  }
}
