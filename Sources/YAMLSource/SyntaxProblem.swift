/// A syntax error in libyaml's words, made into one that says where to look and what to do.
struct SyntaxProblem {
  /// Such as "did not find expected key".
  let problem: String
  let mark: YAMLMark
  /// Such as "while parsing a block mapping", if libyaml says.
  let context: String?
  /// Where the context begins; means something only if there is a context.
  let contextMark: YAMLMark

  var error: YAMLError {
    var text = problem
    var place = mark
    if let context {
      text += " \(context)"
      if contextMark.line == mark.line {
        // Both are in sight.
      } else if isAtEnd {
        // The end of the file shows nothing; what was left open does.
        place = contextMark
      } else {
        text += " that begins on line \(contextMark.line)"
      }
    }
    if let advice { text += ": \(advice)" }
    return YAMLError(mark: place.source.mark(line: place.line, column: place.column), problem: text)
  }

  private var isAtEnd: Bool {
    mark.line == mark.source.lineCount && character == nil
  }

  /// The character at the mark, `nil` at the end of a line.
  private var character: Unicode.Scalar? {
    mark.source.line(mark.line)?.unicodeScalars.dropFirst(mark.column - 1).first
  }

  /// What usually mends the mistakes that are usually made.
  private var advice: String? {
    switch problem {
    case "found character that cannot start any token":
      switch character {
      case "\t": "indent with spaces, not tabs"
      case let character?: "quote the text that begins with \(SafeText.quoted(String(character)))"
      case nil: nil
      }
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      "indent with spaces, not tabs"
    case "mapping values are not allowed in this context":
      "quote a text that contains \": \", or check the indentation"
    case "did not find expected key":
      "check the indentation and the quotes up to here"
    default: nil
    }
  }
}
