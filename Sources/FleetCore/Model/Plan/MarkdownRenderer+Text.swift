/// Foreign text in Markdown.
enum MarkdownText {
  /// `text` as code, where no forge looks for mentions and issue numbers. It must be escaped for a terminal already, so
  /// that it is one line. An address that stands in it may still become a link, to what it says.
  ///
  /// An HTML element with character references rather than backticks: a reference can never be markup (CommonMark 0.31,
  /// 2.5), and so one rule serves tables, headings and lists, whatever pipes and backticks the text holds.
  static func code(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    var safe = "<code>"
    for character in text.unicodeScalars {
      if special.contains(character) {
        safe += "&#\(character.value);"
      } else {
        safe.unicodeScalars.append(character)
      }
    }
    return safe + "</code>"
  }

  private static let special = Set("&<>\"'`|\\*_[]~@#$!".unicodeScalars)

  /// Lines in a fence that none of them can close.
  static func fence(_ lines: [String], language: String) -> String {
    var longest = 0
    for line in lines {
      var run = 0
      for scalar in line.unicodeScalars {
        run = scalar == "`" ? run + 1 : 0
        longest = max(longest, run)
      }
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return ([fence + language] + lines + [fence]).joined(separator: "\n")
  }
}
