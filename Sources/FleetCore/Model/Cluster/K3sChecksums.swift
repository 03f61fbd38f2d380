/// The checksum file of a k3s release: `sha256sum`'s output, several files' lines one after the other.
package enum K3sChecksums {
  /// Why a checksum file tells nothing. Permanent: the same file tells nothing again.
  package enum Problem: Error, Sendable, Hashable {
    /// Longer than any such file.
    case tooLong(bytes: Int)
    case notListed(String)
    /// The file's line begins with something else than 64 hexadecimal digits.
    case malformed(String)
    /// The file is listed twice, with different sums.
    case ambiguous(String)

    package var message: String {
      switch self {
      case .tooLong(let bytes):
        "the checksum file has \(bytes) bytes, more than the \(K3sChecksums.maximumBytes) allowed"
      case .notListed(let name): "the checksum file does not list \(name)"
      case .malformed(let name): "the checksum file's line for \(name) does not begin with a SHA-256"
      case .ambiguous(let name): "the checksum file lists \(name) twice, with different sums"
      }
    }
  }

  /// Bytes; real ones have a few hundred.
  package static let maximumBytes = 1 << 16

  /// The lowercase SHA-256 of the file `name`: its line ends in a blank, or sha256sum's `*` for binary mode, and the name,
  /// as k3s' install.sh looks for it.
  package static func sum(of name: String, in bytes: [UInt8]) throws(Problem) -> String {
    guard bytes.count <= maximumBytes else { throw .tooLong(bytes: bytes.count) }
    var found: String?
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      guard line.hasSuffix(" " + name) || line.hasSuffix(" *" + name) else { continue }
      let sum = line.prefix { $0 != " " }.lowercased()
      let isDigest = sum.utf8.count == 64 && sum.allSatisfy { $0.isASCII && $0.isHexDigit }
      let rest = line.dropFirst(sum.count)
      guard isDigest, rest == "  " + name || rest == " *" + name else { throw .malformed(name) }
      guard found == nil || found == sum else { throw .ambiguous(name) }
      found = sum
    }
    guard let found else { throw .notListed(name) }
    return found
  }
}
