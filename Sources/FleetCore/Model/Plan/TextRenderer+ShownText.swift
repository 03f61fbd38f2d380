/// How raw values and messages become text for people: escaped first, then cut. Text and Markdown share it.
struct ShownText: Sendable {
  /// Whether everything is shown, however long.
  let isWhole: Bool

  /// Unicode scalars, not characters: one character may carry any number of combining marks.
  static let valueLimit = 60
  static let lineLimit = 400
  static let messageLineLimit = 20

  /// A short text on one line: a name, a note, one value.
  func line(_ raw: String, limit: Int = lineLimit) -> String {
    guard !isWhole else { return TerminalText.escape(raw) }
    // Escaping only lengthens: what comes behind need not be looked at.
    return Self.cut(TerminalText.escape(Self.text(raw.unicodeScalars.prefix(limit + 1))), to: limit)
  }

  /// A message's lines, which a step's output may have many of. Never empty.
  func lines(_ raw: String) -> [String] {
    let all = raw.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" }
    guard all.count > 1 else { return [line(all.first.map(String.init) ?? "")] }
    let shown = (isWhole ? all[...] : all.prefix(Self.messageLineLimit)).map { line(String($0)) }
    return shown + (all.count > shown.count ? ["… and \(all.count - shown.count) more lines"] : [])
  }

  /// `1:2.6.1-1 -> 1:2.6.2-4`; one side alone where the other says nothing.
  func value(of change: Change, arrow: String = "->") -> String {
    switch (change.before, change.after) {
    case (.none, .none): ""
    case (.secret, .secret): "(secret) differs"
    case (.text(let before), .text(let after)): pair(before, after, arrow)
    case (.none, let after): side(after)
    case (let before, .none): change.action == .remove ? side(before) : "\(side(before)) \(arrow) (none)"
    case (let before, let after): "\(side(before)) \(arrow) \(side(after))"
    }
  }

  private func side(_ shown: Shown) -> String {
    switch shown {
    case .none: "(none)"
    case .secret: "(secret)"
    case .text(let text): text.isEmpty ? "\"\"" : line(text, limit: Self.valueLimit)
    }
  }

  /// Where two long values begin alike, the beginning is left out: what is cut must not be the difference.
  private func pair(_ before: String, _ after: String, _ arrow: String) -> String {
    let sides = [TerminalText.escape(before), TerminalText.escape(after)].map { Array($0.unicodeScalars) }
    let isLong = sides.contains { $0.count > Self.valueLimit }
    let alike = zip(sides[0], sides[1]).prefix { $0 == $1 }.count
    let skipped = isLong && !isWhole ? max(0, alike - 20) : 0
    guard skipped > 0 else { return "\(side(.text(before))) \(arrow) \(side(.text(after)))" }
    let shown = sides.map { Self.cut("…" + Self.text($0.dropFirst(skipped)), to: Self.valueLimit) }
    return "\(shown[0]) \(arrow) \(shown[1])"
  }

  /// `text`, or its beginning and "…".
  private static func cut(_ text: String, to limit: Int) -> String {
    guard text.unicodeScalars.count > limit else { return text }
    return Self.text(text.unicodeScalars.prefix(limit - 1)) + "…"
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
