package import Crypto

/// What a file shall hold: text, with named secrets in between. Steps and plans carry this, never the secret's bytes.
package struct Content: Sendable, Hashable {
  package enum Piece: Sendable, Hashable {
    case text(String)
    case secret(SecretReference)
  }

  package let pieces: [Piece]

  package init(_ pieces: [Piece]) { self.pieces = pieces }
  package init(_ text: String) { self.pieces = [.text(text)] }
  package init(secret: SecretReference) { self.pieces = [.secret(secret)] }

  package var secrets: [SecretReference] {
    pieces.compactMap { if case .secret(let reference) = $0 { reference } else { nil } }
  }

  /// The text, or `nil` when a secret is part of it: such content is never shown.
  package var text: String? {
    guard secrets.isEmpty else { return nil }
    return pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined()
  }

  /// The bytes as the node shall get them; `nil` when a secret is missing from the vault.
  package func bytes(with vault: SecretVault) -> [UInt8]? {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let text): bytes += text.utf8
      case .secret(let reference):
        guard let secret = vault[reference] else { return nil }
        secret.withBytes { bytes += $0 }
      }
    }
    return bytes
  }

  /// Lowercase SHA-256 of the bytes; `nil` when a secret is missing from the vault.
  package func digest(with vault: SecretVault) -> String? {
    bytes(with: vault).map { SHA256.hash(data: $0).hexadecimal }
  }
}

extension Digest {
  /// Lowercase, two digits a byte, as sha256sum(1) prints it.
  package var hexadecimal: String {
    var text = ""
    for byte in self {
      text.append(Self.hexadecimalDigits[Int(byte >> 4)])
      text.append(Self.hexadecimalDigits[Int(byte & 0xF)])
    }
    return text
  }

  private static var hexadecimalDigits: [Character] { Array("0123456789abcdef") }
}
