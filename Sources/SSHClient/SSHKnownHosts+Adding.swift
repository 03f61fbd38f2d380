extension SSHKnownHosts {
  /// The text of a known_hosts file that knows these keys of a host as well.
  ///
  /// All other lines stay as they are, comments and their order included. A key that the file has already is not added
  /// again.
  ///
  /// - Parameters:
  ///   - port: other than 22 it becomes a part of the name, `[host]:port`.
  ///   - replacing: whether the lines that give the host other keys go. Of a line with several names only this host's is
  ///     taken away; patterns (`*.lan`) stay, and may then still name another key.
  /// - Throws: `SSHParseError` when the file cannot be used as it is, or the host is no name for a line.
  public static func adding(
    _ keys: [SSHPublicKey], host: String, port: Int, to text: String, file: String, replacing: Bool = false
  ) throws(SSHParseError) -> String {
    let known = try SSHKnownHosts(parsing: text, file: file).keys(host: host, port: port)
    let name = Self.name(host: host, port: port)
    guard !host.isEmpty, !name.contains(where: { $0.isWhitespace || ",*?!|#@".contains($0) }) else {
      throw SSHParseError(file: file, problem: "\(printable(host)) is no host name or address")
    }
    var lines: [String] = []
    // By byte: what else Unicode calls a line break may stand in a comment.
    for bytes in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = Substring(bytes)
      if replacing, let rest = try without(name, line, unlessOneOf: keys) {
        if !rest.isEmpty { lines.append(rest) }
      } else {
        lines.append(String(line))
      }
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    lines += keys.filter { !known.contains($0) }.map { "\(name) \($0.line)" }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  /// What is left of a line without the host, when it gives the host another key than `keys`; nil: leave it as it is.
  private static func without(
    _ name: String, _ line: Substring, unlessOneOf keys: [SSHPublicKey]
  ) throws(SSHParseError) -> String? {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 3, let first = words.first, !first.hasPrefix("#"),
      !keys.contains(try SSHPublicKey(type: words[1], base64: words[2])), try HostPattern(first).matches(name)
    else { return nil }
    guard !first.hasPrefix("|") else { return "" }
    let names = first.split(separator: ",").map(String.init)
    let others = names.filter { $0.lowercased() != name }
    guard others.count < names.count else { return nil }
    return others.isEmpty ? "" : ([others.joined(separator: ",")] + words.dropFirst()).joined(separator: " ")
  }
}
