extension Schema {
  /// The type's short name, in the manner of `kubectl explain`: `string`, `[]string`, `map[string]Object`.
  package var typeName: String {
    switch self {
    case .text, .choice: "string"
    case .scalar: "scalar"
    case .integer: "integer"
    case .boolean: "boolean"
    case .duration: "duration"
    case .object: "Object"
    case .map(_, let values): "map[string]" + values.grouped
    case .list(let element, _): "[]" + element.grouped
    case .secret: "Secret"
    case .freeForm: "any"
    case .either(let choices): choices.map(\.typeName).joined(separator: " | ")
    }
  }

  private var grouped: String {
    if case .either = self { "(\(typeName))" } else { typeName }
  }

  /// The keys below a value: those of a mapping, of a list's entries, of the values of a map.
  package var fields: [Field] {
    switch self {
    case .object(let fields): fields
    case .map(_, let values): values.fields
    case .list(let element, _): element.fields
    case .either(let choices): choices.flatMap(\.fields)
    case .secret: [.secretName]
    case .text, .scalar, .integer, .boolean, .duration, .choice, .freeForm: []
    }
  }

  /// The words that may stand there; empty where it is no enumeration.
  package var enumeration: [String] {
    switch self {
    case .choice(let words): words
    case .map(_, let values): values.enumeration
    case .list(let element, _): element.enumeration
    case .either(let choices): choices.flatMap(\.enumeration)
    case .text, .scalar, .integer, .boolean, .duration, .object, .secret, .freeForm: []
    }
  }

  /// What is checked besides the type, one sentence each.
  package var rules: [String] {
    switch self {
    case .text(let rule): rule.expectation == TextRule.anything.expectation ? [] : [rule.expectation]
    case .scalar(let rule): [rule.expectation + "; a number or a boolean need not be quoted"]
    case .integer: [expectation]
    case .duration: ["a duration: 90s, 5m, 1h30m, 2d; largest unit first"]
    case .secret: ["{secret: NAME}: named here, defined on the control node under spec.secrets"]
    case .freeForm: ["any YAML: the keys are another program's"]
    case .map(let keys, let values):
      ["each key is " + keys.expectation] + values.rules.map { "each value is " + $0 }
    case .list(let element, let merge):
      (element.rules.map { "each entry is " + $0 }) + [merge.rule]
    case .either(let choices): choices.flatMap { choice in choice.rules.map { "as \(choice.typeName): " + $0 } }
    case .boolean, .choice, .object: []
    }
  }
}

extension ListMerge {
  /// How two layers meet.
  fileprivate var rule: String {
    switch self {
    case .atomic: "lists of two layers: the later one stands instead of the earlier one"
    case .set: "lists of two layers: their union; an entry stands once in a list"
    case .map(let key): "lists of two layers: entries with the same \(key) are merged; a \(key) stands once in a list"
    }
  }
}
