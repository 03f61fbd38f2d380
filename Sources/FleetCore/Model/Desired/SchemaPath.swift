/// A place in a document, found by its dotted path: `Node.spec.boot.cmdline`, `fleet.k3s`, `packages.NAME.version`.
package struct SchemaPath: Sendable {
  /// The document's kind: `Node`.
  package let document: String
  /// The keys below it; empty for the document itself.
  package let keys: [String]
  /// `nil` for the document itself.
  package let field: Field?
  package let schema: Schema

  /// Why there is no such place.
  package struct Problem: Error, Sendable {
    /// Lowercase, one sentence, no trailing period.
    package let message: String
    package let hint: String?
  }

  /// Every kind of document, the control node's own included, in the order in which they are read.
  package static let documents: [(kind: String, schema: Schema)] = [
    ("Fleet", DocumentSchema.document(kind: "Fleet", spec: DocumentSchema.fleet)),
    ("Profile", DocumentSchema.document(kind: "Profile", spec: DocumentSchema.profile)),
    ("Node", DocumentSchema.document(kind: "Node", spec: DocumentSchema.node, labels: true)),
    ("ControlNode", ControlNodeConfiguration.schema),
  ]

  /// `path` begins with a document's kind, in any case, or with a key of a `spec`; `spec` itself may be left out, a
  /// list's `[]` too, and a word in capitals (`NAME`, `KEY`) stands for any key of a map.
  package init(_ path: String) throws(Problem) {
    let words = path.split(separator: ".", omittingEmptySubsequences: false).map { word in
      word.hasSuffix("[]") ? String(word.dropLast(2)) : String(word)
    }
    let first = words.first ?? ""
    guard let start = Self.start(for: first) else {
      let known = Self.documents.map(\.kind) + Self.topics
      throw Problem(
        message: "there is no kind and no key \"\(TerminalText.escape(String(first.prefix(80))))\"",
        hint: Suggestion.nearest(to: first, among: known).map { "did you mean \"\($0)\"?" }
          ?? "fleetd explain lists what there is"
      )
    }
    var walk = Walk(schema: start.schema, field: nil, keys: [])
    if !start.isDocument { try walk.enter("spec") }
    for word in start.isDocument ? Array(words.dropFirst()) : words { try walk.enter(word) }
    document = start.kind
    keys = walk.keys
    field = walk.field
    schema = walk.schema
  }

  /// The keys of a Profile's `spec`: what is kept on a node.
  package static var topics: [String] { DocumentSchema.profile.map(\.name) }

  private static func start(for word: String) -> (kind: String, schema: Schema, isDocument: Bool)? {
    for (kind, schema) in documents where kind.lowercased() == word.lowercased() { return (kind, schema, true) }
    // A kind that Profile and Node share is the Profile's: that is where most of it is written.
    for kind in ["Profile", "Node", "Fleet", "ControlNode"] {
      guard let schema = documents.first(where: { $0.kind == kind })?.schema, let spec = schema.field(named: "spec")
      else {
        continue
      }
      if spec.schema.field(named: word) != nil { return (kind, schema, false) }
    }
    return nil
  }
}

extension Schema {
  fileprivate func field(named name: String) -> Field? { fields.first { $0.name == name } }
}

/// The way down a schema, key by key.
private struct Walk {
  var schema: Schema
  var field: Field?
  var keys: [String]

  mutating func enter(_ word: String) throws(SchemaPath.Problem) {
    if let values = schema.mapValues, !word.isEmpty, word.allSatisfy({ $0.isUppercase || $0 == "_" }) {
      (schema, keys) = (values, keys + [word])
      return
    }
    if let next = schema.fields.first(where: { $0.name == word }) {
      (schema, field, keys) = (next.schema, next, keys + [word])
      return
    }
    if keys.isEmpty, let spec = schema.fields.first(where: { $0.name == "spec" }),
      let next = spec.schema.fields.first(where: { $0.name == word })
    {
      (schema, field, keys) = (next.schema, next, ["spec", word])
      return
    }
    let place = keys.last.map { "\"\($0)\"" } ?? "the document"
    let names = (keys.isEmpty ? schema.fields.first { $0.name == "spec" }?.schema.fields ?? [] : []) + schema.fields
    let shown = TerminalText.escape(String(word.prefix(80)))
    throw SchemaPath.Problem(
      message: names.isEmpty
        ? "\(place) has no keys of its own: it is <\(schema.typeName)>"
        : "\(place) has no key \"\(shown)\"",
      hint: Suggestion.hint(for: word, among: names.map(\.name))
    )
  }
}

extension Schema {
  /// What stands under every key of a map.
  fileprivate var mapValues: Schema? {
    switch self {
    case .map(_, let values): values
    case .either(let choices): choices.lazy.compactMap(\.mapValues).first
    case .text, .scalar, .integer, .boolean, .duration, .choice, .object, .list, .secret, .freeForm: nil
    }
  }
}
