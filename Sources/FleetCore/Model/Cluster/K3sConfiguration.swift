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
            // Of a key that takes one value the last one counts, as on k3s' command line.
            let isList = K3sConfigKeys.isList(key)
            let texts = isList ? values[key] ?? [] : values[key].map { $0.suffix(1) } ?? []
            let value = texts.count == 1 ? Self.scalar(texts[0]) : Self.list(texts)
            return .init(key: key, keyNode: Self.scalar(key), value: value)
          }
        )
      ),
      mark: K3sYAML.mark
    )
  }

  package var keys: [String] { node.mapping?.entries.map(\.key) ?? [] }

  /// The text of a key that has one value; `nil`: it is not there, or has several.
  package func text(of key: String) -> String? { node.mapping?[key]?.scalar?.text }

  /// The values of a key as k3s takes them; it splits lists at commas, but not arguments that it passes on. `nil`: the
  /// key is not there.
  package func values(of key: String) -> [String]? {
    guard let value = node.mapping?[key] else { return nil }
    return (value.sequence ?? [value]).flatMap { item -> [String] in
      if let flag = item.bool { return [flag ? "true" : "false"] }
      guard let text = item.scalar?.text else { return [K3sSecrets.hidden] }
      guard K3sConfigKeys.isList(key), !key.hasSuffix("-arg") else { return [text] }
      return text.split(separator: ",", omittingEmptySubsequences: true).map { $0.trimmingWhitespace() }
    }
  }

  /// This configuration with `other`'s keys in place of its own: arguments beat the file.
  package func overlaid(with other: K3sConfiguration) -> K3sConfiguration {
    let own = (node.mapping?.entries ?? []).filter { other.node.mapping?[$0.key] == nil }
    let entries = own + (other.node.mapping?.entries ?? [])
    return K3sConfiguration(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark))
  }

  /// One key of it, with its value; `nil`: it is not there.
  package func only(_ key: String) -> K3sConfiguration? {
    guard node.mapping?[key] != nil else { return nil }
    return without(Set(keys.filter { $0 != key }))
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
  package var oneLine: String { K3sYAML.oneLine(K3sSecrets.redacted(node)) }

  /// The same, as the inventory writes it: flags as booleans, numbers as numbers, lists as lists.
  package var normalized: K3sConfiguration {
    let entries = (node.mapping?.entries ?? []).map { entry in
      YAMLMapping.Entry(key: entry.key, keyNode: entry.keyNode, value: normalized(entry.value, of: entry.key))
    }
    return K3sConfiguration(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark))
  }

  private func normalized(_ value: YAMLNode, of key: String) -> YAMLNode {
    guard let values = values(of: key), let last = values.last else { return value }
    switch K3sConfigKeys.shape(of: key) {
    case .flag: return YAMLNode(.scalar(.bool(K3sComparison.isTrue(last))), mark: value.mark)
    case .number: return Int64(last).map { YAMLNode(.scalar(.int($0)), mark: value.mark) } ?? value
    case .list: return Self.list(values)
    case .text, .mode: return Self.scalar(value.scalar?.text ?? last)
    case nil: return value
    }
  }

  package static func scalar(_ text: String) -> YAMLNode { YAMLNode(.scalar(.string(text)), mark: K3sYAML.mark) }

  package static func list(_ texts: [String]) -> YAMLNode {
    YAMLNode(.sequence(texts.map(scalar)), mark: K3sYAML.mark)
  }
}
