/// What may be written at a place of a document, as text for a terminal, in the manner of `kubectl explain`.
package enum Explanation {
  /// Every document and every kind, one line each.
  package static func overview() -> String {
    var text = "Documents:\n"
    for (kind, _) in SchemaPath.documents { text += row(kind, DocumentSchema.summaries[kind] ?? "") }
    text += "\nKept on a node (spec of a Profile or a Node):\n"
    for field in DocumentSchema.profile { text += row(field.name, field.description) }
    return text + "\nfleetd explain NAME, or a path such as Node.spec.boot.cmdline; --recursive shows the whole tree.\n"
  }

  /// The place, its type, its rules, and its keys with theirs.
  package static func text(of path: SchemaPath) -> String {
    var text = "KIND:       \(path.document)\nVERSION:    \(DocumentSchema.apiVersion)\n\n"
    if let name = path.keys.last {
      text += "FIELD: \(name) <\(path.schema.typeName)>"
      text += path.keys.last == path.field?.name && path.field?.isRequired == true ? " -required-\n\n" : "\n\n"
    }
    let summary = path.field?.description ?? DocumentSchema.summaries[path.document] ?? ""
    text += "DESCRIPTION:\n" + wrapped(summary, indentation: 4)
    if !path.schema.enumeration.isEmpty { text += "\nENUM:\n" + path.schema.enumeration.map { "    \($0)\n" }.joined() }
    if !path.schema.rules.isEmpty {
      text += "\nRULES:\n" + path.schema.rules.map { wrapped($0, indentation: 4) }.joined()
    }
    guard !path.schema.fields.isEmpty else { return text }
    text += "\nFIELDS:\n"
    for field in path.schema.fields {
      text += "  " + head(of: field)
      if !field.schema.enumeration.isEmpty {
        text += wrapped("enum: " + field.schema.enumeration.joined(separator: ", "), indentation: 4)
      }
      text += wrapped(field.description, indentation: 4) + "\n"
    }
    return String(text.dropLast())
  }

  /// The names and types of everything below.
  package static func tree(of path: SchemaPath) -> String {
    let name = ([path.document] + path.keys).joined(separator: ".")
    return "\(name) <\(path.schema.typeName)>\n" + branches(of: path.schema, depth: 1)
  }

  private static func branches(of schema: Schema, depth: Int) -> String {
    schema.fields.map { field in
      // What {secret: NAME} looks like is said once, in the rules.
      let below = field.schema.typeName.contains("Secret") ? "" : branches(of: field.schema, depth: depth + 1)
      return String(repeating: "  ", count: depth) + head(of: field) + below
    }.joined()
  }

  private static func head(of field: Field) -> String {
    "\(field.name) <\(field.schema.typeName)>" + (field.isRequired ? " -required-" : "")
      + (field.isReserved ? " -reserved-" : "") + "\n"
  }

  private static func row(_ name: String, _ summary: String) -> String {
    let column = 16
    let lines = wrapped(summary, indentation: column)
    let padding = String(repeating: " ", count: max(1, column - 2 - name.count))
    return "  " + name + padding + lines.drop { $0 == " " }
  }

  /// Lines of at most 80 columns.
  private static func wrapped(_ text: String, indentation: Int) -> String {
    let margin = String(repeating: " ", count: indentation)
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, margin.count + last.count + 1 + word.count <= 80 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { margin + $0 + "\n" }.joined()
  }
}
