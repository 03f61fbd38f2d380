/// Text from a node or a repository, made safe for a terminal, a log line or a table cell.
package enum TerminalText {
  /// `text` with every control code, bidirectional override and unassigned byte written out (`\u{1B}` becomes
  /// `\x1b`), so that nothing a node answers can move the cursor, change a title or forge a line.
  package static func escape(_ text: String, keepingTabs: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if !isUnsafe(scalar) || (keepingTabs && scalar == "\t") {
        safe.unicodeScalars.append(scalar)
      } else {
        safe += written(scalar)
      }
    }
    return safe
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

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
    default: false
    }
  }

  private static func written(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let code = String(scalar.value, radix: 16)
      return scalar.value < 0x100 ? "\\x" + String(repeating: "0", count: 2 - code.count) + code : "\\u{\(code)}"
    }
  }
}
