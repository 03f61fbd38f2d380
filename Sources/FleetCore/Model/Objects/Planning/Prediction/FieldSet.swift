/// Fields of an object, as a tree of the steps to them.
struct FieldSet: Sendable, Equatable {
  /// Steps that are fields of the set themselves.
  var members: Set<FieldElement> = []
  /// Steps below which there are fields of the set.
  var children: [FieldElement: FieldSet] = [:]

  var isEmpty: Bool { members.isEmpty && children.isEmpty }

  mutating func insert(_ element: FieldElement) { members.insert(element) }

  mutating func insert(_ fields: FieldSet, below element: FieldElement) {
    if !fields.isEmpty { children[element, default: FieldSet()].formUnion(fields) }
  }

  mutating func formUnion(_ other: FieldSet) {
    members.formUnion(other.members)
    for (element, fields) in other.children { insert(fields, below: element) }
  }

  func union(_ other: FieldSet) -> FieldSet {
    var union = self
    union.formUnion(other)
    return union
  }

  /// A field stays although a field above it goes: each step counts for itself.
  func subtracting(_ other: FieldSet) -> FieldSet {
    var rest = FieldSet(members: members.subtracting(other.members))
    for (element, fields) in children {
      rest.insert(other.children[element].map { fields.subtracting($0) } ?? fields, below: element)
    }
    return rest
  }

  func intersection(_ other: FieldSet) -> FieldSet {
    var shared = FieldSet(members: members.intersection(other.members))
    for (element, fields) in children {
      if let others = other.children[element] { shared.insert(fields.intersection(others), below: element) }
    }
    return shared
  }

  /// With every object that holds a field of the set as a field itself. Who owns all that is in an object owns the object;
  /// an item of a list, and what has a name that somebody chose, is owned only by who says so.
  func withHolders(_ shape: FieldShape) -> FieldSet {
    var all = FieldSet(members: members)
    for (element, fields) in children {
      let below = element.name.map { shape.member($0) } ?? shape.item(element)
      if element.name != nil, !below.isChosen { all.insert(element) }
      all.children[element] = fields.withHolders(below)
    }
    return all
  }

  /// `.spec.template.spec.containers[name="web"].image`, in order.
  var shown: [String] {
    var paths: [String] = []
    for element in members.union(children.keys).sorted(by: { $0.text < $1.text }) {
      if members.contains(element) { paths.append(element.shown) }
      paths += (children[element]?.shown ?? []).map { element.shown + $0 }
    }
    return paths
  }
}
