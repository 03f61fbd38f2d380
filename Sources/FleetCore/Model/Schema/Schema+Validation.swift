package import YAMLSource

extension Schema {
  /// Reports everything about `node` that this schema does not allow. `path` is what messages call the value.
  package func validate(_ node: YAMLNode, at path: String, into diagnostics: inout Diagnostics) {
    switch self {
    case .text(let rule):
      guard let text = string(node, path, rule.expectation, &diagnostics, accepts: { rule.problem(with: $0) == nil })
      else { return }
      check(text, against: rule, at: path, node.mark, &diagnostics)
    case .scalar(let rule):
      guard let scalar = node.scalar, !node.isNull else { return mismatch(node, path, rule.expectation, &diagnostics) }
      check(scalar.text, against: rule, at: path, node.mark, &diagnostics)
    case .integer(let range):
      guard let number = node.int else { return mismatch(node, path, "a whole number", &diagnostics) }
      guard !range.contains(number) else { return }
      diagnostics.report(
        at: node.mark,
        "\(path): \(number) is outside \(range.lowerBound) to \(range.upperBound)"
      )
    case .boolean:
      if node.bool == nil { mismatch(node, path, "true or false", &diagnostics) }
    case .duration:
      guard
        let text = string(
          node, path, "a duration such as 5m", &diagnostics, accepts: { DurationText.parse($0) != nil })
      else { return }
      if DurationText.parse(text) == nil {
        diagnostics.report(at: node.mark, "\(path): \"\(text)\" is not a duration", hint: "write 90s, 5m or 1h30m")
      }
    case .choice(let words):
      guard let text = string(node, path, words.joined(separator: " or "), &diagnostics, accepts: words.contains)
      else { return }
      if !words.contains(text) {
        diagnostics.report(
          at: node.mark,
          words.count == 1
            ? "\(path): expected \"\(words[0])\", found \"\(text)\""
            : "\(path): \"\(text)\" is none of \(words.joined(separator: ", "))",
          hint: Suggestion.nearest(to: text, among: words).map { "did you mean \"\($0)\"?" }
        )
      }
    case .object(let fields):
      validate(object: node, fields, path, &diagnostics)
    case .map(let keys, let values):
      guard let mapping = node.mapping else { return mismatch(node, path, "a mapping", &diagnostics) }
      for entry in mapping.entries {
        check(entry.key, against: keys, at: path, entry.keyNode.mark, &diagnostics)
        values.validate(entry.value, at: "\(path).\(entry.key)", into: &diagnostics)
      }
    case .list(let element, let merge):
      validate(list: node, element, merge, path, &diagnostics)
    case .secret:
      validate(secret: node, path, &diagnostics)
    case .freeForm:
      return
    case .either(let choices):
      guard let choice = choices.first(where: { $0.accepts(shapeOf: node) }) else {
        return mismatch(node, path, choices.map(\.expectation).joined(separator: ", or "), &diagnostics)
      }
      if case .choice(let words) = choice, words.count == 1, let text = node.string, text != words[0] {
        // The other ways to say it are more than half of the answer.
        let expected = choices.map(\.expectation).joined(separator: ", or ")
        return diagnostics.report(at: node.mark, "\(path): expected \(expected), found a string")
      }
      choice.validate(node, at: path, into: &diagnostics)
    }
  }

  private func validate(object node: YAMLNode, _ fields: [Field], _ path: String, _ diagnostics: inout Diagnostics) {
    guard let mapping = node.mapping else { return mismatch(node, path, "a mapping", &diagnostics) }
    for entry in mapping.entries {
      guard let field = fields.first(where: { $0.name == entry.key }) else {
        diagnostics.report(
          at: entry.keyNode.mark,
          "\(path): unknown key \"\(entry.key)\"",
          hint: Suggestion.hint(for: entry.key, among: fields.map(\.name))
        )
        continue
      }
      field.schema.validate(entry.value, at: "\(path).\(entry.key)", into: &diagnostics)
    }
    for field in fields where field.isRequired && mapping[field.name] == nil {
      diagnostics.report(at: node.mark, "\(path): \"\(field.name)\" is missing", hint: field.summary)
    }
  }

