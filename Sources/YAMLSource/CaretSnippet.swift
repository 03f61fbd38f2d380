/// A problem at a place, as a reader wants to see it:
///
/// ```
/// inventory/nodes/pi1.yaml:4:3: unknown key "adress", did you mean "address"?
///   adress: 192.168.1.11
///   ^
/// ```
///
/// The source line is safe to print (control characters escaped) and short (cut to a window around the caret). The
/// caret line repeats its tabs and pads by what each character takes on a terminal, so that the caret stays below.
public struct CaretSnippet: Sendable, Hashable, CustomStringConvertible {
  public let mark: YAMLMark
  public let problem: String

  public init(mark: YAMLMark, problem: String) {
    self.mark = mark
    self.problem = problem
  }

  public var description: String {
    let headline = "\(mark): \(problem)"
    // An empty line, such as the one behind the last line break, has nothing to show.
    guard let line = mark.source.line(mark.line), !line.isEmpty else { return headline }

    let characters = Array(line.unicodeScalars)
    let caret = min(mark.column - 1, characters.count)
    let window = Self.window(around: caret, of: characters.count)

    var shown = Self.indentation
    var padding = Self.indentation
    if window.lowerBound > 0 {
      shown += Self.ellipsis
      padding += " "
    }
    for index in window {
      let (text, width) = Self.onTerminal(characters[index])
      shown += text
      if index < caret { padding += text == "\t" ? "\t" : String(repeating: " ", count: width) }
    }
    if window.upperBound < characters.count { shown += Self.ellipsis }
    return "\(headline)\n\(shown)\n\(padding)^"
  }

  private static let indentation = "  "
  private static let ellipsis = "…"
  private static let windowWidth = 100
  private static let shownBeforeCaret = 60

  private static func window(around caret: Int, of count: Int) -> Range<Int> {
    let start = max(0, min(caret - shownBeforeCaret, count - windowWidth))
    return start..<min(count, start + windowWidth)
  }

  private static func onTerminal(_ character: Unicode.Scalar) -> (text: String, width: Int) {
    if character == "\t" { return ("\t", 1) }
    if let escape = SafeText.escape(character) { return (escape, escape.utf8.count) }
    return (String(character), SafeText.columns(of: character))
  }
}
