package import YAMLSource

/// One thing that is wrong with what the user wrote, at the place where it is written.
///
/// Its description is `file:line:column: problem`, the source line, a caret, and what to do about it.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// Where it is written; `nil` only for what is missing altogether (no Fleet document at all).
  package let mark: YAMLMark?
  /// What is wrong: lowercase, one sentence, no trailing period.
  package let problem: String
  /// What mends it, when that can be said.
  package let hint: String?

  package init(at mark: YAMLMark?, _ problem: String, hint: String? = nil) {
    self.mark = mark
    self.problem = problem
    self.hint = hint
  }

  package var description: String {
    let problem = Self.printable(problem)
    let text = mark.map { CaretSnippet(mark: $0, problem: problem).description } ?? problem
    return hint.map { text + "\n  = " + Self.printable($0) } ?? text
  }

  /// Both quote what the user wrote, which may hold anything and have any length.
  private static func printable(_ text: String) -> String {
    let bound = 1000
    let shown = TerminalText.escape(String(text.unicodeScalars.prefix(bound)))
    return text.unicodeScalars.count > bound ? shown + "…" : shown
  }
}

/// Collects the diagnostics of one run, so that a user sees all of them at once.
package struct Diagnostics: Sendable {
  private var seen: Set<Diagnostic> = []
  private var items: [Diagnostic] = []

  package init() {}

  package var isEmpty: Bool { items.isEmpty }

  /// Sorted by place, so that two runs print the same text.
  package var all: [Diagnostic] {
    items.enumerated().sorted { left, right in
      let (one, other) = (left.element.sortKey, right.element.sortKey)
      return one == other ? left.offset < right.offset : one < other
    }.map(\.element)
  }

  /// The same diagnostic reached through several nodes is kept once.
  package mutating func report(_ diagnostic: Diagnostic) {
    if seen.insert(diagnostic).inserted { items.append(diagnostic) }
  }

  package mutating func report(at mark: YAMLMark?, _ problem: String, hint: String? = nil) {
    report(Diagnostic(at: mark, problem, hint: hint))
  }
}

extension Diagnostic {
  fileprivate var sortKey: (String, Int, Int) {
    guard let mark else { return ("", 0, 0) }
    return (mark.source.name, mark.line, mark.column)
  }
}
