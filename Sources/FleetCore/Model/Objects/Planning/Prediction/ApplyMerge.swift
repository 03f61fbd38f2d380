/// A manifest laid over a live object, as a server-side apply begins.
struct ApplyMerge: Sendable {
  let order: ListOrder

  func merged(_ live: JSONText?, _ manifest: JSONText?, _ shape: FieldShape) -> JSONText? {
    guard let manifest else { return live }
    guard let live else { return manifest }
    switch (live, manifest) {
    case (.object(let old), .object(let new)):
      guard !shape.isAtomic(live), !(old.isEmpty && new.isEmpty) else { return manifest }
      return members(old, new, shape)
    case (.array(let old), .array(let new)):
      guard shape.list != .atomic, !(old.isEmpty && new.isEmpty) else { return manifest }
      return items(old, new, shape)
    // Nothing is laid over something that is kept part by part.
    case (.object(let old), .null) where !old.isEmpty && !shape.isAtomic(live): return live
    case (.array(let old), .null) where !old.isEmpty && shape.list != .atomic: return live
    default: return manifest
    }
  }

  private func members(_ old: [JSONText.Member], _ new: [JSONText.Member], _ shape: FieldShape) -> JSONText {
    let (oldValues, newValues) = (old.byKey, new.byKey)
    return .object(
      Set(oldValues.keys).union(newValues.keys).sorted().compactMap { key in
        merged(oldValues[key], newValues[key], shape.member(key)).map { JSONText.Member(key, $0) }
      })
  }

  private func items(_ old: [JSONText], _ new: [JSONText], _ shape: FieldShape) -> JSONText {
    let (live, manifest) = (ListItems(old, shape), ListItems(new, shape))
    let items = order.merged(live: live.order, manifest: manifest.order).compactMap { element in
      merged(live.byElement[element], manifest.byElement[element], shape.item(element))
    }
    return .array(items + manifest.others)
  }
}

/// The items of an associative list or a set by what names them.
struct ListItems: Sendable {
  private(set) var order: [FieldElement] = []
  /// Of several items with one name the first: a server accepts no such list.
  private(set) var byElement: [FieldElement: JSONText] = [:]
  /// Items without a name.
  private(set) var others: [JSONText] = []

  init(_ items: [JSONText], _ shape: FieldShape) {
    let list = shape.list
    for item in items {
      if let element = list.element(of: item) {
        guard byElement[element] == nil else { continue }
        order.append(element)
        byElement[element] = item
      } else {
        others.append(item)
      }
    }
  }
}
