/// JSON Schemas of whole documents, for editors.
package enum DocumentJSONSchema {
  private static let dialect = JSONText.Member("$schema", .string("https://json-schema.org/draft/2020-12/schema"))

  /// Everything below inventory/: a document is a Fleet, a Profile or a Node, as its `kind` says.
  package static var inventory: JSONText {
    let documents = SchemaPath.documents.filter { DocumentSchema.kinds.contains($0.kind) }
    let choices = documents.map { document in
      JSONText.object([
        .init("if", .object([.init("properties", kindIs(document.kind))])),
        .init("then", .object([.init("$ref", .string("#/$defs/\(document.kind)"))])),
      ])
    }
    return .object([
      dialect,
      .init("title", .string("fleetd inventory")),
      .init("description", .string("One document of a fleetd state repository: a Fleet, a Profile or a Node.")),
      .init("type", .string("object")),
      .init(
        "properties", .object([.init("kind", .object([.init("enum", .array(documents.map { .string($0.kind) }))]))])),
      .init("required", .array([.string("kind")])),
      .init("allOf", .array(choices)),
      .init("$defs", .object(documents.map { .init($0.kind, $0.schema.jsonSchema) })),
    ])
  }

  /// One kind of document; `nil`: there is no such kind.
  package static func document(_ kind: String) -> JSONText? {
    guard let document = SchemaPath.documents.first(where: { $0.kind.lowercased() == kind.lowercased() }),
      case .object(let members) = document.schema.jsonSchema
    else { return nil }
    let summary = DocumentSchema.summaries[document.kind] ?? ""
    return .object(
      [dialect, .init("title", .string("fleetd \(document.kind)")), .init("description", .string(summary))] + members)
  }

  private static func kindIs(_ kind: String) -> JSONText {
    .object([.init("kind", .object([.init("const", .string(kind))]))])
  }
}
