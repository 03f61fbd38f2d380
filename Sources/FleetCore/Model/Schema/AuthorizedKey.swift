import Crypto

/// One line of authorized_keys (sshd(8)): a public key, with options before it and a comment behind it.
package struct AuthorizedKey: Sendable, Hashable {
  /// `from="192.0.2.0/24",restrict`; empty: none.
  package let options: String
  package let type: String
  package let base64: String
  package let comment: String

  package static let types = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
  ]

  /// `nil` when the line is none: empty, a comment, or nothing that sshd would take.
  package init?(_ line: String) {
    let text = line.trimmingWhitespace()
    guard !text.isEmpty, !text.hasPrefix("#") else { return nil }
    let (first, rest) = Self.word(of: text[...])
    let hasOptions = !Self.types.contains(first)
    let (type, afterType) = hasOptions ? Self.word(of: rest) : (first, rest)
    let (base64, afterKey) = Self.word(of: afterType)
    guard Self.types.contains(type), Self.isKey(base64, of: type) else { return nil }
    options = hasOptions ? first : ""
    self.type = type
    self.base64 = base64
    comment = String(afterKey).trimmingWhitespace()
  }

  /// As a file holds it.
  package var line: String { [options, type, base64, comment].filter { !$0.isEmpty }.joined(separator: " ") }

  /// Whether both let the same key in, in the same way; comments mean nothing.
  package func isEquivalent(to other: AuthorizedKey) -> Bool { base64 == other.base64 && options == other.options }

  /// `SHA256:…`, as `ssh-keygen -l` shows it.
  package var fingerprint: String {
    "SHA256:" + Base64.encodeUnpadded(Array(SHA256.hash(data: Base64.decode(base64) ?? [])))
  }

  /// What a plan shows of it: no more of a comment than a line bears.
  package var shown: String {
    [options, type, fingerprint, String(comment.prefix(80))].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Up to the first white space outside double quotes; within them `\"` is a quote.
  private static func word(of text: Substring) -> (String, Substring) {
    let text = text.drop(while: \.isWhitespace)
    var isQuoted = false
    var isEscaped = false
    let end = text.firstIndex { character in
      if isEscaped {
        isEscaped = false
        return false
      }
      if character == "\"" { isQuoted.toggle() }
      isEscaped = isQuoted && character == "\\"
      return !isQuoted && character.isWhitespace
    }
    return (String(text[..<(end ?? text.endIndex)]), text[(end ?? text.endIndex)...])
  }

  /// The key names its own type: length, then the name (RFC 4253, section 6.6).
  private static func isKey(_ base64: String, of type: String) -> Bool {
    guard let bytes = Base64.decode(base64), (32...16_384).contains(bytes.count) else { return false }
    let name = Array(type.utf8)
    return Array(bytes.prefix(4 + name.count)) == [0, 0, 0, UInt8(name.count)] + name
  }
}

extension TextRule {
  package static let authorizedKey = TextRule("a public key such as \"ssh-ed25519 AAAA… name\"") { text in
    if text.contains("PRIVATE KEY") { return "is a private key: write the line of its .pub file" }
    if text.utf8.count > 32_768 { return "is longer than 32 KiB" }
    if text.contains("ssh-dss ") { return "is a DSA key, which OpenSSH takes no more" }
    return AuthorizedKey(text) == nil ? "is no whole line of a .pub file" : nil
  }
}
