/// The same of a kind that is not Kubernetes' own, whose defaults are not known: an item of an atomic list that says nothing
/// else than what stands at its place stays as it stands.
enum CustomForm {
  static func settled(_ value: JSONText, _ live: JSONText?, _ shape: FieldShape) -> JSONText {
    guard let live, value != live else { return value }
    switch (value, live) {
    case (.object(let members), .object(let old)):
      guard !shape.isAtomic(live) else { return value }
      let byKey = old.byKey
      return .object(members.map { .init($0.key, settled($0.value, byKey[$0.key], shape.member($0.key))) })
    case (.array(let items), .array(let old)):
      let list = shape.list
      guard list != .atomic else {
        return .array(items.enumerated().map { old.indices.contains($0) && $1.isPart(of: old[$0]) ? old[$0] : $1 })
      }
      let byElement = ListItems(old, shape).byElement
      return .array(
        items.map { item in
          guard let element = list.element(of: item) else { return item }
          return settled(item, byElement[element], shape.item(element))
        })
    default: return value.canonical == live.canonical ? live : value
    }
  }
}

extension JSONText {
  /// Whether everything that it says stands in `whole` too.
  fileprivate func isPart(of whole: JSONText) -> Bool {
    switch (self, whole) {
    case (.object(let members), .object(let others)):
      let byKey = others.byKey
      return members.allSatisfy { member in byKey[member.key].map { member.value.isPart(of: $0) } ?? false }
    case (.array(let items), .array(let others)):
      return items.count == others.count && zip(items, others).allSatisfy { $0.isPart(of: $1) }
    default: return canonical == whole.canonical
    }
  }
}
