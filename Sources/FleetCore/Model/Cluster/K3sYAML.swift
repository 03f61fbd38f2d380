package import YAMLSource

/// k3s' YAML files as fleetd writes and reads them.
package enum K3sYAML {
  /// The first line of every file that fleetd writes for k3s.
  package static let header = "# Managed by fleetd\n"

  /// A whole file. Keys are sorted, so that moving one from a profile to a node restarts nothing.
  package static func file(_ node: YAMLNode) -> String { header + YAMLEmitter.emit(sorted(node)) }

  /// A file of a node: hostile, and bounded. `nil`: no YAML, or not one document with a mapping.
  package static func mapping(parsing text: String, named name: String) -> YAMLNode? {
    let limits = YAMLLimits(maximumBytes: 1 << 16, maximumDepth: 16, maximumNodes: 4096)
    guard let documents = try? YAMLParser.documents(in: Array(text.utf8), named: name, limits: limits) else {
      return nil
    }
    guard let document = documents.first else { return empty }
    guard documents.count == 1 else { return nil }
    return document.isNull ? empty : document.mapping == nil ? nil : document
  }

  package static let empty = YAMLNode(.mapping(YAMLMapping(entries: [])), mark: mark)

  /// For nodes that nobody wrote.
  package static let mark = YAMLMark(source: YAMLSourceFile(name: "k3s", bytes: []), line: 1, column: 1)

  /// A value in flow style, to be copied into an inventory: `{disable: [traefik]}`. Nothing in it may be secret.
  package static func oneLine(_ node: YAMLNode) -> String {
    switch node.value {
    case .scalar(let scalar):
      if case .string = scalar.resolved { return quoted(scalar.text) }
      return scalar.text
    case .sequence(let items):
      return "[" + items.map(oneLine).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      let entries = mapping.entries.sorted { $0.key < $1.key }
      return "{" + entries.map { "\(quoted($0.key)): \(oneLine($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isASCII && $0.isLetter } == true && text.utf8.count <= 200
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=".contains($0)) }
      && !words.contains(text.lowercased())
    return isPlain ? text : "\"" + text.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
  }

  /// Plain text that YAML takes for something else than a string.
  private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

  private static func sorted(_ node: YAMLNode) -> YAMLNode {
    switch node.value {
    case .scalar:
      return node
    case .sequence(let items):
      return YAMLNode(.sequence(items.map(sorted)), mark: node.mark)
    case .mapping(let mapping):
      let entries = mapping.entries.sorted { $0.key < $1.key }.map { entry in
        YAMLMapping.Entry(key: entry.key, keyNode: entry.keyNode, value: sorted(entry.value))
      }
      return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark)
    }
  }
}
