/// What is known of a field of one of Kubernetes' own kinds.
indirect enum FieldType: Sendable {
  /// A scalar, or something of which no more is known than that it is Kubernetes' own.
  case plain
  case structure(ObjectType)
  /// Replaced as a whole.
  case atomic(ObjectType)
  /// Texts by a name that somebody chose.
  case texts
  /// The same, in base64.
  case bytes
  /// `resources.limits`.
  case quantities
  case quantity
  case named(ObjectType)
  case list(FieldShape.ListKind, of: FieldType)
  /// Another program's own, as it is: the default of a schema.
  case anything

  static func keyed(by keys: String..., of type: ObjectType) -> FieldType {
    .list(.associative(keys: keys), of: .structure(type))
  }

  static func items(of type: ObjectType) -> FieldType { .list(.atomic, of: .structure(type)) }

  static let set = FieldType.list(.set, of: .plain)

  /// Texts that are replaced together.
  static let atomicTexts = FieldType.atomic(.object)

  func member(_ name: String) -> FieldType? {
    switch self {
    case .structure(let type), .atomic(let type): type.fields[name] ?? .plain
    case .named(let type): .structure(type)
    case .quantities: .quantity
    case .plain, .texts, .bytes, .quantity, .list: .plain
    case .anything: .anything
    }
  }

  var item: FieldType? {
    if case .list(_, let type) = self { return type }
    if case .anything = self { return .anything }
    return .plain
  }

  var list: FieldShape.ListKind {
    if case .list(let kind, _) = self { kind } else { .atomic }
  }

  var isAtomic: Bool {
    switch self {
    case .atomic, .anything: true
    case .plain, .structure, .texts, .bytes, .quantities, .quantity, .named, .list: false
    }
  }
}
