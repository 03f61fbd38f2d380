/// What a place in an object is: which lists are associative, and what is replaced as a whole.
///
/// Kubernetes' own kinds are known (`ObjectType`); of others, the fields that managers own tell: whose items have keys is
/// associative, and what is owned as a whole is atomic.
struct FieldShape: Sendable {
  /// `nil`: not known here.
  let type: FieldType?
  /// Whether somebody chose its name, as that of a label: it is a field of its own, whatever is in it.
  let isChosen: Bool
  /// Fields below this place that any manager owns, and those of managers who apply.
  private let owned: FieldSet
  private let applied: FieldSet
  private let isOwned: Bool

  init(of object: JSONText, _ managed: ManagedFields) {
    self.init(
      type: ObjectType.root(of: object).map { .structure($0) }, isChosen: false, owned: managed.all,
      applied: managed.applied, isOwned: false)
  }

  private init(type: FieldType?, isChosen: Bool, owned: FieldSet, applied: FieldSet, isOwned: Bool) {
    self.type = type
    self.isChosen = isChosen
    self.owned = owned
    self.applied = applied
    self.isOwned = isOwned
  }

  func member(_ name: String) -> FieldShape { below(.field(name), type?.member(name)) }

  func item(_ element: FieldElement?) -> FieldShape {
    element.map { below($0, type?.item) }
      ?? FieldShape(type: type?.item, isChosen: false, owned: FieldSet(), applied: FieldSet(), isOwned: false)
  }

  private func below(_ element: FieldElement, _ type: FieldType?) -> FieldShape {
    let applied = applied.children[element] ?? FieldSet()
    // Who applies an object owns what is in it, and the object itself only where its name was chosen.
    let isChosen = self.type?.isNamed ?? (!applied.isEmpty && self.applied.members.contains(element))
    return FieldShape(
      type: type, isChosen: isChosen, owned: owned.children[element] ?? FieldSet(), applied: applied,
      isOwned: owned.members.contains(element))
  }

  /// What managers own says more than what is known here: it is this server's.
  var list: ListKind {
    owned.children.keys.lazy.compactMap(ListKind.init).first ?? owned.members.lazy.compactMap(ListKind.init).first
      ?? type?.list ?? .atomic
  }

  /// Whether an object at this place is replaced as a whole.
  func isAtomic(_ live: JSONText?) -> Bool {
    if let type {
      // An older server keeps part by part what later ones replace as a whole: then somebody owns a part.
      guard type.isAtomic else { return false }
      return !owned.children.keys.contains { $0.name != nil } && !owned.members.contains { $0.name != nil }
    }
    return isOwned && owned.isEmpty && live?.members?.isEmpty == false
  }
}
