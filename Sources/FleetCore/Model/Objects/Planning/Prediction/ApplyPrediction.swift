/// What a server-side apply would make of an object, told from the object alone: for who may look at a server, and may not
/// even try to change it.
package enum ApplyPrediction {
  package enum Outcome: Sendable, Equatable {
    /// The object as it would be, but for what the server keeps count of.
    case object(JSONText)
    /// Fields that the manifest would change, and who else set them; as kubectl prints them.
    case conflict(managers: [String], fields: [String])
  }

  /// How servers of a version apply.
  package struct Rules: Sendable {
    let order: ListOrder
    /// Whether an object goes with the last of its fields that somebody applied.
    let takesHolders: Bool

    package static let current = Rules(order: .applied, takesHolders: true)
    /// Kubernetes 1.20.
    package static let first = Rules(order: .live, takesHolders: false)
  }

  /// - Parameters:
  ///   - manifest: as it would be sent.
  ///   - live: as the server has it, with `metadata.managedFields`.
  ///   - isForced: what other managers say is overruled.
  package static func outcome(
    of manifest: JSONText, on live: JSONText, isForced: Bool, rules: Rules = .current
  ) -> Outcome {
    let wanted = cleaned(manifest, live)
    let managed = ManagedFields(of: live)
    let shape = FieldShape(of: live, managed)
    let object = ["managedFields", "creationTimestamp"].reduce(live) { $0.setting(["metadata", $1], to: nil) }
    let merged = ApplyMerge(order: rules.order).merged(object, wanted, shape) ?? wanted
    let others = managed.isUnknown ? [] : managed.others(than: manager)
    var result = merged
    if let last = managed.applied(by: manager) {
      let owned = others.reduce(FieldSet(of: wanted, shape)) { $0.union($1.fields) }
      result = ApplyPruning(last: last, owned: owned, takesHolders: rules.takesHolders).pruned(merged, shape)
    }
    if !isForced, let conflict = conflict(from: object, to: result, shape, others, isUnknown: managed.isUnknown) {
      return conflict
    }
    let settled = ServerForm.settled(result, live: object, shape)
    return .object(DaemonSetGeneration.counted(settled, live: live).canonical)
  }

  private static let manager = "fleetd"

  /// Without what a server sets itself, whatever a manifest says.
  private static func cleaned(_ manifest: JSONText, _ live: JSONText) -> JSONText {
    let kept = [
      ["status"], ["metadata", "managedFields"], ["metadata", "creationTimestamp"], ["metadata", "resourceVersion"],
      ["metadata", "uid"], ["metadata", "generation"], ["metadata", "selfLink"],
    ].reduce(manifest) { $0.setting($1, to: nil) }
    // Of two versions of one API the fields are compared as if they were one.
    return kept.setting(["apiVersion"], to: live["apiVersion"] ?? kept["apiVersion"])
  }

  private static func conflict(
    from live: JSONText, to result: JSONText, _ shape: FieldShape, _ others: [ManagedFields.Manager], isUnknown: Bool
  ) -> Outcome? {
    let changed = FieldSet(changedFrom: live, to: result, shape)
    // Of an object without any account everything has an owner of this name.
    let owners =
      isUnknown ? [("before-first-apply", FieldSet(of: live, shape))] : others.map { ($0.name, $0.fields) }
    var (managers, fields): ([String], [String]) = ([], [])
    for (name, owned) in owners.sorted(by: { $0.0 < $1.0 }) {
      let contested = owned.intersection(changed).shown
      if contested.isEmpty { continue }
      if !managers.contains(name) { managers.append(name) }
      fields += contested.filter { !fields.contains($0) }
    }
    return managers.isEmpty ? nil : .conflict(managers: managers, fields: Array(fields.prefix(12)))
  }
}
