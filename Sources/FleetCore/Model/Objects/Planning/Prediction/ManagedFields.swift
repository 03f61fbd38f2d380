/// Who set which field of a live object: its `metadata.managedFields`.
struct ManagedFields: Sendable {
  struct Manager: Sendable {
    let name: String
    /// Whether it applies whole configurations; otherwise it wrote fields one by one.
    let applies: Bool
    /// `status`, `scale`: where it wrote; empty: the object itself.
    let subresource: String
    let fields: FieldSet
  }

  let managers: [Manager]
  /// The server does not say: it kept no account of this object yet.
  let isUnknown: Bool

  /// What is malformed is owned by nobody.
  init(of object: JSONText) {
    let entries = object.at("metadata", "managedFields")?.items ?? []
    isUnknown = entries.isEmpty
    managers = entries.compactMap(Self.manager)
  }

  private static func manager(_ entry: JSONText) -> Manager? {
    guard let fields = entry["fieldsV1"].map(fields), !fields.isEmpty else { return nil }
    return Manager(
      name: entry["manager"]?.string ?? "", applies: entry["operation"]?.string == "Apply",
      subresource: entry["subresource"]?.string ?? "", fields: fields)
  }

  /// `{"f:spec":{"f:replicas":{}}}`; `.` says that what holds it is a field itself, and so does an empty mapping.
  private static func fields(_ value: JSONText) -> FieldSet {
    var set = FieldSet()
    for member in value.members ?? [] {
      guard let element = FieldElement(parsing: member.key), let below = member.value.members else { continue }
      if below.isEmpty || below.contains(where: { $0.key == "." }) { set.insert(element) }
      set.insert(fields(member.value), below: element)
    }
    return set
  }

  /// What the manager applied last; `nil`: it never did.
  func applied(by name: String) -> FieldSet? {
    let own = managers.filter { $0.isApplier(name) }
    return own.isEmpty ? nil : own.reduce(FieldSet()) { $0.union($1.fields) }
  }

  func others(than name: String) -> [Manager] { managers.filter { !$0.isApplier(name) } }

  /// Of all managers together who apply.
  var applied: FieldSet { managers.filter(\.applies).reduce(FieldSet()) { $0.union($1.fields) } }

  /// Of all managers together.
  var all: FieldSet { managers.reduce(FieldSet()) { $0.union($1.fields) } }
}

extension ManagedFields.Manager {
  fileprivate func isApplier(_ name: String) -> Bool { applies && subresource.isEmpty && self.name == name }
}
