import Foundation

/// The published schemas, and as much of JSON Schema (draft 2020-12) as they use. A keyword that this does not know is
/// a violation: nothing is passed over in silence.
package struct SchemaFile {
  package let name: String
  package let root: JSONValue

  package init(_ name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let file = tests.appendingPathComponent("../../docs/\(name)").standardizedFileURL
    self.name = name
    root = try JSONValue(parsing: try String(contentsOf: file, encoding: .utf8))
  }

  /// What is wrong with a document; empty when it is valid.
  package func violations(in document: JSONValue) throws -> [String] {
    try check(document, against: root, at: "$")
  }

  private func check(_ value: JSONValue, against schema: JSONValue, at path: String) throws -> [String] {
    guard let keywords = schema.object else { return ["\(path): the schema is no object"] }
    var problems: [String] = []
    for (keyword, rule) in keywords {
      switch keyword {
      case "$schema", "$id", "$defs", "title", "description":
        continue
      case "$ref":
        problems += try follow(rule.string ?? "", value, at: path)
      case "type":
        if rule.string.map({ Self.isType($0, value) }) != true { problems.append("\(path): is no \(rule)") }
      case "enum":
        if rule.array?.contains(value) != true { problems.append("\(path): \(value) is none of the values") }
      case "const":
        if rule != value { problems.append("\(path): \(value) is not \(rule)") }
      case "minimum":
        if (value.integer ?? .min) < (rule.integer ?? .max) { problems.append("\(path): below the minimum") }
      case "pattern":
        let pattern = try Regex(rule.string ?? "")
        if try value.string.flatMap({ try pattern.firstMatch(in: $0) }) == nil { problems.append("\(path): pattern") }
      case "required":
        let missing = (rule.array ?? []).compactMap(\.string).filter { value.object?[$0] == nil }
        problems += missing.map { "\(path): \($0) is missing" }
      case "properties":
        for (name, member) in value.object ?? [:] {
          if let rule = rule[name] { problems += try check(member, against: rule, at: "\(path).\(name)") }
        }
      case "additionalProperties":
        guard rule == .boolean(false) else { return problems + ["\(path): the schema is open"] }
        let extra = (value.object ?? [:]).keys.filter { schema["properties", $0] == nil }
        problems += extra.map { "\(path): \($0) is not described" }
      case "items":
        for (index, item) in (value.array ?? []).enumerated() {
          problems += try check(item, against: rule, at: "\(path)[\(index)]")
        }
      case "oneOf":
        let fitting = try (rule.array ?? []).filter { try check(value, against: $0, at: path).isEmpty }
        if fitting.count != 1 { problems.append("\(path): fits \(fitting.count) of the alternatives") }
      default:
        problems.append("\(path): unknown keyword \(keyword)")
      }
    }
    return problems
  }

  /// `#/$defs/name`, `file` or `file#/$defs/name`.
  private func follow(_ reference: String, _ value: JSONValue, at path: String) throws -> [String] {
    let halves = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let file = halves[0].isEmpty || halves[0] == name ? self : try SchemaFile(halves[0])
    var target = file.root
    for step in halves.count > 1 ? halves[1].split(separator: "/").map(String.init) : [] {
      guard let next = target[step] else { return ["\(path): \(reference) leads nowhere"] }
      target = next
    }
    return try file.check(value, against: target, at: path)
  }

  private static func isType(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .boolean), ("integer", .integer):
      true
    default: false
    }
  }
}
