/// One file below cluster/, as it was read.
package struct ManifestFile: Sendable {
  /// Relative to the repository, in its simplest form; of a decrypted file without the suffix of the encryption.
  package let name: String
  package let bytes: [UInt8]
  package let state: State

  package enum State: Sendable, Hashable {
    case plain
    /// It was decrypted in memory: nothing of its text is shown.
    case decrypted
    /// It is encrypted, and this run did not or could not decrypt it.
    case encrypted
  }

  package init(name: String, bytes: [UInt8], state: State = .plain) {
    self.name = name
    self.bytes = bytes
    self.state = state
  }

  /// `cluster/apps`.
  package var directory: String { Self.directory(of: name) }

  package var baseName: String { name.split(separator: "/").last.map(String.init) ?? name }

  package static func directory(of name: String) -> String {
    name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
  }

  /// What kubectl reads of a directory.
  package var isManifest: Bool {
    !baseName.hasPrefix(".") && [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
  }

  package var isKustomization: Bool { Self.kustomizationNames.contains(baseName) }

  private static let kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
}

extension ManifestFile {
  private static let encryptionSuffixes = [".age", ".asc", ".enc", ".gpg", ".pgp"]

  /// Without the suffix of the encryption: `secrets.yaml` for `secrets.yaml.age`.
  package static func decryptedName(of name: String) -> String {
    encryptionSuffixes.first(where: name.hasSuffix).map { String(name.dropLast($0.utf8.count)) } ?? name
  }

  /// Whether it is encrypted by its name or its content: age, PGP or SOPS.
  package static func isEncrypted(_ name: String, _ bytes: [UInt8]) -> Bool {
    if encryptionSuffixes.contains(where: name.hasSuffix) { return true }
    let heads = ["age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----"]
    if heads.contains(where: { bytes.starts(with: $0.utf8) }) { return true }
    return isSOPS(bytes)
  }

  /// SOPS keeps the keys and encrypts the values: `sops:` at the top, and values that begin with ENC[.
  private static func isSOPS(_ bytes: [UInt8]) -> Bool {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.contains { $0.hasPrefix("sops:") || $0.hasPrefix("    \"sops\":") || $0.hasPrefix("\t\"sops\":") }
      && lines.contains { $0.contains("ENC[AES256_GCM") }
  }
}
