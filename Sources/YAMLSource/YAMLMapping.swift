/// Key-value pairs in the order of the file, with unique keys.
public struct YAMLMapping: Sendable {
  public struct Entry: Sendable {
    /// The key's text; `1` and `"1"` are the same key.
    public let key: String
    /// The key as a node, for its mark. Behind a merge (`<<`) it lies in the mapping that was merged.
    public let keyNode: YAMLNode
    public let value: YAMLNode

    public init(key: String, keyNode: YAMLNode, value: YAMLNode) {
      self.key = key
      self.keyNode = keyNode
      self.value = value
    }
  }

  public let entries: [Entry]
  private let positions: [String: Int]

  /// - Parameter entries: of several entries with one key the first is kept.
  public init(entries: [Entry]) {
    var kept: [Entry] = []
    var positions: [String: Int] = [:]
    for entry in entries where positions[entry.key] == nil {
      positions[entry.key] = kept.count
      kept.append(entry)
    }
    self.entries = kept
    self.positions = positions
  }

  /// The value of a key, or `nil` if the mapping has no such key. A key with an empty value yields a null node.
  public subscript(key: String) -> YAMLNode? {
    positions[key].map { entries[$0].value }
  }

  /// Whether both have the same keys with the same content, in any order.
  public func hasSameContent(as other: YAMLMapping) -> Bool {
    entries.count == other.entries.count
      && entries.allSatisfy { entry in
        other[entry.key].map { entry.value.hasSameContent(as: $0) } ?? false
      }
  }
}
