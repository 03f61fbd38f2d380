/// What a place in an object is: which lists are associative, and what is replaced as a whole.
///
/// Kubernetes' own kinds are known (`ObjectType`); of others, the fields that managers own tell: whose items have keys is
/// associative, and what is owned as a whole is atomic.
struct FieldShape: Sendable {
  /// `nil`: not known here.
  let type: FieldType?
  /// Fields below this place that any manager owns.
  private let owned: FieldSet
  private let isOwned: Bool

  enum ListKind: Sendable, Hashable {
    case atomic
    case set
    case associative(keys: [String])
  }

  init(of object: JSONText, owned: FieldSet) {
    self.init(type: ObjectType.root(of: object).map { .structure($0) }, owned: owned, isOwned: false)
  }

  private init(type: FieldType?, owned: FieldSet, isOwned: Bool) {
    self.type = type
    self.owned = owned
    self.isOwned = isOwned
  }

  func member(_ name: String) -> FieldShape { below(.field(name), type?.member(name)) }

  func item(_ element: FieldElement?) -> FieldShape {
    guard let element else { return FieldShape(type: type?.item, owned: FieldSet(), isOwned: false) }
    return below(element, type?.item)
  }

  private func below(_ element: FieldElement, _ type: FieldType?) -> FieldShape {
    FieldShape(
      type: type, owned: owned.children[element] ?? FieldSet(), isOwned: owned.members.contains(element))
  }

  /// What managers own says more than what is known here: it is this server's.
  var list: ListKind {
    for element in owned.members.union(owned.children.keys) {
      if element.isValue { return .set }
      if let keys = element.keys { return .associative(keys: keys.map(\.key)) }
    }
    return type?.list ?? .atomic
  }

  /// Whether an object at this place is replaced as a whole.
  func isAtomic(_ live: JSONText?) -> Bool {
    if let type { return type.isAtomic }
    return isOwned && owned.isEmpty && live?.members?.isEmpty == false
  }

  /// The step to an item of a list; `nil`: the list is atomic, or the item lacks every key.
  func element(of item: JSONText) -> FieldElement? {
    switch list {
    case .atomic: return nil
    case .set: return .value(item)
    case .associative(let names):
      let keys = names.compactMap { name in
        (item[name] ?? Self.keyDefaults[name]).map { JSONText.Member(name, $0) }
      }
      return keys.isEmpty ? nil : .item(keys)
    }
  }

  /// Of keys that a manifest may leave out.
  private static let keyDefaults: [String: JSONText] = ["protocol": .string("TCP")]
}
