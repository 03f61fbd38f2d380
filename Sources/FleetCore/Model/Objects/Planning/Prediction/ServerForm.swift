/// A predicted object as a server would give it back: with its own spelling of values, without what says nothing, and with
/// the defaults that it fills in.
enum ServerForm {
  /// - Parameter live: what stood at the same place.
  static func settled(_ value: JSONText, live: JSONText?, _ shape: FieldShape) -> JSONText {
    guard let type = shape.type else { return CustomForm.settled(value, live, shape) }
    switch (type, value) {
    case (.anything, _): return value
    case (.quantity, _): return Quantity(value).map { .string($0.text) } ?? value
    case (.quantities, .object(let members)):
      return .object(
        members.map { .init($0.key, Quantity($0.value).map { .string($0.inThousandths.text) } ?? $0.value) })
    case (.bytes, .object(let members)): return .object(members.map { .init($0.key, encodedAgain($0.value)) })
    case (.structure(let type), .object), (.atomic(let type), .object): return structure(value, live, type, shape)
    case (_, .object(let members)): return .object(settled(members, live?.members?.byKey ?? [:], shape))
    case (_, .array(let items)): return list(items, live?.items ?? [], shape)
    case (_, .number), (_, .integer): return value.canonical == live?.canonical ? live ?? value : value
    default: return value
    }
  }

  private static func structure(
    _ value: JSONText, _ live: JSONText?, _ type: ObjectType, _ shape: FieldShape
  ) -> JSONText {
    let old = live?.members?.byKey ?? [:]
    let members = settled(type.completed(value).members ?? [], old, shape)
    let present = members.byKey
    // What this server would have filled in and did not, its version does not fill in.
    let usual = live.map { type.defaults(of: type.completed($0)) } ?? [:]
    let missing = type.defaults(of: .object(members)).filter { key, _ in
      present[key] == nil && (old[key] != nil || usual[key] == nil)
    }
    let presets = missing.map { JSONText.Member($0.key, $0.value) }
    return .object(members + settled(presets, old, shape))
  }

  /// What says nothing goes, unless it stands in the live object in the same way.
  private static func settled(
    _ members: [JSONText.Member], _ live: [String: JSONText], _ shape: FieldShape
  ) -> [JSONText.Member] {
    members.compactMap { member in
      let (here, old) = (shape.member(member.key), live[member.key])
      let result = settled(member.value, live: old, here)
      guard let type = here.type, type.saysNothing(result) else { return .init(member.key, result) }
      let nothing: JSONText? = shape.type?.printsNull(member.key) == true ? .null : nil
      return (old.flatMap { type.saysNothing($0) ? $0 : nil } ?? nothing).map { .init(member.key, $0) }
    }
  }

  private static func list(_ items: [JSONText], _ old: [JSONText], _ shape: FieldShape) -> JSONText {
    let (byElement, list) = (ListItems(old, shape).byElement, shape.list)
    return .array(
      items.enumerated().map { index, item in
        let element = list.element(of: item)
        let counterpart = element.map { byElement[$0] } ?? (old.indices.contains(index) ? old[index] : nil)
        return settled(item, live: counterpart, shape.item(element))
      })
  }

  /// Base64 may be broken into lines; a server gives it back in one.
  private static func encodedAgain(_ value: JSONText) -> JSONText {
    guard let text = value.string else { return value }
    return .string(text.filter { !$0.isNewline })
  }
}
