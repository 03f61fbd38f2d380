internal import Crypto
internal import FoundationEssentials

/// The host keys of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), hashed entries included.
public struct SSHKnownHosts: Sendable {
  struct Entry: Sendable {
    var hosts: HostPattern
    var key: SSHPublicKey
  }

  enum HostPattern: Sendable {
    /// `a,b*,!c`, lowercase.
    case names([String])
    /// `|1|salt|hmac`: the HMAC-SHA1 of the name under the salt.
    case hashed(salt: [UInt8], code: [UInt8])
  }

  private var entries: [Entry] = []
  /// Asked for hosts that no entry names.
  private var fallbacks: [SSHKnownHosts] = []

  /// Parses the text of a known_hosts file; `file` only names it in errors.
  ///
  /// Nothing is skipped in silence: a malformed line, an unsupported key type and the markers `@cert-authority` and
  /// `@revoked`, which change whom the file trusts, are errors with file and line.
  public init(parsing text: String, file: String) throws(SSHParseError) {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      do throws(SSHParseError) {
        entries.append(try Self.entry(words))
      } catch {
        throw SSHParseError(file: file, line: index + 1, problem: error.problem)
      }
    }
  }

  /// The keys that the file gives for a host at a port. Ports other than 22 are looked up as `[host]:port` alone.
  public func keys(host: String, port: Int) -> [SSHPublicKey] {
    let name = Self.name(host: host, port: port)
    var keys: [SSHPublicKey] = []
    for entry in entries where entry.hosts.matches(name) && !keys.contains(entry.key) { keys.append(entry.key) }
    for fallback in fallbacks where keys.isEmpty { keys = fallback.keys(host: host, port: port) }
    return keys
  }

  /// This file, and `other` for the hosts that this one does not name: a key that was replaced here is not accepted
  /// because the other file still has it.
  public func fallingBack(to other: SSHKnownHosts) -> SSHKnownHosts {
    var both = self
    both.fallbacks.append(other)
    return both
  }

  /// The name under which a host stands in the file.
  static func name(host: String, port: Int) -> String {
    port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
  }

  private static func entry(_ words: [String]) throws(SSHParseError) -> Entry {
    if words[0].hasPrefix("@") {
      throw SSHParseError(
        problem:
          "the marker \(printable(words[0], limit: 40)) is not supported; remove the line or list plain host keys"
      )
    }
    guard words.count >= 3 else {
      throw SSHParseError(problem: "expected host, key type and key in base64")
    }
    return Entry(
      hosts: try HostPattern(words[0]),
      key: try SSHPublicKey(type: words[1], base64: words[2])
    )
  }
}

extension SSHKnownHosts.HostPattern {
  init(_ word: String) throws(SSHParseError) {
    guard word.hasPrefix("|") else {
      self = .names(word.lowercased().split(separator: ",").map(String.init))
      return
    }
    let parts = word.split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1] == "1",
      let salt = Data(base64Encoded: String(parts[2])), let code = Data(base64Encoded: String(parts[3])),
      code.count == Insecure.SHA1.byteCount
    else {
      throw SSHParseError(problem: "a hashed host must look like |1|salt|hash")
    }
    self = .hashed(salt: Array(salt), code: Array(code))
  }

  /// True when a pattern matches and no negated one does.
  func matches(_ name: String) -> Bool {
    switch self {
    case .names(let patterns):
      let negated = patterns.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }
      let plain = patterns.filter { !$0.hasPrefix("!") }
      return plain.contains { wildcard($0, matches: name) } && !negated.contains { wildcard($0, matches: name) }
    case .hashed(let salt, let code):
      return HMAC<Insecure.SHA1>.isValidAuthenticationCode(
        code,
        authenticating: Array(name.utf8),
        using: SymmetricKey(data: salt)
      )
    }
  }
}

/// Matches `*` (any run of bytes) and `?` (any one byte), in time linear in pattern times name.
private func wildcard(_ pattern: String, matches name: String) -> Bool {
  let pattern = Array(pattern.utf8), name = Array(name.utf8)
  var (p, n) = (0, 0)
  var retry: (pattern: Int, name: Int)?
  while n < name.count {
    if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
      retry = (p + 1, n)
      p += 1
    } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
      p += 1
      n += 1
    } else if let (afterStar, from) = retry {
      // Let the last star take one byte more.
      retry = (afterStar, from + 1)
      p = afterStar
      n = from + 1
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
}
