extension FieldSet {
  /// The fields of a value, as a manager would own them who applied it.
  init(of value: JSONText, _ shape: FieldShape) {
    switch value {
    case .object(let members):
      for member in members { add(member.value, .field(member.key), shape.member(member.key)) }
    case .array(let items):
      let list = shape.list
      for item in items {
        guard let element = list.element(of: item) else { continue }
        add(item, element, shape.item(element))
        insert(element)
      }
    case .string, .integer, .number, .boolean, .null: break
    }
  }

  private mutating func add(_ value: JSONText, _ element: FieldElement, _ shape: FieldShape) {
    if shape.isChosen || Self.isLeaf(value, shape) { insert(element) }
    if !Self.isLeaf(value, shape) { insert(FieldSet(of: value, shape), below: element) }
  }

  /// Whether the value is one field, and not several.
  static func isLeaf(_ value: JSONText, _ shape: FieldShape) -> Bool {
    switch value {
    case .object(let members): members.isEmpty || shape.isAtomic(value)
    case .array: shape.list == .atomic
    case .string, .integer, .number, .boolean, .null: true
    }
  }

  /// What is new or another in `after`.
  init(changedFrom before: JSONText, to after: JSONText, _ shape: FieldShape) {
    switch (before, after) {
    case (.object(let old), .object(let new)):
      let values = old.byKey
      for member in new { change(values[member.key], member.value, .field(member.key), shape.member(member.key)) }
    case (.array(let old), .array(let new)):
      let (values, list) = (ListItems(old, shape).byElement, shape.list)
      for item in new {
        guard let element = list.element(of: item) else { continue }
        change(values[element], item, element, shape.item(element))
      }
    default: break
    }
  }

  private mutating func change(_ before: JSONText?, _ after: JSONText, _ element: FieldElement, _ shape: FieldShape) {
    guard let before else {
      insert(element)
      insert(FieldSet(addedBy: after, shape), below: element)
      return
    }
    guard before.canonical != after.canonical else { return }
    switch (before, after) {
    case (.object, .object) where !shape.isAtomic(before):
      insert(FieldSet(changedFrom: before, to: after, shape), below: element)
    case (.array, .array) where shape.list != .atomic:
      insert(FieldSet(changedFrom: before, to: after, shape), below: element)
    default: insert(element)
    }
  }

  /// All that a new value holds.
  private init(addedBy value: JSONText, _ shape: FieldShape) {
    switch value {
    case .object(let members) where !Self.isLeaf(value, shape):
      for member in members { change(nil, member.value, .field(member.key), shape.member(member.key)) }
    case .array(let items) where !Self.isLeaf(value, shape):
      let list = shape.list
      for item in items {
        if let element = list.element(of: item) { change(nil, item, element, shape.item(element)) }
      }
    default: break
    }
  }
}

extension JSONText {
  /// Without these fields; what is emptied by that is null.
  func removing(_ fields: FieldSet, _ shape: FieldShape) -> JSONText {
    guard !fields.isEmpty else { return self }
    switch self {
    case .object(let members) where !members.isEmpty && !shape.isAtomic(self):
      let kept = members.compactMap { member -> Member? in
        let element = FieldElement.field(member.key)
        guard !fields.members.contains(element) else { return nil }
        guard let below = fields.children[element] else { return member }
        return Member(member.key, member.value.removing(below, shape.member(member.key)))
      }
      return kept.isEmpty ? .null : .object(kept)
    case .array(let items) where !items.isEmpty && shape.list != .atomic:
      let list = shape.list
      let kept = items.compactMap { item -> JSONText? in
        guard let element = list.element(of: item) else { return item }
        guard !fields.members.contains(element) else { return nil }
        guard let below = fields.children[element] else { return item }
        return item.removing(below, shape.item(element))
      }
      return kept.isEmpty ? .null : .array(kept)
    default: return self
    }
  }
}
