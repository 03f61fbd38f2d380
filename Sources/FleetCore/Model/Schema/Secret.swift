/// The name of a secret, as the inventory writes it: `{secret: NAME}`.
package struct SecretReference: Sendable, Hashable {
  package let name: String

  package init(_ name: String) { self.name = name }
}

/// The bytes of a secret.
///
/// No description, mirror, `Codable` or comparison shows them; they leave through `withBytes` only, whose callers
/// `scripts/check-layers` lists: for the digest and the content of a file, for sudo's password, and to open a private key.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result { try body(bytes) }

  package var isEmpty: Bool { bytes.isEmpty }

  package var description: String { "<redacted>" }
  package var debugDescription: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The secrets that one run could read, by name.
package struct SecretVault: Sendable {
  private let secrets: [String: Secret]

  package init(_ secrets: [String: Secret] = [:]) { self.secrets = secrets }

  package subscript(_ reference: SecretReference) -> Secret? { secrets[reference.name] }

  /// With one more, or with another in its place.
  package func holding(_ secret: Secret, as reference: SecretReference) -> SecretVault {
    SecretVault(secrets.merging([reference.name: secret]) { $1 })
  }
}
