internal import Crypto
internal import FoundationEssentials

/// A public key of a host or a user, as RFC 4253 section 6.6 writes it.
public struct SSHPublicKey: Sendable, Hashable, CustomStringConvertible {
  /// The key's type, for example `ssh-ed25519`.
  public let type: String
  /// The key in SSH's wire format; it begins with the type.
  public let blob: [UInt8]

  /// The types that can be pinned, the preferred one first.
  static let supportedTypes = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
  ]

  /// A key in wire format. Throws `SSHParseError` when the blob is malformed or of a type that cannot be used.
  public init(blob: [UInt8]) throws(SSHParseError) {
    var reader = WireReader(blob)
    guard let type = reader.name() else {
      throw SSHParseError(problem: "the key does not begin with the name of its type")
    }
    // What follows the type: ed25519 one string, ecdsa the curve and the point, rsa the exponent and the modulus.
    let fieldCount = type == "ssh-ed25519" ? 1 : 2
    guard Self.supportedTypes.contains(type) else {
      throw SSHParseError(
        problem: "keys of type \(printable(type, limit: 60)) are not supported; use ssh-ed25519 or ecdsa-sha2-nistp256"
      )
    }
    var fields: [ArraySlice<UInt8>] = []
    for _ in 0..<fieldCount {
      guard let field = reader.string(), !field.isEmpty else {
        throw SSHParseError(problem: "the \(type) key is cut short")
      }
      fields.append(field)
    }
    guard reader.isAtEnd else { throw SSHParseError(problem: "the \(type) key has bytes after its end") }
    if type == "ssh-ed25519", fields[0].count != 32 {
      throw SSHParseError(problem: "an ssh-ed25519 key has 32 bytes, this one has \(fields[0].count)")
    }
    self.type = type
    self.blob = blob
  }

  /// A line as in a `.pub` or authorized_keys file: type, key in base64, and optionally a comment.
  public init(authorizedKeysLine line: String) throws(SSHParseError) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count >= 2 else {
      throw SSHParseError(problem: "not a public key: expected \"ssh-ed25519 AAAA…\"")
    }
    try self.init(type: String(words[0]), base64: String(words[1]))
  }

  /// A type and a key in base64 that say the same type.
  init(type: String, base64: String) throws(SSHParseError) {
    guard let data = Data(base64Encoded: base64) else {
      throw SSHParseError(problem: "the key after \"\(printable(type, limit: 60))\" is not base64")
    }
    try self.init(blob: Array(data))
    guard self.type == type else {
      throw SSHParseError(
        problem: "the line says \(printable(type, limit: 60)) but the key in it is of type \(self.type)"
      )
    }
  }

  /// The SHA-256 of the key as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
  public var fingerprint: String {
    "SHA256:" + Data(SHA256.hash(data: blob)).base64EncodedString().trimmingSuffix("=")
  }

  /// The key as a line for known_hosts or an inventory, without host and comment.
  public var line: String { "\(type) \(Data(blob).base64EncodedString())" }

  /// Type and fingerprint: `ssh-ed25519 SHA256:…`.
  public var description: String { "\(type) \(fingerprint)" }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var trimmed = self[...]
    while trimmed.last == character { trimmed.removeLast() }
    return String(trimmed)
  }
}
