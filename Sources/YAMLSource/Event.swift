/// One step of a YAML stream, as libyaml reports it, in Swift values.
struct Event {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(anchor: String)
    case scalar(text: String, style: YAMLScalar.Style, NodeProperties)
    case sequenceStart(NodeProperties)
    case sequenceEnd
    case mappingStart(NodeProperties)
    case mappingEnd
  }

  let kind: Kind
  /// Where the text of the event begins.
  let mark: YAMLMark
}

/// What may stand before a node: `&anchor` and `!tag`.
struct NodeProperties {
  let anchor: String?
  /// Resolved: `!!str` is `tag:yaml.org,2002:str`.
  let tag: String?
}
