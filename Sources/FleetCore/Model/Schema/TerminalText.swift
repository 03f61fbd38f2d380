import YAMLSource

/// Text from a node, a repository or a command, made safe for a terminal, a log line or a table cell.
///
/// What is safe, and how the rest is written, is `SafeText`'s to say; here are the forms that output needs.
package enum TerminalText {
  /// `text` with every control code, bidirectional override and invisible character written out (`\u{1B}` becomes
  /// `\x1b`), so that nothing a node answers can move the cursor, change a title or forge a line.
  package static func escape(_ text: String, keepingTabs: Bool = false) -> String {
    SafeText.escaped(text, keepingTabs: keepingTabs)
  }

  /// Bytes as text: invalid UTF-8 becomes U+FFFD, then `escape`.
  package static func escape(bytes: some Sequence<UInt8>, keepingTabs: Bool = false) -> String {
    escape(String(decoding: Array(bytes), as: UTF8.self), keepingTabs: keepingTabs)
  }

  /// The last `count` lines that hold anything, each escaped and cut to `width` characters.
  package static func tail(of text: String, lines count: Int, width: Int = 300) -> [String] {
    text.split(whereSeparator: \.isNewline).suffix(count).map { line in
      escape(String(line.prefix(width)), keepingTabs: true)
    }
  }

  /// `text`, which is escaped already, cut to `columns` columns of a terminal; what is cut ends with `…`.
  package static func cut(_ text: String, toColumns columns: Int) -> String {
    var width = 0
    for scalar in text.unicodeScalars { width += SafeText.columns(of: scalar) }
    guard width > columns else { return text }
    var kept = String.UnicodeScalarView()
    width = 0
    for scalar in text.unicodeScalars {
      width += SafeText.columns(of: scalar)
      guard width < columns else { break }
      kept.append(scalar)
    }
    return columns > 0 ? String(kept) + "…" : ""
  }

  /// How many columns of a terminal `text`, which is escaped already, takes.
  package static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + SafeText.columns(of: $1) }
  }
}
