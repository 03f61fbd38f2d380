/// The JSON Schema (draft 2020-12) of a value: as strict as the decoder where JSON Schema can be, and never stricter.
///
/// What it cannot say (a rule that is a program, entries that share an identity) the decoder alone tells.
extension Schema {
  package var jsonSchema: JSONText { .object(jsonSchemaMembers) }

  private var jsonSchemaMembers: [JSONText.Member] {
    switch self {
    case .text(let rule):
      return [.init("type", .string("string"))] + rule.jsonSchemaMembers
    case .scalar:
      // Taken as it is written: a pattern would not see the text of a number.
      return [.init("type", .array([.string("string"), .string("number"), .string("boolean")]))]
    case .integer(let range):
      return [
        .init("type", .string("integer")), .init("minimum", .integer(range.lowerBound)),
        .init("maximum", .integer(range.upperBound)),
      ]
    case .boolean:
      return [.init("type", .string("boolean"))]
    case .duration:
      return [.init("type", .string("string")), .init("pattern", .string(DurationText.pattern))]
    case .choice(let words):
      return [.init("enum", .array(words.map { .string($0) }))]
    case .object(let fields):
      return Self.members(of: fields)
    case .map(let keys, let values):
      return [
        .init("type", .string("object")), .init("propertyNames", .object(keys.jsonSchemaMembers)),
        .init("additionalProperties", values.jsonSchema),
      ]
    case .list(let element, let merge):
      return [.init("type", .string("array")), .init("items", element.jsonSchema)]
        + merge.jsonSchemaMembers(of: element)
    case .secret:
      return Self.members(of: [Field.secretName])
    case .freeForm:
      return []
    case .either(let choices):
      return [.init("anyOf", .array(choices.map(\.jsonSchema)))]
    }
  }

  private static func members(of fields: [Field]) -> [JSONText.Member] {
    let required = fields.filter(\.isRequired).map { JSONText.string($0.name) }
    let properties = fields.map { field in
      JSONText.Member(
        field.name,
        .object([.init("description", .string(field.description))] + field.schema.jsonSchemaMembers)
      )
    }
    return [.init("type", .string("object")), .init("properties", .object(properties))]
      + (required.isEmpty ? [] : [.init("required", .array(required))])
      + [.init("additionalProperties", .boolean(false))]
  }
}

extension Field {
  /// The one key of `{secret: NAME}`.
  static let secretName = Field(
    "secret", .text(.secretName), required: true,
    "The name of a secret that the control node's configuration defines under spec.secrets."
  )

  /// What an editor or a terminal shows of it.
  package var description: String {
    isReserved ? "Reserved: validated, and not acted on by this version. " + summary : summary
  }
}

extension Schema {
  /// A list of scalars knows its entries by their text.
  fileprivate var isScalar: Bool {
    switch self {
    case .text, .scalar, .integer, .boolean, .duration, .choice: true
    case .object, .map, .list, .secret, .freeForm, .either: false
    }
  }
}

extension TextRule {
  fileprivate var jsonSchemaMembers: [JSONText.Member] {
    guard let pattern else { return [] }
    return [.init("pattern", .string(pattern))]
  }
}

extension ListMerge {
  /// Kubernetes' own words for how lists merge; `uniqueItems` where an entry is its own identity.
  fileprivate func jsonSchemaMembers(of element: Schema) -> [JSONText.Member] {
    switch self {
    case .atomic: return [.init("x-kubernetes-list-type", .string("atomic"))]
    case .set:
      let unique = element.isScalar ? [JSONText.Member("uniqueItems", .boolean(true))] : []
      return unique + [.init("x-kubernetes-list-type", .string("set"))]
    case .map(let key):
      return [
        .init("x-kubernetes-list-type", .string("map")), .init("x-kubernetes-list-map-keys", .array([.string(key)])),
      ]
    }
  }
}
