/// A YAML value and the place where it was written.
public struct YAMLNode: Sendable {
  public enum Value: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)
  }

  public let value: Value
  /// Where the node begins. The mark of an alias is the alias; what lies inside it keeps the marks of the anchored
  /// text.
  public let mark: YAMLMark

  /// For code that builds or merges nodes: `mark` says which text is to blame for the value.
  public init(_ value: Value, mark: YAMLMark) {
    self.value = value
    self.mark = mark
  }
}

// The node as the kind that a reader expects: `nil` if it is another.
extension YAMLNode {
  public var scalar: YAMLScalar? {
    if case .scalar(let scalar) = value { scalar } else { nil }
  }

  public var sequence: [YAMLNode]? {
    if case .sequence(let items) = value { items } else { nil }
  }

  public var mapping: YAMLMapping? {
    if case .mapping(let mapping) = value { mapping } else { nil }
  }

  /// The text of a string. A number or boolean is none: its author forgot the quotes.
  public var string: String? {
    if let scalar, case .string = scalar.resolved { scalar.text } else { nil }
  }

  public var int: Int64? {
    if case .int(let value) = scalar?.resolved { value } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let value) = scalar?.resolved { value } else { nil }
  }

  public var isNull: Bool { scalar?.resolved == .null }
}

extension YAMLNode {
  /// What the node is, with its article, for messages: `expected a list, found a mapping`.
  public var kindDescription: String {
    switch value {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: "null"
      case .bool: "a boolean"
      case .int: "an integer"
      case .float: "a number"
      case .string: "a string"
      }
    }
  }

  /// Whether both hold the same values, wherever and however they are written. The order of keys does not matter.
  public func hasSameContent(as other: YAMLNode) -> Bool {
    switch (value, other.value) {
    case (.scalar(let left), .scalar(let right)):
      left.hasSameContent(as: right)
    case (.sequence(let left), .sequence(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.hasSameContent(as: $1) }
    case (.mapping(let left), .mapping(let right)):
      left.hasSameContent(as: right)
    case (.scalar, _), (.sequence, _), (.mapping, _):
      false
    }
  }
}
