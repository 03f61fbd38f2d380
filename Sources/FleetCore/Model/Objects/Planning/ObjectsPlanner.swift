/// What is wanted, and what a server told -> the plan of the objects. Pure.
package struct ObjectsPlanner: Sendable {
  private let settings: ManifestSettings
  private let fleet: String
  /// `--allow-deletions N`.
  private let allowedDeletions: Int
  /// The run is limited to some nodes: it changes no objects.
  private let isNarrow: Bool
  private let linter: ObjectLinter?

  /// - Parameter linter: for what kustomizations render to; `nil`: nothing is said of it.
  package init(
    settings: ManifestSettings, fleet: String, allowedDeletions: Int = 0, isNarrow: Bool = false,
    linter: ObjectLinter? = nil
  ) {
    self.settings = settings
    self.fleet = fleet
    self.allowedDeletions = allowedDeletions
    self.isNarrow = isNarrow
    self.linter = linter
  }

  /// - Parameter server: the one that answered.
  package func plan(_ draft: ObjectsDraft, _ answer: ObjectsDryRun.Answer, from server: String) -> ObjectsPlan {
    if let owner = draft.inventory?.fleet, owner != fleet { return foreign(owner, draft, server) }
    var verdicts = ObjectVerdicts()
    for object in draft.wanted { verdicts.add(verdict(on: object, draft, answer)) }
    verdicts.reconsiderWhatFollowsItsKind(answer.live)
    verdicts.blockWhatNeedsTheRefused()
    let deletions = ObjectDeletions(
      of: draft, answer, settings: settings, fleet: fleet, allowed: allowedDeletions)
    let lints = linter.map { Self.findings($0, draft) } ?? []
    let noted = lost(verdicts, draft)
    let changes = verdicts.changes + (noted.map { [$0.change] } ?? []) + deletions.changes
    let steps = ObjectSteps(
      fleet: fleet, applied: verdicts.applied, noted: noted?.objects ?? [], deleted: deletions.deleted,
      gone: deletions.gone, charts: verdicts.applied.filter { BuiltInKinds.isHelm($0.object.identity) }, answer: answer,
      inventory: draft.inventory)
    return ObjectsPlan(
      isSelected: !isNarrow,
      state: .observed(
        .init(
          server: server, wanted: draft.wanted.count, changes: changes,
          findings: draft.findings + verdicts.findings + deletions.findings + lints + predicted(answer, draft),
          steps: steps.steps)))
  }

  /// What a dry run would have told, and nobody did.
  private func predicted(_ answer: ObjectsDryRun.Answer, _ draft: ObjectsDraft) -> [Finding] {
    guard answer.isPredicted, !draft.wanted.isEmpty else { return [] }
    return [
      Finding(
        .note, .notice, .objects,
        "compared without a dry run, to which a key that may only look has no right: what a server would refuse, "
          + "or add by itself, is not known")
    ]
  }

  /// Another fleet keeps this cluster: nothing at all is done.
  private func foreign(_ owner: String, _ draft: ObjectsDraft, _ server: String) -> ObjectsPlan {
    let finding = Finding(
      .refused, .inventoryForeign, .objects,
      "the cluster's objects are kept by the fleet \(owner), and this one is \(fleet)",
      next: "is this the right cluster? A fleet that was renamed: kubectl -n kube-system label configmap "
        + "fleetd-inventory --overwrite \(ObjectMark.fleet)=\(fleet)")
    return ObjectsPlan(
      isSelected: !isNarrow,
      state: .observed(.init(server: server, wanted: draft.wanted.count, changes: [], findings: [finding], steps: [])))
  }

  private static func findings(_ linter: ObjectLinter, _ draft: ObjectsDraft) -> [Finding] {
    linter.findings(in: draft.wanted).filter { $0.level == .error && $0.lint != .missingNamespace }.map { found in
      Finding(.note, .manifestLint, .objects, "\(found.problem) (\(found.lint.rawValue))", next: found.hint)
    }
  }

  private func verdict(
    on object: KubernetesObject, _ draft: ObjectsDraft, _ answer: ObjectsDryRun.Answer
  ) -> ObjectVerdict {
    let key = object.identity.key
    if let why = draft.early[key] { return .apply(.init(.add, object.identity, note: why), object, uid: nil) }
    if let why = answer.notCompared[key] { return .unknown(Finding(notCompared: object.identity, why)) }
    let live = answer.live[key]
    if let conflict = answer.conflicts[key] { return .refuse(Self.refusal(of: object, conflict), object) }
    if let problem = answer.refused[key] {
      return .refuse(refusal(of: object, problem, draft.secrets), object)
    }
    guard let result = answer.tried[key] else {
      return .refuse(refusal(of: object, "the server gave no answer about it", draft.secrets), object)
    }
    guard let live else {
      if let problem = answer.unseen[key] { return .refuse(refusal(of: object, problem, draft.secrets), object) }
      return .apply(.init(.add, object.identity), object, uid: nil)
    }
    let fields = ObjectDiff.fields(
      from: live, to: result, isSecret: BuiltInKinds.isSecret(object.identity), isConfidential: object.isConfidential)
    guard !fields.isEmpty else { return .inSync(object, chart(object, answer)) }
    let owner = KubernetesObject.texts(live.at("metadata", "labels"))[ObjectMark.fleet]
    return .apply(
      .init(.change, object.identity, fields: fields, note: owner == fleet ? nil : "fleetd keeps it from now on"),
      object, uid: live.at("metadata", "uid")?.string)
  }

  private func refusal(of object: KubernetesObject, _ problem: String, _ secrets: SecretTexts) -> Finding {
    let holdsSecrets = BuiltInKinds.isSecret(object.identity) || object.isConfidential
    let message = secrets.removed(from: ServerError.text(problem), isSecret: holdsSecrets)
    guard let conflict = ServerError.conflict(problem) else {
      return Finding(
        .refused, .objectRejected, .objects, "\(object.identity): \(message)",
        next: "mend it in \(object.place); the other objects are applied")
    }
    return Self.refusal(of: object, conflict)
  }

  private static func refusal(of object: KubernetesObject, _ conflict: ServerError.Conflict) -> Finding {
    Finding(
      .blocked, .objectConflict, .objects,
      "\(object.identity): \(conflict.managers.joined(separator: " and ")) "
        + "set\(conflict.managers.count == 1 ? "s" : "") \(conflict.fields.joined(separator: ", ")) too",
      next: "let one of the two have it; to take it over: the annotation \(ObjectMark.forceConflicts): \"true\" in "
        + object.place)
  }

  /// What became of the chart's last installation.
  private func chart(_ object: KubernetesObject, _ answer: ObjectsDryRun.Answer) -> Finding? {
    guard BuiltInKinds.isHelm(object.identity), let job = answer.live[object.identity.installJob.key] else {
      return nil
    }
    let failed = (job.at("status", "conditions")?.items ?? []).first {
      $0["type"]?.string == "Failed" && $0["status"]?.string == "True"
    }
    guard let failed else { return nil }
    let (why, name) = (failed["message"]?.string ?? "no reason is given", object.identity.installJob.name)
    return Finding(
      .blocked, .helmChartFailed, .objects, "\(object.identity): its job \(name) failed: \(why)",
      next: "k3s kubectl -n \(object.identity.namespace ?? "default") logs job/\(name)")
  }

  /// Objects that are as they shall be and that the inventory does not name, because somebody deleted it.
  private func lost(
    _ verdicts: ObjectVerdicts, _ draft: ObjectsDraft
  ) -> (change: ObjectChange, objects: [ObjectIdentity])? {
    let objects = verdicts.inSync.map(\.identity).filter { draft.inventory?.contains($0) != true }
    guard !objects.isEmpty else { return nil }
    let inventory = ObjectIdentity(
      apiVersion: "v1", kind: "ConfigMap", namespace: ObjectInventory.namespace, name: ObjectInventory.name)
    let note = "notes \(objects.count) object\(objects.count == 1 ? "" : "s") that it lacks"
    return (ObjectChange(.act, inventory, note: note), objects)
  }
}

extension Finding {
  /// An object that a key that may only look was told nothing of.
  init(notCompared object: ObjectIdentity, _ why: ObjectsLook.NotCompared) {
    self.init(.note, .notCompared, .objects, "\(object): not compared; \(why.why)", next: why.next)
  }
}
