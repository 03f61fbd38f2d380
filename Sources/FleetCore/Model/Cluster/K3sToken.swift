import Crypto

/// A cluster's token, as two sides compare it: never itself, always the digest of the password in it.
package enum K3sToken {
  /// The token that fleetd makes and keeps where the inventory names no secret. No secret of an inventory can be called so.
  package static let own = SecretReference("k3s token of fleetd's own")

  /// The vault with the token's password alone, where it holds the secure form: the hash in that form is this cluster's
  /// to say, and the first server of a cluster takes no other form.
  package static func bare(_ vault: SecretVault, _ token: SecretReference) -> SecretVault {
    guard let bytes = Content(secret: token).bytes(with: vault) else { return vault }
    let text = String(decoding: bytes, as: UTF8.self).trimmingWhitespace()
    return vault.holding(Secret(Array(K3sHidden.password(in: text).utf8)), as: token)
  }

  /// Lowercase SHA-256 of the password: `K10<hash>::server:PASSWORD` and `PASSWORD` mean the same cluster. White space at
  /// the end is none of it, as k3s trims the files that it reads.
  ///
  /// - Returns: `nil` when the vault does not have it.
  package static func digest(of token: SecretReference, in vault: SecretVault) -> String? {
    Content(secret: token).bytes(with: vault).map { bytes in
      K3sHidden.digest(of: String(decoding: bytes, as: UTF8.self).trimmingWhitespace())
    }
  }
}

/// A secret in a node's file as the node sends it: `sha256:` and the digest.
package enum K3sHidden {
  private static let mark = "sha256:"

  /// The digest in a value such as `sha256:…`, or `nil` when it is something else.
  package static func digest(in value: some StringProtocol) -> String? {
    guard value.hasPrefix(mark), value.utf8.count == mark.utf8.count + 64 else { return nil }
    let digest = value.dropFirst(mark.count)
    return digest.allSatisfy { $0.isASCII && $0.isHexDigit } ? digest.lowercased() : nil
  }

  /// A name for a secret that was found in a node's files: letters, digits, `-`, `_` and `.`.
  package static func secretName(_ text: String) -> String {
    String(
      text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") ? $0 : "-" }.prefix(
        64))
  }

  /// 64 hexadecimal digits.
  package static func isDigest(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  /// Whether `value` ends in a hidden secret.
  package static func isHidden(_ value: String) -> Bool {
    digest(in: value) != nil || value.split(separator: "=").last.map { digest(in: $0) != nil } == true
  }

  /// Lowercase SHA-256, of the password alone where it is a token in the secure form.
  package static func digest(of secret: String) -> String {
    SHA256.hash(data: Array(password(in: secret).utf8)).hexadecimal
  }

  /// What stands behind the user in a token of the secure form; all of any other.
  static func password(in secret: String) -> Substring {
    var password = secret[...]
    if secret.hasPrefix("K10"), let separator = secret.firstRange(of: "::") {
      password = secret[separator.upperBound...]
      if let colon = password.firstIndex(of: ":") { password = password[password.index(after: colon)...] }
    }
    return password
  }

  /// Whether a node's value, in which a secret may be hidden, is the wanted one.
  package static func isSame(_ present: String, as wanted: String) -> Bool {
    if present == wanted { return true }
    if let digest = digest(in: present) { return digest == Self.digest(of: wanted) }
    // `--kubelet-arg=api-token=…`
    guard let equals = present.lastIndex(of: "="), let digest = digest(in: present[present.index(after: equals)...]),
      wanted.hasPrefix(present[...equals])
    else { return false }
    return digest == Self.digest(of: String(wanted.dropFirst(present[...equals].count)))
  }
}
