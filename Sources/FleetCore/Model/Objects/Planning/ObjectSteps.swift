/// The steps that make the plan true, in order: noted first, then what others need, then the rest, then what must go.
struct ObjectSteps: Sendable {
  let steps: [Step]

  /// Lines of a patch are words of a command: the kernel takes none longer than 128 KiB.
  private static let patchBytes = 64 << 10

  init(
    fleet: String, applied: [ObjectVerdicts.Applied], noted: [ObjectIdentity], deleted: [ObjectDeletions.Deleted],
    gone: [ObjectIdentity], charts: [ObjectVerdicts.Applied], answer: ObjectsDryRun.Answer,
    inventory: ObjectInventory? = nil
  ) {
    var steps: [Step] = []
    let added = applied.map(\.object.identity).filter { inventory?.contains($0) != true } + noted
    // What is gone is struck off when something else is written.
    if !added.isEmpty || !deleted.isEmpty && !gone.isEmpty { steps += Self.note(added, striking: gone, fleet) }
    let first = applied.filter { ObjectOrder.isAwaitedFirst($0.object.identity) }
    if !first.isEmpty { steps += [Self.apply(first, fleet), Self.await(first)] }
    let rest = applied.filter { !ObjectOrder.isAwaitedFirst($0.object.identity) }
    if !rest.isEmpty { steps.append(Self.apply(rest, fleet)) }
    if !charts.isEmpty { steps.append(Self.await(charts, answer)) }
    if !deleted.isEmpty { steps.append(Self.delete(deleted)) }
    self.steps = steps
  }

  private static func counted(_ objects: [ObjectIdentity]) -> String {
    objects.count == 1 ? objects[0].description : "\(objects.count) objects"
  }

  private static func step(
    _ title: String, _ script: StepScript, _ input: StepInput, deadline: Duration
  ) -> Step {
    Step(title, .onServer(script, input, sparing: nil), deadline: deadline)
  }

  private static func note(_ added: [ObjectIdentity], striking gone: [ObjectIdentity], _ fleet: String) -> [Step] {
    var patches: [String] = []
    var (batch, room): ([ObjectIdentity], Int) = ([], patchBytes)
    for object in added {
      if object.description.utf8.count + 48 > room {
        patches.append(ObjectInventory.patch(adding: batch, striking: []).compact)
        (batch, room) = ([], patchBytes)
      }
      batch.append(object)
      room -= object.description.utf8.count + 48
    }
    patches.append(ObjectInventory.patch(adding: batch, striking: []).compact)
    for start in stride(from: 0, to: gone.count, by: 1000) {
      patches.append(ObjectInventory.patch(adding: [], striking: Array(gone[start...].prefix(1000))).compact)
    }
    let payload = ([ObjectInventory.empty(of: fleet).compact] + patches).map { $0 + "\n" }.joined()
    let title = "note \(counted(added)) in \(ObjectInventory.namespace)/\(ObjectInventory.name)"
    return [
      step(
        added.isEmpty ? "strike \(counted(gone)) off \(ObjectInventory.namespace)/\(ObjectInventory.name)" : title,
        .noteObjects, StepInput([[fleet]], payload: Content(payload)), deadline: .seconds(180))
    ]
  }

  private static func apply(_ applied: [ObjectVerdicts.Applied], _ fleet: String) -> Step {
    let objects = applied.map { (item: $0, text: $0.object.applied(by: fleet, replacing: $0.uid).compact) }
    let batches = ObjectBatch.batches(of: objects.map { ($0.text.utf8.count, $0.item.object.isForced) })
    let names = applied.map { item -> [String] in
      let holdsSecrets = BuiltInKinds.isSecret(item.object.identity) || item.object.isConfidential
      return [item.object.identity.description, holdsSecrets ? "hidden" : "shown"]
    }
    let lines = [["\(batches.count)", "\(objects.count)"]] + batches.map(\.fields) + names
    return step(
      "apply \(counted(applied.map(\.object.identity)))", .applyObjects,
      StepInput(lines, payload: Content(objects.map { $0.text + "\n" }.joined())),
      deadline: .seconds(180 + 5 * Int64(objects.count)))
  }

  private static func `await`(_ applied: [ObjectVerdicts.Applied]) -> Step {
    let lines = applied.map(\.object.identity).map { identity in
      [BuiltInKinds.isNamespace(identity) ? "namespace" : "definition", identity.name]
    }
    return step(
      "await \(counted(applied.map(\.object.identity)))", .awaitObjects, StepInput([["90"]] + lines),
      deadline: .seconds(150))
  }

  private static func `await`(_ charts: [ObjectVerdicts.Applied], _ answer: ObjectsDryRun.Answer) -> Step {
    let jobs = charts.map(\.object.identity.installJob)
    var lines: [[String]] = []
    for (chart, job) in zip(charts, jobs) {
      let identity = chart.object.identity
      let line = [
        identity.namespace ?? "default", identity.name, answer.live[job.key]?.at("metadata", "uid")?.string ?? "-",
      ]
      // A chart and its configuration share one job.
      if !lines.contains(line) { lines.append(line) }
    }
    return step(
      "await \(counted(charts.map(\.object.identity)))", .awaitCharts, StepInput([["600"]] + lines),
      deadline: .seconds(720))
  }

  private static func delete(_ deleted: [ObjectDeletions.Deleted]) -> Step {
    let lines = deleted.map { item in
      let object = item.object
      return [
        object.apiVersion, object.kind, object.namespace ?? "-", object.name, item.uid, ObjectInventory.key(of: object),
      ]
    }
    return step(
      "delete \(counted(deleted.map(\.object)))", .deleteObjects, StepInput([["120"]] + lines),
      deadline: .seconds(180 + 5 * Int64(deleted.count)))
  }
}