  private func validate(
    list node: YAMLNode,
    _ element: Schema,
    _ merge: ListMerge,
    _ path: String,
    _ diagnostics: inout Diagnostics
  ) {
    guard let items = node.sequence else {
      let hint = node.scalar == nil || node.isNull ? nil : "a list of one thing is written [THING]"
      return diagnostics.report(
        at: node.mark, "\(path): expected a list, found \(node.kindDescription)", hint: hint)
    }
    var seen: [String: YAMLMark] = [:]
    for (index, item) in items.enumerated() {
      element.validate(item, at: "\(path)[\(index)]", into: &diagnostics)
      guard let identity = merge.identity(of: item) else { continue }
      if let first = seen.updateValue(item.mark, forKey: identity) {
        diagnostics.report(at: item.mark, "\(path): \"\(identity)\" stands twice; first in line \(first.line)")
      }
    }
  }

  private func validate(secret node: YAMLNode, _ path: String, _ diagnostics: inout Diagnostics) {
    let hint =
      "name it here, \"{secret: NAME}\", and define NAME under spec.secrets of the control node's configuration"
    guard node.mapping != nil else {
      return diagnostics.report(at: node.mark, "\(path): a secret is named here, never written", hint: hint)
    }
    Schema.object([Field("secret", .text(.secretName), required: true, hint)])
      .validate(node, at: path, into: &diagnostics)
  }

  /// The text of a string. What YAML reads as something else is told; how to quote it only where that would do.
  private func string(
    _ node: YAMLNode,
    _ path: String,
    _ expectation: String,
    _ diagnostics: inout Diagnostics,
    accepts: (String) -> Bool
  ) -> String? {
    if let text = node.string { return text }
    guard let scalar = node.scalar, !node.isNull else {
      mismatch(node, path, expectation, &diagnostics)
      return nil
    }
    diagnostics.report(
      at: node.mark,
      "\(path): expected \(expectation), found \(node.kindDescription)",
      hint: accepts(scalar.text)
        ? "YAML reads a bare \(scalar.text) as \(node.kindDescription): write \"\(scalar.text)\"" : nil
    )
    return nil
  }

  private func check(
    _ text: String,
    against rule: TextRule,
    at path: String,
    _ mark: YAMLMark,
    _ diagnostics: inout Diagnostics
  ) {
    guard let problem = rule.problem(with: text) else { return }
    let shown = TerminalText.escape(String(text.prefix(80)))
    diagnostics.report(at: mark, "\(path): \"\(shown)\" \(problem); expected \(rule.expectation)")
  }

  private func mismatch(_ node: YAMLNode, _ path: String, _ expectation: String, _ diagnostics: inout Diagnostics) {
    diagnostics.report(at: node.mark, "\(path): expected \(expectation), found \(node.kindDescription)")
  }

  /// What a value of this schema is called in messages.
  package var expectation: String {
    switch self {
    case .text(let rule), .scalar(let rule): rule.expectation
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "true or false"
    case .duration: "a duration such as 5m"
    case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
    case .object(let fields): "a mapping of " + fields.map(\.name).joined(separator: ", ")
    case .map: "a mapping"
    case .list(let element, _): "a list of: " + element.expectation
    case .secret: "{secret: NAME}"
    case .freeForm: "any value"
    case .either(let choices): choices.map(\.expectation).joined(separator: ", or ")
    }
  }

  private func accepts(shapeOf node: YAMLNode) -> Bool {
    switch self {
    case .object, .map, .secret: node.mapping != nil
    case .list: node.sequence != nil
    case .text, .choice, .duration: node.string != nil
    case .scalar: node.scalar != nil && !node.isNull
    case .integer: node.int != nil
    case .boolean: node.bool != nil
    case .freeForm: true
    case .either(let choices): choices.contains { $0.accepts(shapeOf: node) }
    }
  }
}
