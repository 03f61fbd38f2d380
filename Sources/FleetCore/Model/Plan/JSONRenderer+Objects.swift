/// The Kubernetes objects in a plan.
struct ObjectsDocument: Encodable {
  let isSelected: Bool
  let isInSync: Bool
  let needsAttention: Bool
  /// How many objects cluster/ comes to; present when a server was asked.
  let wanted: Int?
  /// Who answered.
  let server: String?
  /// Present when no server could be asked.
  let failure: FailureDocument?
  let changes: [ObjectChangeDocument]
  let findings: [FindingDocument]

  init(_ plan: ObjectsPlan) {
    isSelected = plan.isSelected
    isInSync = plan.isInSync
    needsAttention = plan.needsAttention
    wanted = plan.observed?.wanted
    server = plan.observed.flatMap { $0.server.isEmpty ? nil : $0.server }
    failure = plan.failure.map { FailureDocument($0) }
    changes = plan.changes.map(ObjectChangeDocument.init)
    findings = plan.findings.map(FindingDocument.init)
  }
}

struct ObjectChangeDocument: Encodable {
  let action: String
  let apiVersion: String
  let kind: String
  let namespace: String?
  let name: String
  let fields: [Field]
  let note: String?
  /// The reason, where the change is shown and not made.
  let held: String?

  struct Field: Encodable {
    let path: String
    let before: ShownDocument?
    let after: ShownDocument?
    let diff: [String]
  }

  init(_ change: ObjectChange) {
    action = change.action.word
    apiVersion = change.object.apiVersion
    kind = change.object.kind
    namespace = change.object.namespace
    name = change.object.name
    fields = change.fields.map { field in
      Field(
        path: field.path, before: ShownDocument(field.before), after: ShownDocument(field.after), diff: field.lines)
    }
    note = change.note
    held = change.held?.rawValue
  }
}
