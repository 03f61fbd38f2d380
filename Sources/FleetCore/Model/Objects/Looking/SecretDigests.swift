import Crypto

/// Values of Secrets as a key that may only look compares them: by digests, in place of the values.
package enum SecretDigests {
  private static let mark = "fleetd-digest:"

  static func text(_ digest: some StringProtocol) -> String { mark + digest }

  static func isDigest(_ text: String) -> Bool { text.hasPrefix(mark) }

  /// Of the values that a manifest has, decoded: lowercase SHA-256.
  static func digests(of object: KubernetesObject) -> Set<String> {
    guard BuiltInKinds.isSecret(object.identity) else { return [] }
    let all = hidden(object.content["data"], isEncoded: true) + hidden(object.content["stringData"], isEncoded: false)
    return Set(all.compactMap { $0.value.string }.filter(isDigest).map { String($0.dropFirst(mark.count)) })
  }

  /// The manifest of a Secret with digests in place of values; what stands below `stringData` apart, because a server
  /// lays it over `data` when all else is decided.
  static func hidden(_ manifest: JSONText) -> (manifest: JSONText, laidOver: [JSONText.Member]) {
    let data = hidden(manifest["data"], isEncoded: true)
    let laidOver = hidden(manifest["stringData"], isEncoded: false)
    let rest = manifest.setting(["stringData"], to: nil)
    return (manifest["data"]?.members == nil ? rest : rest.setting(["data"], to: .object(data)), laidOver)
  }

  private static func hidden(_ values: JSONText?, isEncoded: Bool) -> [JSONText.Member] {
    (values?.members ?? []).map { member in
      guard let value = member.value.string else { return member }
      // A value that is no base64 is refused by a server: it is equal to none.
      let bytes = isEncoded ? Base64.decode(value.filter { !$0.isWhitespace }) : Array(value.utf8)
      return .init(member.key, .string(text(bytes.map { SHA256.hash(data: $0).hexadecimal } ?? "none")))
    }
  }
}
