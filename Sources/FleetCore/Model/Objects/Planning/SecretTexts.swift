/// Texts that must not be shown, and how they are taken out of what a server says.
///
/// A server's refusal may quote the object, and a Secret's refusal the secret.
package struct SecretTexts: Sendable {
  private let texts: [String]

  /// Shorter ones stand in too many words to be told from them; of objects that hold any, refusals are cut anyway.
  private static let shortest = 4

  package init(_ texts: some Sequence<String>) {
    // The longest first: one secret may be part of another.
    self.texts = Set(texts.filter { $0.utf8.count >= Self.shortest }).sorted {
      $0.utf8.count == $1.utf8.count ? $0 < $1 : $0.utf8.count > $1.utf8.count
    }
  }

  /// The values of Secrets, as they are and in base64, and every value of what was decrypted.
  package init(of objects: [KubernetesObject]) {
    var texts: [String] = []
    for object in objects {
      if BuiltInKinds.isSecret(object.identity) {
        for member in object.content["data"]?.members ?? [] {
          guard let text = member.value.string else { continue }
          texts.append(text)
          if let bytes = Base64.decode(text) { texts.append(String(decoding: bytes, as: UTF8.self)) }
        }
        Self.collect(object.content["stringData"] ?? .null, into: &texts)
      } else if object.isConfidential {
        for member in object.content.members ?? [] where !["apiVersion", "kind", "metadata"].contains(member.key) {
          Self.collect(member.value, into: &texts)
        }
      }
    }
    self.init(texts)
  }

  private static func collect(_ value: JSONText, into texts: inout [String]) {
    switch value {
    case .object(let members): for member in members { collect(member.value, into: &texts) }
    case .array(let items): for item in items { collect(item, into: &texts) }
    case .string(let text): texts += [text] + text.split(separator: "\n").map(String.init)
    case .integer, .number, .boolean, .null: break
    }
  }

  /// What a server said, without what is secret.
  ///
  /// - Parameter isSecret: of an object that holds secrets: what follows the words with which servers begin to quote is
  ///   left out as a whole.
  package func removed(from message: String, isSecret: Bool) -> String {
    var text = String(message.prefix(4000))
    if isSecret {
      for word in Self.quotations {
        if let range = text.firstRange(of: word) {
          text = text[..<range.lowerBound] + "(what follows may hold the secret)"
        }
      }
    }
    for secret in texts where text.contains(secret) { text = text.replacing(secret, with: "(secret)") }
    return text
  }

  private static let quotations = [
    "error found in", "bigger context", "Invalid value", "Unsupported value", "Duplicate value", "cannot unmarshal",
    "unrecognized",
  ]
}
