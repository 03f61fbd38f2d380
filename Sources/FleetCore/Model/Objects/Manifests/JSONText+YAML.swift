import YAMLSource

extension JSONText {
  /// A manifest's value as kubectl reads it.
  ///
  /// kubectl's reader knows YAML 1.1, where fleetd's own documents are YAML 1.2: a bare `0644` is octal there, and a bare
  /// `yes`, `on` or `n` is a boolean. A manifest means to fleetd what it means to kubectl.
  ///
  /// - Throws: the node that JSON cannot hold: infinity, or not a number.
  init(manifest node: YAMLNode) throws(Unrepresentable) {
    switch node.value {
    case .scalar(let scalar):
      guard let value = Self.scalar(scalar) else { throw Unrepresentable(node: node) }
      self = value
    case .sequence(let items):
      var values: [JSONText] = []
      for item in items { values.append(try JSONText(manifest: item)) }
      self = .array(values)
    case .mapping(let mapping):
      var members: [Member] = []
      for entry in mapping.entries { members.append(Member(entry.key, try JSONText(manifest: entry.value))) }
      self = .object(members)
    }
  }

  struct Unrepresentable: Error {
    let node: YAMLNode
  }

  private static func scalar(_ scalar: YAMLScalar) -> JSONText? {
    switch scalar.resolved {
    case .null: return .null
    case .bool(let flag): return .boolean(flag)
    case .int(let number): return .integer(octal(scalar.text) ?? number)
    case .float(let number): return number.isFinite ? .number(number) : nil
    case .string:
      guard scalar.style == .plain else { return .string(scalar.text) }
      if truths.contains(scalar.text) { return .boolean(true) }
      return falsehoods.contains(scalar.text) ? .boolean(false) : .string(scalar.text)
    }
  }

  private static func octal(_ text: String) -> Int64? {
    let sign: Substring = text.hasPrefix("-") ? "-" : ""
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard digits.hasPrefix("0"), digits.count > 1, !digits.hasPrefix("0x"), !digits.hasPrefix("0o") else { return nil }
    return Int64(sign + digits, radix: 8)
  }

  private static let truths: Set<String> = ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"]
  private static let falsehoods: Set<String> = ["n", "N", "no", "No", "NO", "off", "Off", "OFF"]
}

extension YAMLNode {
  /// The text of what kubectl, too, reads as a string: a bare `yes` is none.
  var manifestText: String? {
    guard let scalar, let text = string, let value = try? JSONText(manifest: self) else { return nil }
    return value == .string(text) && scalar.text == text ? text : nil
  }
}
