internal import Crypto
package import FleetModel

/// What a client must know. Only its digest is kept, and digests are compared: in constant time.
package struct AccessToken: Sendable {
  private let digest: SHA256Digest

  /// Bytes that a token must have at least: it can be tried from outside.
  package static let shortest = 16

  /// `nil`: it is too short.
  package init?(_ secret: Secret) {
    let digest = secret.withBytes { bytes in bytes.count < Self.shortest ? nil : SHA256.hash(data: bytes) }
    guard let digest else { return nil }
    self.digest = digest
  }

  /// Whether the value of an Authorization header brings it: `Bearer TOKEN`, or `Basic` with it as the password, which
  /// is how browsers ask for it.
  func isBrought(by authorization: String?) -> Bool {
    guard let authorization else { return false }
    let words = authorization.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return false }
    switch words[0].lowercased() {
    case "bearer": return SHA256.hash(data: Array(words[1].utf8)) == digest
    case "basic":
      guard let pair = Base64.decode(String(words[1])), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else {
        return false
      }
      return SHA256.hash(data: pair[(colon + 1)...]) == digest
    default: return false
    }
  }
}
