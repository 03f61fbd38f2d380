/// Collects the nodes of one mapping, which arrive as key, value, key, value, and holds them to its rules: keys are
/// scalars and unique; `<<` merges.
struct MappingBuilder {
  private enum Key {
    case merge
    case named(String, YAMLNode)
  }

  private var entries: [YAMLMapping.Entry] = []
  /// Where each key was first written.
  private var keyMarks: [String: YAMLMark] = [:]
  /// The key whose value comes next.
  private var pendingKey: Key?
  private var merged: [YAMLMapping] = []

  /// Takes the next key or value.
  ///
  /// - Parameter isMergeKey: whether the node, if it is a key, is an untagged plain `<<`.
  mutating func take(_ node: YAMLNode, isMergeKey: Bool) throws(YAMLError) {
    switch pendingKey {
    case nil:
      pendingKey = try key(node, isMergeKey: isMergeKey)
    case .merge:
      pendingKey = nil
      try merge(node)
    case .named(let name, let keyNode):
      pendingKey = nil
      entries.append(YAMLMapping.Entry(key: name, keyNode: keyNode, value: node))
    }
  }

  /// The mapping: its own entries in order, then what was merged. The first of several entries with one key counts, so
  /// own keys win over merged ones and earlier merged mappings over later ones.
  func mapping() -> YAMLMapping {
    YAMLMapping(entries: entries + merged.flatMap(\.entries))
  }

  private mutating func key(_ node: YAMLNode, isMergeKey: Bool) throws(YAMLError) -> Key {
    guard let scalar = node.scalar else {
      throw YAMLError(mark: node.mark, problem: "a key must be a single value, found \(node.kindDescription)")
    }
    guard !scalar.text.isEmpty || scalar.resolved == .string else {
      throw YAMLError(mark: node.mark, problem: "a key is missing before \":\"")
    }
    if let first = keyMarks.updateValue(node.mark, forKey: scalar.text) {
      let problem = "duplicate key \(SafeText.quoted(scalar.text)), first on line \(first.line)"
      throw YAMLError(mark: node.mark, problem: isMergeKey ? "\(problem): merge a list of mappings instead" : problem)
    }
    return isMergeKey ? .merge : .named(scalar.text, node)
  }

  private mutating func merge(_ node: YAMLNode) throws(YAMLError) {
    for source in node.sequence ?? [node] {
      guard let mapping = source.mapping else {
        throw YAMLError(
          mark: source.mark,
          problem: "\"<<\" merges a mapping or a list of mappings, found \(source.kindDescription)"
        )
      }
      merged.append(mapping)
    }
  }
}
