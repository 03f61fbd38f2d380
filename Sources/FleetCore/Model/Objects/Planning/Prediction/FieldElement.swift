/// One step on the way to a field, spelled as managed fields spell it: `f:spec`, `k:{"name":"web"}`, `v:"a"`, `i:0`.
struct FieldElement: Sendable, Hashable {
  /// With the keys of `k:` in order and one spelling for a number, so that two of the same step are equal.
  let text: String

  static func field(_ name: String) -> FieldElement { FieldElement(text: "f:" + name) }

  /// An item of a set.
  static func value(_ value: JSONText) -> FieldElement { FieldElement(text: "v:" + value.canonical.compact) }

  static func place(_ index: Int) -> FieldElement { FieldElement(text: "i:\(index)") }

  /// An item of an associative list.
  static func item(_ keys: [JSONText.Member]) -> FieldElement {
    FieldElement(text: "k:" + JSONText.object(keys).canonical.compact)
  }

  private init(text: String) { self.text = text }

  /// `nil`: no spelling of a step.
  init?(parsing text: String) {
    let rest = text.dropFirst(2)
    switch text.prefix(2) {
    case "f:": self.init(text: text)
    case "i:" where Int(rest) != nil: self.init(text: text)
    case "v:":
      guard let value = try? JSONText(parsing: Array(rest.utf8)) else { return nil }
      self = .value(value)
    case "k:":
      guard let keys = (try? JSONText(parsing: Array(rest.utf8)))?.members, !keys.isEmpty else { return nil }
      self = .item(keys)
    default: return nil
    }
  }

  /// Of an item of an associative list: what names it.
  var keys: [JSONText.Member]? {
    guard text.hasPrefix("k:") else { return nil }
    return (try? JSONText(parsing: Array(text.dropFirst(2).utf8)))?.members
  }

  var isValue: Bool { text.hasPrefix("v:") }

  /// The name of a member of an object.
  var name: String? { text.hasPrefix("f:") ? String(text.dropFirst(2)) : nil }

  /// As kubectl prints it: `.spec`, `[name="web"]`, `[="a"]`, `[0]`.
  var shown: String {
    let rest = String(text.dropFirst(2))
    if let keys { return "[" + keys.map { "\($0.key)=\($0.value.compact)" }.joined(separator: ",") + "]" }
    if isValue { return "[=\(rest)]" }
    return name.map { "." + $0 } ?? "[\(rest)]"
  }
}

extension JSONText {
  /// The same value with its keys in order, as Kubernetes writes it, and one spelling for a number.
  var canonical: JSONText {
    switch self {
    case .object(let members):
      return .object(members.byKey.sorted { $0.key < $1.key }.map { Member($0.key, $0.value.canonical) })
    case .array(let items): return .array(items.map(\.canonical))
    case .number(let number): return Int64(exactly: number).map { .integer($0) } ?? self
    case .string, .integer, .boolean, .null: return self
    }
  }
}

extension [JSONText.Member] {
  /// Of several with one key the last, as Kubernetes' reader has it.
  var byKey: [String: JSONText] { Dictionary(map { ($0.key, $0.value) }) { _, last in last } }
}
