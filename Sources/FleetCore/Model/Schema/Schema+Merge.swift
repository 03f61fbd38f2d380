package import YAMLSource

/// Two layers of equal rank that give one value differently.
package struct LayerConflict: Sendable {
  package let path: [String]
  package let first: YAMLNode
  package let second: YAMLNode
}

extension Schema {
  /// `upper` laid over `lower`: maps merge, lists follow their `ListMerge`, everything else is replaced.
  ///
  /// Every replacement of a value by a different one is handed to `replacing`, with the keys that lead to it.
  package func merge(
    _ lower: YAMLNode,
    _ upper: YAMLNode,
    path: [String] = [],
    replacing: (LayerConflict) -> Void
  ) -> YAMLNode {
    switch self {
    case .object(let fields):
      return mergeEntries(lower, upper, path, replacing) { key in fields.first { $0.name == key }?.schema ?? .freeForm }
    case .map(_, let values):
      return mergeEntries(lower, upper, path, replacing) { _ in values }
    case .freeForm where lower.mapping != nil && upper.mapping != nil:
      return mergeEntries(lower, upper, path, replacing) { _ in .freeForm }
    case .list(let element, let merge):
      return mergeLists(lower, upper, element, merge, path, replacing)
    case .either(let choices):
      let mergeable = choices.first { choice in
        switch choice {
        case .object, .map: lower.mapping != nil && upper.mapping != nil
        case .list: lower.sequence != nil && upper.sequence != nil
        default: false
        }
      }
      if let mergeable { return mergeable.merge(lower, upper, path: path, replacing: replacing) }
    case .text, .scalar, .integer, .boolean, .duration, .choice, .secret, .freeForm:
      break
    }
    return replace(lower, upper, path, replacing)
  }

  private func replace(
    _ lower: YAMLNode,
    _ upper: YAMLNode,
    _ path: [String],
    _ replacing: (LayerConflict) -> Void
  ) -> YAMLNode {
    if !lower.hasSameContent(as: upper) { replacing(LayerConflict(path: path, first: lower, second: upper)) }
    return upper
  }

  private func mergeEntries(
    _ lower: YAMLNode,
    _ upper: YAMLNode,
    _ path: [String],
    _ replacing: (LayerConflict) -> Void,
    schemaOf: (String) -> Schema
  ) -> YAMLNode {
    guard let low = lower.mapping, let high = upper.mapping else { return replace(lower, upper, path, replacing) }
    var entries: [YAMLMapping.Entry] = low.entries.map { entry in
      guard let over = high[entry.key] else { return entry }
      let merged = schemaOf(entry.key).merge(entry.value, over, path: path + [entry.key], replacing: replacing)
      return .init(key: entry.key, keyNode: entry.keyNode, value: merged)
    }
    entries += high.entries.filter { low[$0.key] == nil }
    return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: upper.mark)
  }

  private func mergeLists(
    _ lower: YAMLNode,
    _ upper: YAMLNode,
    _ element: Schema,
    _ merge: ListMerge,
    _ path: [String],
    _ replacing: (LayerConflict) -> Void
  ) -> YAMLNode {
    guard let low = lower.sequence, let high = upper.sequence, merge != .atomic else {
      return replace(lower, upper, path, replacing)
    }
    var items = low
    for item in high {
      let identity = merge.identity(of: item)
      guard let index = items.firstIndex(where: { merge.identity(of: $0) == identity && identity != nil }) else {
        items.append(item)
        continue
      }
      let itemPath = path + [identity ?? ""]
      items[index] = element.merge(items[index], item, path: itemPath, replacing: replacing)
    }
    return YAMLNode(.sequence(items), mark: upper.mark)
  }
}

extension Schema {
  /// Whether `node` itself gives the value to which the keys of `path` lead, or something else in place of what holds it:
  /// laid over another layer, it decides. The keys are those of a `LayerConflict`.
  package func gives(_ path: ArraySlice<String>, in node: YAMLNode) -> Bool {
    guard let key = path.first else { return true }
    switch self {
    case .object(let fields):
      return entry(key, of: node, fields.first { $0.name == key }?.schema ?? .freeForm, path)
    case .map(_, let values):
      return entry(key, of: node, values, path)
    case .freeForm:
      return entry(key, of: node, .freeForm, path)
    case .list(let element, let merge):
      guard let items = node.sequence else { return true }
      guard let item = items.first(where: { merge.identity(of: $0) == key }) else { return false }
      return element.gives(path.dropFirst(), in: item)
    case .either(let choices):
      let choice = choices.first { choice in
        switch choice {
        case .object, .map: node.mapping != nil
        case .list: node.sequence != nil
        default: false
        }
      }
      return choice?.gives(path, in: node) ?? true
    case .text, .scalar, .integer, .boolean, .duration, .choice, .secret:
      return true
    }
  }

  private func entry(_ key: String, of node: YAMLNode, _ schema: Schema, _ path: ArraySlice<String>) -> Bool {
    guard let mapping = node.mapping else { return true }
    guard let value = mapping[key] else { return false }
    return schema.gives(path.dropFirst(), in: value)
  }
}

extension ListMerge {
  /// What makes two entries the same one; `nil` when entries have no identity.
  package func identity(of item: YAMLNode) -> String? {
    switch self {
    case .atomic: nil
    case .set: item.scalar?.text
    case .map(let key): item.mapping?[key]?.scalar?.text
    }
  }
}
