package import YAMLSource

/// Tells what is secret in k3s' own files, so that no plan ever shows it.
///
/// What fleetd writes holds no secret but in files that are never shown. What it finds on a node that somebody else set
/// up may: a token in config.yaml, a password in registries.yaml.
package enum K3sSecrets {
  package static let hidden = "(hidden)"

  /// Whether text is a secret by its form: k3s' secure token, or a password inside a URL.
  package static func looksSecret(_ text: String) -> Bool {
    if let start = text.firstRange(of: "K10") {
      let rest = text[start.upperBound...]
      if rest.count > 64, rest.prefix(64).allSatisfy(\.isHexDigit) { return true }
    }
    guard let scheme = text.firstRange(of: "://") else { return false }
    let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }

  /// Whether what stands under this key of k3s' files is a secret.
  package static func isSecret(key: String) -> Bool {
    let key = String(key.lowercased().map { $0 == "_" ? "-" : $0 })
    if key.hasSuffix("-file") || key == "etcd-s3-config-secret" { return false }
    return key == "auth" || key.hasPrefix("vpn-auth") || key == "datastore-endpoint"
      || ["token", "password", "passwd", "access-key", "secret-key", "cluster-secret", "api-key"]
        .contains { key.contains($0) }
  }

  /// The same tree with every secret replaced.
  package static func redacted(_ node: YAMLNode) -> YAMLNode {
    switch node.value {
    case .scalar(let scalar):
      return YAMLNode(.scalar(redacted(scalar)), mark: node.mark)
    case .sequence(let items):
      return YAMLNode(.sequence(items.map(redacted)), mark: node.mark)
    case .mapping(let mapping):
      let entries = mapping.entries.map { entry in
        // `auth` is a mapping of credentials in registries.yaml and the credentials themselves inside it.
        let hides = isSecret(key: entry.key) && entry.value.mapping == nil
        let value = hides ? YAMLNode(.scalar(.string(hidden)), mark: entry.value.mark) : redacted(entry.value)
        return YAMLMapping.Entry(key: entry.key, keyNode: entry.keyNode, value: value)
      }
      return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark)
    }
  }

  /// Arguments that are passed on (`kube-apiserver-arg`) are `key=value` themselves.
  private static func redacted(_ scalar: YAMLScalar) -> YAMLScalar {
    if looksSecret(scalar.text) || K3sHidden.digest(in: scalar.text) != nil { return .string(hidden) }
    guard let equals = scalar.text.firstIndex(of: "="),
      isSecret(key: String(scalar.text[..<equals])) || K3sHidden.isHidden(scalar.text)
    else { return scalar }
    return .string(scalar.text[...equals] + hidden)
  }
}
