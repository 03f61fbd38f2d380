/// What is known of a field of one of Kubernetes' own kinds.
indirect enum FieldType: Sendable {
  /// A scalar, or something of which no more is known than that it is Kubernetes' own.
  case plain
  case structure(ObjectType)
  /// Replaced as a whole.
  case atomic(ObjectType)
  /// Texts by a name that somebody chose.
  case texts
  /// The same, replaced together.
  case atomicTexts
  /// The same, in base64.
  case bytes
  /// `resources.limits`.
  case quantities
  case quantity
  case named(ObjectType)
  case list(ListKind, of: FieldType)
  /// Another program's own, as it is: the default of a schema.
  case anything

  static func keyed(by keys: String..., of type: ObjectType) -> FieldType {
    .list(.associative(keys: keys), of: .structure(type))
  }

  static func items(of type: ObjectType) -> FieldType { .list(.atomic, of: .structure(type)) }

  static let set = FieldType.list(.set, of: .plain)

  func member(_ name: String) -> FieldType? {
    switch self {
    case .structure(let type), .atomic(let type): type.fields[name] ?? .plain
    case .named(let type): .structure(type)
    case .quantities: .quantity
    case .plain, .texts, .atomicTexts, .bytes, .quantity, .list: .plain
    case .anything: .anything
    }
  }

  var item: FieldType? {
    if case .list(_, let type) = self { return type }
    if case .anything = self { return .anything }
    return .plain
  }

  var list: ListKind {
    if case .list(let kind, _) = self { kind } else { .atomic }
  }

  var isNamed: Bool { if case .named = self { true } else { false } }

  var isAtomic: Bool {
    switch self {
    case .atomic, .atomicTexts, .anything: true
    case .plain, .structure, .texts, .bytes, .quantities, .quantity, .named, .list: false
    }
  }

  /// Whether a server prints null where the member says nothing.
  func printsNull(_ name: String) -> Bool {
    switch self {
    case .structure(.role): name == "rules"
    case .structure(.podSpec): name == "containers"
    case .structure(.projectedVolume): name == "sources"
    default: false
    }
  }

  /// Whether a server keeps nothing of the value: an empty list, or texts without one.
  func saysNothing(_ value: JSONText) -> Bool {
    switch (self, value) {
    case (.anything, _): false
    case (_, .null): true
    case (_, .array(let items)): items.isEmpty
    case (.texts, .object(let members)), (.atomicTexts, .object(let members)), (.bytes, .object(let members)),
      (.quantities, .object(let members)):
      members.isEmpty
    default: false
    }
  }
}
