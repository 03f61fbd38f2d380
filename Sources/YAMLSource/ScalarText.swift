/// How a single value is written so that readers of YAML 1.1 (k3s' yaml.v2, PyYAML) and of YAML 1.2 read the same
/// value.
enum ScalarText {
  /// - Parameter indentation: spaces before each line of a block; deeper than the parent's.
  static func value(_ scalar: YAMLScalar, indentation: Int) -> String {
    switch scalar.resolved {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): float(value)
    case .string: string(scalar.text, indentation: indentation)
    }
  }

  /// A key on one line.
  static func key(_ key: String) -> String {
    isPlain(key) ? key : doubleQuoted(key)
  }

  /// A value inside `[…]` or `{…}`, where a comma ends it; on one line.
  static func flow(_ scalar: YAMLScalar) -> String {
    guard case .string = scalar.resolved else { return value(scalar, indentation: 0) }
    return flowKey(scalar.text)
  }

  static func flowKey(_ key: String) -> String {
    isPlain(key) && !key.contains(",") ? key : doubleQuoted(key)
  }

  private static func string(_ text: String, indentation: Int) -> String {
    if isPlain(text) { return text }
    return literalBlock(text, indentation: indentation) ?? doubleQuoted(text)
  }

  /// YAML 1.1 wants a dot in a float and a sign in its exponent: `1.0e+16`.
  private static func float(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    guard let exponent = text.firstIndex(of: "e") else { return text }
    let mantissa = text[..<exponent]
    return "\(mantissa)" + (mantissa.contains(".") ? "" : ".0") + text[exponent...]
  }

  /// Whether text means itself without quotes. Errs towards quotes: what begins with a letter, `/` or `_` and goes on
  /// with characters that mean nothing to YAML cannot be a number, a date or syntax, and the words that can are listed.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    let isStart = isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "_")
    return isStart && last != UInt8(ascii: " ")
      && text.utf8.allSatisfy { isLetter($0) || plainCharacters.contains($0) }
      && !reservedWords.contains(text.lowercased())
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a") <= byte | 0x20 && byte | 0x20 <= UInt8(ascii: "z")
  }

  private static let plainCharacters = Set("0123456789 /_-.+=,;@~^()$%".utf8)

  /// Null and the booleans of both versions (yaml.v2 reads `y` as one in some places), and what a number parser behind
  /// a reader might take.
  private static let reservedWords: Set<String> = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "inf", "infinity", "nan",
  ]

  /// The text as a `|` block, or `nil` if a block would not give it back exactly.
  private static func literalBlock(_ text: String, indentation: Int) -> String? {
    let characters = text.unicodeScalars
    guard characters.contains("\n") else { return nil }
    // White space at the beginning would decide the block's indentation.
    guard let first = characters.first, first != " ", first != "\t", first != "\n" else { return nil }
    guard characters.allSatisfy({ $0 == "\n" || $0 == "\t" || SafeText.escape($0) == nil }) else { return nil }

    var lines = characters.split(separator: "\n", omittingEmptySubsequences: false)
    let endsInLineFeed = lines.last?.isEmpty ?? false
    if endsInLineFeed { lines.removeLast() }
    // Lines of white space only are where readers and editors disagree.
    guard lines.allSatisfy({ $0.isEmpty || !$0.allSatisfy { $0 == " " || $0 == "\t" } }) else { return nil }

    let header = !endsInLineFeed ? "|-" : lines.last?.isEmpty ?? false ? "|+" : "|"
    let margin = String(repeating: " ", count: indentation)
    return lines.reduce(into: header) { $0 += $1.isEmpty ? "\n" : "\n\(margin)\(Substring($1))" }
  }

  private static func doubleQuoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\": result += "\\\(character)"
      default: result += SafeText.escape(character) ?? String(character)
      }
    }
    return result + "\""
  }
}
