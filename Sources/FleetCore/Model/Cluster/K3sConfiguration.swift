package import YAMLSource

/// What k3s reads from config.yaml, or is told by arguments: its keys and their values.
package struct K3sConfiguration: Sendable {
  /// A mapping of k3s' own keys.
  package let node: YAMLNode

  package init(_ node: YAMLNode) { self.node = node }

  /// From a node's config.yaml; `nil` when it is no mapping in YAML.
  package init?(parsing text: String) {
    guard let node = K3sYAML.mapping(parsing: text, named: "config.yaml") else { return nil }
    self.node = node
  }

  /// From keys and values, in order; a key that comes several times has several values.
  package init(_ pairs: [(key: String, value: String)]) {
    var order: [String] = []
    var values: [String: [String]] = [:]
    for pair in pairs {
      if values[pair.key] == nil { order.append(pair.key) }
      values[pair.key, default: []].append(pair.value)
    }
    node = YAMLNode(
      .mapping(
        YAMLMapping(
          entries: order.map { key in
            let texts = values[key] ?? []
            let value = texts.count == 1 ? Self.scalar(texts[0]) : Self.list(texts)
            return .init(key: key, keyNode: Self.scalar(key), value: value)
          }
        )
      ),
      mark: K3sYAML.mark
    )
  }

  package var keys: [String] { node.mapping?.entries.map(\.key) ?? [] }

  /// The values of a key as k3s takes them; it splits lists at commas. `nil`: the key is not there.
  package func values(of key: String) -> [String]? {
    guard let value = node.mapping?[key] else { return nil }
    return (value.sequence ?? [value]).flatMap { item -> [String] in
      if let flag = item.bool { return [flag ? "true" : "false"] }
      guard let text = item.scalar?.text else { return [K3sSecrets.hidden] }
      return text.split(separator: ",", omittingEmptySubsequences: true).map { $0.trimmingWhitespace() }
    }
  }

  /// This configuration with `other`'s keys in place of its own: arguments beat the file.
  package func overlaid(with other: K3sConfiguration) -> K3sConfiguration {
    let own = (node.mapping?.entries ?? []).filter { other.node.mapping?[$0.key] == nil }
    let entries = own + (other.node.mapping?.entries ?? [])
    return K3sConfiguration(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark))
  }

  package func without(_ keys: Set<String>) -> K3sConfiguration {
    let entries = (node.mapping?.entries ?? []).filter { !keys.contains($0.key) }
    return K3sConfiguration(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark))
  }

  /// The file.
  package var text: String { K3sYAML.file(node) }

  /// The file as it may be shown.
  package var shownText: String { K3sYAML.file(K3sSecrets.redacted(node)) }

  /// On one line, to be copied into an inventory: `{disable: [traefik], flannel-backend: host-gw}`. Nothing secret.
  package var oneLine: String {
    let shown = K3sConfiguration(K3sSecrets.redacted(node))
    let entries = shown.keys.sorted().map { key in
      let values = shown.values(of: key) ?? []
      let text =
        values.count == 1 ? Self.quoted(values[0]) : "[" + values.map(Self.quoted).joined(separator: ", ") + "]"
      return "\(key): \(text)"
    }
    return "{" + entries.joined(separator: ", ") + "}"
  }

  private static func quoted(_ text: String) -> String {
    if text == "true" || text == "false" { return text }
    let isPlain =
      text.first?.isLetter == true && text.utf8.count <= 200
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=".contains($0))
      }
    return isPlain ? text : "\"" + text.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
  }

  package static func scalar(_ text: String) -> YAMLNode { YAMLNode(.scalar(.string(text)), mark: K3sYAML.mark) }

  package static func list(_ texts: [String]) -> YAMLNode {
    YAMLNode(.sequence(texts.map(scalar)), mark: K3sYAML.mark)
  }
}
