/// What fleetd applied once and Git no longer has: what of it is deleted, and what stays, and why.
struct ObjectDeletions: Sendable {
  struct Deleted: Sendable {
    let object: ObjectIdentity
    let uid: String
  }

  /// Shown, held ones included.
  let changes: [ObjectChange]
  let deleted: [Deleted]
  /// No longer there: struck off the inventory by the next run that writes it.
  let gone: [ObjectIdentity]
  let findings: [Finding]

  init(
    of draft: ObjectsDraft, _ answer: ObjectsDryRun.Answer, settings: ManifestSettings, fleet: String, allowed: Int
  ) {
    var candidates: [Deleted] = []
    var gone: [ObjectIdentity] = []
    var findings: [Finding] = []
    for object in draft.candidates {
      if let why = answer.notCompared[object.key] {
        findings.append(Finding(notCompared: object, why))
        continue
      }
      guard let live = answer.live[object.key] else {
        if let problem = answer.unseen[object.key], !Self.saysThatTheKindIsGone(problem) {
          findings.append(Self.kept(object, "it cannot be looked at: \(ServerError.text(problem))"))
        } else {
          gone.append(object)
        }
        continue
      }
      if let why = Self.whyItStays(object, live, settings, fleet) {
        findings.append(Self.kept(object, why))
      } else if let uid = live.at("metadata", "uid")?.string {
        candidates.append(Deleted(object: object, uid: uid))
      }
    }
    // The last that was applied goes first: what others need goes last.
    candidates.reverse()
    // A grant that ends is no mistake of Git's: it is not counted, and waits for nothing.
    let revoked = candidates.filter { ClusterGrant.owns($0.object) }
    let others = candidates.filter { !ClusterGrant.owns($0.object) }
    let guardian = Self.guardian(of: others.count, draft, settings, allowed)
    changes =
      revoked.map { ObjectChange(.remove, $0.object, note: "no key that may only look needs it any more") }
      + others.map { ObjectChange(.remove, $0.object, note: "no longer in Git", held: guardian?.reason) }
    deleted = revoked + (guardian == nil ? others : [])
    self.gone = gone
    self.findings = findings + (guardian.map { [$0] } ?? [])
  }

  /// What keeps all deletions from being made.
  private static func guardian(
    of count: Int, _ draft: ObjectsDraft, _ settings: ManifestSettings, _ allowed: Int
  ) -> Finding? {
    guard count > 0 else { return nil }
    let objects = "\(count) object\(count == 1 ? "" : "s")"
    if !draft.isComplete {
      return Finding(
        .held, .pruneHeld, .objects, "\(objects) might be deleted, and not all of \(settings.path)/ could be read",
        next: "nothing is deleted until all of it renders")
    }
    if draft.declared == 0 {
      return Finding(
        .refused, .manifestsEmpty, .objects, "\(settings.path)/ holds no object, and \(objects) would be deleted",
        next: "an empty directory is a mistake more often than a wish: delete the last ones with kubectl")
    }
    guard count > max(settings.maximumDeletions, allowed) else { return nil }
    return Finding(
      .refused, .tooManyDeletions, .objects,
      "\(objects) would be deleted, and manifests.maxDeletions allows \(settings.maximumDeletions)",
      next: "read the list; if it is right: --allow-deletions \(count)")
  }

  private static func whyItStays(
    _ object: ObjectIdentity, _ live: JSONText, _ settings: ManifestSettings, _ fleet: String
  ) -> String? {
    let labels = KubernetesObject.texts(live.at("metadata", "labels"))
    if let why = BuiltInKinds.reservation(of: object) { return why }
    if let owner = ObjectOwner(of: live) { return "\(owner.rawValue) keeps it" }
    guard labels[ObjectMark.fleet] == fleet else {
      return labels[ObjectMark.fleet].map { "the fleet \($0) keeps it" }
        ?? "somebody else made it anew: it lacks \(ObjectMark.fleet)"
    }
    if live.at("metadata", "deletionTimestamp") != nil { return "it is being deleted, and its finalizers hold it" }
    guard settings.isPruning || ClusterGrant.owns(object) else { return "manifests.prune is false" }
    let annotations = KubernetesObject.texts(live.at("metadata", "annotations"))
    guard BuiltInKinds.isProtected(object), annotations[ObjectMark.prune] != "allowed" else { return nil }
    return "a \(object.kind) takes more along than itself, and lacks the annotation \(ObjectMark.prune): allowed"
  }

  private static func kept(_ object: ObjectIdentity, _ why: String) -> Finding {
    Finding(.note, .objectKept, .objects, "\(object) is no longer in Git and stays: \(why)")
  }

  /// With a CustomResourceDefinition go all objects of its kind.
  private static func saysThatTheKindIsGone(_ problem: String) -> Bool {
    problem.contains("no matches for kind") || problem.contains("doesn't have a resource type")
      || problem.contains("could not find the requested resource")
  }
}
