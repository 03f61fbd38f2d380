import YAMLSource

/// How encrypted files of the state repository are read: by a command of the control node's own, in memory.
package struct Decryption: Sendable, Hashable {
  /// Patterns of paths below the repository's root.
  package let files: [GlobPattern]
  /// The program and its arguments; the encrypted text comes on its standard input. No shell is in between.
  package let command: [String]
  package let timeout: Duration

  package init(files: [GlobPattern], command: [String], timeout: Duration = .seconds(30)) {
    self.files = files
    self.command = command
    self.timeout = timeout
  }

  package func covers(_ path: String) -> Bool { files.contains { $0.matches(path) } }

  static let field = Field(
    "decrypt",
    .object([
      Field(
        "files", .list(of: .text(.glob), merge: .atomic), required: true,
        "Patterns of paths in the repository, such as \"**/*.age\"."),
      Field(
        "command", .list(of: .text(.notEmpty), merge: .atomic), required: true,
        "A program and its arguments: it reads the encrypted text and prints the plain one. No shell is in between."),
      Field("timeout", .duration, "When it is killed, for each file; default 30s."),
    ]),
    "How encrypted files below cluster/ are read."
  )

  init?(decoding node: YAMLNode?, _ diagnostics: inout Diagnostics) {
    guard let node, let mapping = node.mapping else { return nil }
    let command = mapping["command"]?.sequence?.compactMap(\.string) ?? []
    if command.isEmpty { diagnostics.report(at: node.mark, "decrypt: \"command\" is empty") }
    let timeout = mapping["timeout"]?.string.flatMap(DurationText.parse) ?? .seconds(30)
    if timeout == .zero { diagnostics.report(at: node.mark, "decrypt: a timeout of 0 decrypts nothing") }
    self.init(
      files: (mapping["files"]?.sequence ?? []).compactMap(\.string).map(GlobPattern.init), command: command,
      timeout: timeout)
  }
}
