/// Why a text is not YAML that can be used, and where. Permanent: the same text fails again.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
  public let mark: YAMLMark
  /// What is wrong, lowercase and without the place: `duplicate key "name", first on line 3`.
  public let problem: String

  public init(mark: YAMLMark, problem: String) {
    self.mark = mark
    self.problem = problem
  }

  /// `file:line:column: problem`, the source line, and a caret under the character that is meant.
  public var description: String {
    CaretSnippet(mark: mark, problem: problem).description
  }
}
