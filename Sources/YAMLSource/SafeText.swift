/// Text from outside, made safe to print: no line breaks, no terminal control, nothing invisible, bounded on request.
///
/// The one place that decides what may be shown as it is: files, nodes and commands are all printed through it.
public enum SafeText {
  /// The text with everything that is not visible escaped, on one line.
  ///
  /// - Parameter keepingTabs: leaves tabs as they are, for lines of files.
  public static func escaped(_ text: String, keepingTabs: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: { !isVisible($0) }) else { return text }
    var result = ""
    for character in text.unicodeScalars {
      if let escape = escape(character), !(keepingTabs && character == "\t") {
        result += escape
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// The text between double quotes, for a message.
  ///
  /// - Parameter limit: how many characters are shown before the rest becomes `…`.
  public static func quoted(_ text: String, limit: Int = 60) -> String {
    var result = "\""
    for character in text.unicodeScalars.prefix(limit) {
      switch character {
      case "\"", "\\": result += "\\\(character)"
      default: result += escape(character) ?? String(character)
      }
    }
    let isCut = text.unicodeScalars.dropFirst(limit).first != nil
    return result + (isCut ? "…\"" : "\"")
  }

  /// The escape of a character that must not be printed as it is, in the form that YAML's double quotes also read, or
  /// `nil` for a visible character and for the space. A space that only looks like one, such as U+00A0, is escaped.
  static func escape(_ character: Unicode.Scalar) -> String? {
    guard !isVisible(character) else { return nil }
    switch character {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    let digits = String(character.value, radix: 16)
    let (letter, length) = character.value <= 0xFF ? ("x", 2) : character.value <= 0xFFFF ? ("u", 4) : ("U", 8)
    return "\\\(letter)" + String(repeating: "0", count: length - digits.utf8.count) + digits
  }

  private static func isVisible(_ character: Unicode.Scalar) -> Bool {
    if character.isASCII { return (0x20...0x7E).contains(character.value) }
    switch character.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: return false
    case .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
    default: return true
    }
  }

  /// How many terminal columns a visible character takes: 0 for a combining mark, 2 for wide East Asian text and emoji.
  public static func columns(of character: Unicode.Scalar) -> Int {
    if character.isASCII { return 1 }
    switch character.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return wideRanges.contains { $0.contains(character.value) } ? 2 : 1
    }
  }

  /// The blocks of Unicode's East Asian Width "wide" and "fullwidth" (UAX #11), rounded to whole blocks.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
