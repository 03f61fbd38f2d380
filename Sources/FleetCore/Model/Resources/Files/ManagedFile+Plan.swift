extension ManagedFile {
  func plan(from observed: ObservedFile, in context: PlanContext) -> KindPlan {
    if case .other(let what) = observed { return KindPlan(findings: [notRegular(what)]) }
    if isAbsent { return removal(of: observed, in: context) }
    guard let digest = content.digest(with: context.vault) else { return KindPlan(findings: [missingSecret]) }
    let changes = self.changes(from: observed, digest: digest)
    guard !changes.isEmpty else { return KindPlan() }
    let steps = [Step("write \(path)", .run(.writeFile, writeInput(over: observed, digest: digest)))]
    return KindPlan(
      changeSets: [ChangeSet(changes, steps: guarded(steps))],
      requests: restartRequests
    )
  }

  private func changes(from observed: ObservedFile, digest: String) -> [Change] {
    guard case .regular(let attributes, let text) = observed else {
      return [Change(.add, kind, path, to: shownContent, diff: diff(from: "", isNew: true), note: addNote)]
    }
    var changes: [Change] = []
    if attributes.digest != digest {
      if content.secrets.isEmpty {
        let lines = text.map { diff(from: $0, isNew: false) } ?? []
        let note =
          text == nil ? "\(attributes.size) bytes on the node, not shown" : lines.isEmpty ? "only its layout" : nil
        changes.append(Change(.change, kind, path, diff: lines, note: joined(note, restartNote)))
      } else {
        changes.append(Change(.change, kind, path, from: .secret, to: .secret, note: restartNote))
      }
    }
    if attributes.mode != mode {
      changes.append(
        Change(.change, kind, "\(path) mode", from: .text(attributes.mode), to: .text(mode), note: restartNote)
      )
    }
    let (before, after) = ("\(attributes.owner):\(attributes.group)", "\(owner):\(group)")
    if before != after {
      changes.append(
        Change(.change, kind, "\(path) owner", from: .text(before), to: .text(after), note: restartNote)
      )
    }
    return changes
  }

  private func removal(of observed: ObservedFile, in context: PlanContext) -> KindPlan {
    guard case .regular(let attributes, let text) = observed else { return KindPlan() }
    // Nobody said whether it is a secret; what others cannot read on the node, a plan does not show either.
    let isPublic = attributes.mode.last.map { "4567".contains($0) } ?? false
    let lines = isPublic ? text.map { LineDiff.unified(from: $0, to: "") } ?? [] : []
    let steps = [Step("remove \(path)", .run(.removeFile, StepInput([[path, attributes.digest], notify])))]
    return KindPlan(
      changeSets: [ChangeSet([Change(.remove, kind, path, diff: lines, note: restartNote)], steps: guarded(steps))],
      requests: restartRequests
    )
  }

  /// What the script reads: see `StepScript.writeFile`.
  private func writeInput(over observed: ObservedFile, digest: String) -> StepInput {
    let before = if case .regular(let attributes, _) = observed { attributes.digest } else { "absent" }
    let shown = content.secrets.isEmpty ? "shown" : "secret"
    return StepInput([[path, mode, owner, group, before, digest, shown], validate, notify], payload: content)
  }

  /// A change that can lock fleetd out is undone by the node itself unless a new login works.
  private func guarded(_ steps: [Step]) -> [Step] {
    guard guardsAccess else { return steps }
    return AccessGuard.around(steps, files: [path], units: notify)
  }

  /// The guard restarts what it tries by itself.
  private var restartRequests: [Request] { guardsAccess ? [] : notify.map { .restart(unit: $0) } }

  private var shownContent: Shown { content.secrets.isEmpty ? .none : .secret }

  private func diff(from text: String, isNew: Bool) -> [String] {
    guard let wanted = content.text, !(isNew && wanted.isEmpty) else { return [] }
    return LineDiff.unified(from: text, to: wanted)
  }

  private var addNote: String? {
    let attributes = mode == "0644" && owner == "root" && group == "root" ? nil : "mode \(mode), \(owner):\(group)"
    return joined(attributes, restartNote)
  }

  private var restartNote: String? {
    notify.isEmpty ? nil : "restarts " + notify.map(UnitName.brief).joined(separator: ", ")
  }

  private func joined(_ notes: String?...) -> String? {
    let present = notes.compactMap { $0 }
    return present.isEmpty ? nil : present.joined(separator: "; ")
  }

  private func notRegular(_ what: String) -> Finding {
    Finding(
      .refused,
      .fileNotRegular,
      kind,
      "\(path) is \(what) on the node; fleetd replaces regular files only",
      next: "remove it by hand, or manage the path that it stands for"
    )
  }

  private var missingSecret: Finding {
    let names = content.secrets.map(\.name).joined(separator: ", ")
    return Finding(
      .refused,
      .secretMissing,
      kind,
      "\(path) needs the secret \(names), which this control node does not have",
      next: "define it under spec.secrets of the control node's configuration"
    )
  }
}
