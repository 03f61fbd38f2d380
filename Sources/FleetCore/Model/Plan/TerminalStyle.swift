/// Whether a plan is coloured, and how: the one place that knows a terminal's codes.
package struct TerminalStyle: Sendable, Hashable {
  package let isColored: Bool

  package init(isColored: Bool) { self.isColored = isColored }

  /// No codes at all: for files, pipes and NO_COLOR.
  package static let plain = TerminalStyle(isColored: false)

  /// What a piece of text stands for. Colours only repeat what symbols and words say already.
  package enum Tone: Sendable, Hashable, CaseIterable {
    case added
    case changed
    case removed
    case acted
    /// Refused or failed.
    case failed
    /// Held, context, or what may be skipped in reading.
    case dim
    /// A node's name.
    case strong

    /// The parameter of SGR, "select graphic rendition" (ECMA-48, 8.3.117): only what every terminal has.
    fileprivate var code: String {
      switch self {
      case .added: "32"
      case .changed: "33"
      case .removed, .failed: "31"
      case .acted: "35"
      case .dim: "2"
      case .strong: "1"
      }
    }
  }

  /// `text` in its tone. Nothing from outside may be in it unescaped: see `TerminalText.escape`.
  package func paint(_ text: String, _ tone: Tone) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(tone.code)m\(text)\u{1B}[0m" : text
  }
}

extension Change.Action {
  var tone: TerminalStyle.Tone {
    switch self {
    case .add: .added
    case .change: .changed
    case .remove: .removed
    case .act: .acted
    }
  }
}

extension Finding.Severity {
  /// `nil`: as the rest of the text.
  var tone: TerminalStyle.Tone? {
    switch self {
    case .refused, .blocked: .failed
    case .held: .dim
    case .note: nil
    }
  }
}
