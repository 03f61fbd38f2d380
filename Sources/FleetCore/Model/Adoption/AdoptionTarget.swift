/// A host that is to be taken over, as `--from` names it: `user@host`, `user@host:port`, `user@[fe80::1]:22`.
package struct AdoptionTarget: Sendable, Hashable, CustomStringConvertible {
  package let user: String
  /// A name or an address; IPv6 without brackets.
  package let host: String
  package let port: Int

  package init(user: String, host: String, port: Int = 22) {
    self.user = user
    self.host = host
    self.port = port
  }

  /// Throws what is wrong with the word, for a command line's user.
  package init(parsing word: String) throws(AdoptionTargetProblem) {
    let shown = TerminalText.escape(String(word.prefix(300)))
    func problem(_ text: String) -> AdoptionTargetProblem {
      AdoptionTargetProblem(message: "--from \(shown): \(text); write user@host or user@host:port")
    }
    let halves = word.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard halves.count == 2 else { throw problem("the account is missing") }
    let (host, port) = Self.endpoint(halves[1])
    if let bad = TextRule.account.problem(with: halves[0]) { throw problem("the account \(bad)") }
    if let bad = TextRule.address.problem(with: host) { throw problem("the host \(bad)") }
    let number = port.map { Int($0) ?? 0 } ?? 22
    guard (1...65_535).contains(number) else { throw problem("the port is none of 1 to 65535") }
    self.init(user: halves[0], host: host, port: number)
  }

  /// Brackets stand around an IPv6 address that a port follows; without them several colons are an address.
  private static func endpoint(_ text: String) -> (host: String, port: String?) {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return (host, nil) }
      return (host, rest.hasPrefix(":") ? String(rest.dropFirst()) : "")
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    return parts.count == 2 ? (parts[0], parts[1]) : (text, nil)
  }

  package var description: String {
    let bracketed = host.contains(":") && port != 22 ? "[\(host)]" : host
    return port == 22 ? "\(user)@\(bracketed)" : "\(user)@\(bracketed):\(port)"
  }
}

/// A word that names no host.
package struct AdoptionTargetProblem: Error, Sendable {
  package let message: String
}
