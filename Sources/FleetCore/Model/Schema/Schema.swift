/// What a value in the inventory may look like.
///
/// One declaration per field: strict validation, the merging of layers and the published documentation all follow
/// from it, so that they cannot drift apart.
package indirect enum Schema: Sendable {
  /// A string; a bare number or boolean is refused and asked to be quoted.
  case text(TextRule)
  /// Any scalar, taken as it is written: sysctl values, kernel parameters.
  case scalar(TextRule)
  case integer(ClosedRange<Int64>)
  case boolean
  /// `90s`, `5m`, `1h30m`.
  case duration
  case choice([String])
  case object([Field])
  case map(keys: TextRule, values: Schema)
  case list(of: Schema, merge: ListMerge)
  /// `{secret: NAME}`: the name of a secret that the control node's configuration defines.
  case secret
  /// Any YAML; another program's keys.
  case freeForm
  /// Told apart by shape: at most one of them a mapping, at most one a sequence, the rest scalars.
  case either([Schema])
}

/// One key of a mapping.
package struct Field: Sendable {
  package let name: String
  package let schema: Schema
  package let isRequired: Bool
  /// One line: what it does, its unit, its default.
  package let summary: String
  /// Says so when this version reads and validates the field but does not act on it yet.
  package let isReserved: Bool

  package init(_ name: String, _ schema: Schema, required: Bool = false, reserved: Bool = false, _ summary: String) {
    self.name = name
    self.schema = schema
    self.isRequired = required
    self.isReserved = reserved
    self.summary = summary
  }
}

/// How a list in a later layer (profile, node) meets the same list in an earlier one.
///
/// The words are those of Kubernetes' `x-kubernetes-list-type`: atomic, set, map.
package enum ListMerge: Sendable, Equatable {
  /// The later list stands instead of the earlier one.
  case atomic
  /// The union, in the order of first mention.
  case set
  /// Entries that carry the same value under this key are merged.
  case map(key: String)
}
