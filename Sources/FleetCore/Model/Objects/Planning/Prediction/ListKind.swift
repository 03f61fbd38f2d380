/// How a list is merged: as a whole, as a set of its values, or item by item, each by what names it.
enum ListKind: Sendable, Hashable {
  case atomic
  case set
  case associative(keys: [String])

  /// - Parameter element: a step to an item of the list, as a manager owns it.
  init?(_ element: FieldElement) {
    if element.isValue {
      self = .set
    } else if let keys = element.keys {
      self = .associative(keys: keys.map(\.key))
    } else {
      return nil
    }
  }

  /// The step to an item; `nil`: the list is atomic, or the item lacks every key.
  func element(of item: JSONText) -> FieldElement? {
    switch self {
    case .atomic: return nil
    case .set: return .value(item)
    case .associative(let names):
      let keys = names.compactMap { name in
        (item[name] ?? Self.defaults[name]).map { JSONText.Member(name, $0) }
      }
      return keys.isEmpty ? nil : .item(keys)
    }
  }

  /// Of keys that a manifest may leave out.
  private static let defaults: [String: JSONText] = ["protocol": .string("TCP")]
}
