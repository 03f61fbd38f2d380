/// The tags that are understood: those of YAML 1.2's core schema. Any other asks for a type that only its author knows.
enum CoreTag: String {
  case null, bool, int, float
  case string = "str"
  case sequence = "seq"
  case mapping = "map"
  /// A lone `!`: the kind of node decides; a scalar is a string even if it is plain.
  case nonSpecific = "!"

  /// - Throws: if the tag is not one of the core schema.
  init?(_ properties: NodeProperties, at mark: YAMLMark) throws(YAMLError) {
    guard let uri = properties.tag else { return nil }
    let prefix = "tag:yaml.org,2002:"
    let name = uri.hasPrefix(prefix) ? String(uri.dropFirst(prefix.count)) : uri
    // "!" has no prefix and the others must have it, or the local tag `!<str>` would pass for `!!str`.
    guard let tag = CoreTag(rawValue: name), (tag == .nonSpecific) == (name == uri) else {
      throw YAMLError(
        mark: mark,
        problem:
          "unknown tag \(SafeText.quoted(uri)): only !!null, !!bool, !!int, !!float, !!str, !!seq and !!map are known"
      )
    }
    self = tag
  }
}
