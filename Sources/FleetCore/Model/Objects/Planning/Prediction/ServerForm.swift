/// A predicted object as a server would give it back: with its own spelling of values, without what says nothing, and with
/// the defaults that it fills in.
enum ServerForm {
  /// - Parameter live: what stood at the same place.
  static func settled(_ value: JSONText, live: JSONText?, _ shape: FieldShape) -> JSONText {
    guard let type = shape.type else { return custom(value, live, shape) }
    switch (type, value) {
    case (.anything, _): return value
    case (.quantity, _): return Quantity(value).map { .string($0.text) } ?? value
    case (.quantities, .object(let members)):
      return .object(
        members.map { .init($0.key, Quantity($0.value).map { .string($0.inThousandths.text) } ?? $0.value) })
    case (.bytes, .object(let members)): return .object(members.map { .init($0.key, encodedAgain($0.value)) })
    case (.structure(let type), .object), (.atomic(let type), .object): return structure(value, live, type, shape)
    case (_, .object(let members)): return members.reduce(value) { settled($0, $1.key, live, shape) }
    case (_, .array(let items)): return list(items, live?.items ?? [], shape)
    case (_, .number), (_, .integer): return value.canonical == live?.canonical ? live ?? value : value
    default: return value
    }
  }

  private static func structure(
    _ value: JSONText, _ live: JSONText?, _ type: ObjectType, _ shape: FieldShape
  ) -> JSONText {
    let here = type.completed(value)
    var result = (here.members ?? []).reduce(here) { settled($0, $1.key, live, shape) }
    // What this server would have filled in and did not, its version does not fill in.
    let usual = live.map { type.defaults(of: type.completed($0)) } ?? [:]
    for (key, preset) in type.defaults(of: result).sorted(by: { $0.key < $1.key }) where result[key] == nil {
      if let live, live[key] == nil, usual[key] != nil { continue }
      result = settled(result.setting([key], to: preset), key, live, shape)
    }
    return result
  }

  /// One member of an object; what says nothing goes, unless it stands in the live object in the same way.
  private static func settled(_ object: JSONText, _ key: String, _ live: JSONText?, _ shape: FieldShape) -> JSONText {
    guard let value = object[key] else { return object }
    let (here, old) = (shape.member(key), live?[key])
    let result = settled(value, live: old, here)
    guard here.type?.saysNothing(result) == true else { return object.setting([key], to: result) }
    let nothing: JSONText? = shape.type?.printsNull(key) == true ? .null : nil
    return object.setting([key], to: old.flatMap { here.type?.saysNothing($0) == true ? $0 : nil } ?? nothing)
  }

  private static func list(_ items: [JSONText], _ old: [JSONText], _ shape: FieldShape) -> JSONText {
    let byElement = ListItems(old, shape).byElement
    return .array(
      items.enumerated().map { index, item in
        let element = shape.element(of: item)
        let counterpart = element.map { byElement[$0] } ?? (old.indices.contains(index) ? old[index] : nil)
        return settled(item, live: counterpart, shape.item(element))
      })
  }

  /// Of other kinds the defaults are not known: an item of an atomic list that says nothing else than what stands at its
  /// place stays as it stands.
  private static func custom(_ value: JSONText, _ live: JSONText?, _ shape: FieldShape) -> JSONText {
    guard let live, value != live else { return value }
    switch (value, live) {
    case (.object(let members), .object):
      guard !shape.isAtomic(live) else { return value }
      return .object(members.map { .init($0.key, custom($0.value, live[$0.key], shape.member($0.key))) })
    case (.array(let items), .array(let old)):
      if shape.list == .atomic {
        return .array(
          items.enumerated().map { old.indices.contains($0) && $1.isPart(of: old[$0]) ? old[$0] : $1 })
      }
      let byElement = ListItems(old, shape).byElement
      return .array(
        items.map { item in
          guard let element = shape.element(of: item) else { return item }
          return custom(item, byElement[element], shape.item(element))
        })
    default: return value.canonical == live.canonical ? live : value
    }
  }

  /// Base64 may be broken into lines; a server gives it back in one.
  private static func encodedAgain(_ value: JSONText) -> JSONText {
    guard let text = value.string else { return value }
    return .string(text.filter { !$0.isNewline })
  }
}

extension JSONText {
  /// Whether everything that it says stands in `whole` too.
  fileprivate func isPart(of whole: JSONText) -> Bool {
    switch (self, whole) {
    case (.object(let members), .object):
      members.allSatisfy { member in whole[member.key].map { member.value.isPart(of: $0) } ?? false }
    case (.array(let items), .array(let others)):
      items.count == others.count && zip(items, others).allSatisfy { $0.isPart(of: $1) }
    default: canonical == whole.canonical
    }
  }
}
