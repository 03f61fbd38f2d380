import YAMLSource

/// config.yaml and the files of config.yaml.d, read as k3s reads them.
package enum K3sConfigFiles {
  /// In k3s' order: config.yaml first, then the drop-ins by name. The last value of a key counts; `key+` appends to the
  /// list before it.
  package static func merged(_ files: [K3sConfiguration]) -> K3sConfiguration {
    var order: [String] = []
    var values: [String: YAMLNode] = [:]
    for entry in files.flatMap({ $0.node.mapping?.entries ?? [] }) {
      let isAppended = entry.key.hasSuffix("+")
      let key = isAppended ? String(entry.key.dropLast()) : entry.key
      if values[key] == nil { order.append(key) }
      if isAppended, let before = values[key] {
        let items = (before.sequence ?? [before]) + (entry.value.sequence ?? [entry.value])
        values[key] = YAMLNode(.sequence(items), mark: entry.value.mark)
      } else {
        values[key] = entry.value
      }
    }
    let entries = order.compactMap { key in
      values[key].map { YAMLMapping.Entry(key: key, keyNode: K3sConfiguration.scalar(key), value: $0) }
    }
    return K3sConfiguration(YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: K3sYAML.mark))
  }
}
