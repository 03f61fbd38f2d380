/// The text of a systemd unit, in as far as it tells what k3s is started with: systemd.service(5), systemd.syntax(7).
package struct K3sUnitText: Sendable {
  /// The words of the last `ExecStart=`; an empty one resets what came before it.
  package private(set) var command: [String] = []
  /// `Environment=` of the unit and its drop-ins, in order.
  package private(set) var environment: [(name: String, value: String)] = []

  /// Directives that neither fleetd's unit nor one of install.sh's has, by name: nobody can say that they do not matter.
  package private(set) var unfamiliar: [String] = []

  package init() {}

  /// Reads a unit, or a drop-in over what was read before it.
  package mutating func read(_ text: String) {
    for line in Self.logicalLines(of: text) {
      let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else { continue }
      let value = halves[1].trimmingWhitespace()
      switch halves[0].trimmingWhitespace() {
      case "ExecStart": command = Self.words(of: value)
      case "Environment" where value.isEmpty: environment = []
      case "Environment":
        environment += Self.words(of: value).compactMap { word in
          let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
          guard parts.count == 2, TextRule.environmentVariable.problem(with: parts[0]) == nil else { return nil }
          return (parts[0], parts[1])
        }
      case let key where Self.isFamiliar(key, value): break
      case let key: unfamiliar.append(key)
      }
    }
  }

  /// What only describes, what fleetd's unit says too, what older scripts wrote, and where the environment is read.
  private static func isFamiliar(_ key: String, _ value: String) -> Bool {
    switch key {
    case "Description", "Documentation", "EnvironmentFile": true
    case "Type": ["notify", "exec"].contains(value)
    case "ExecStartPre" where value.contains("nm-cloud-setup"): true
    default: Role.allCases.contains { K3sUnitFile.text(for: $0).contains("\n\(key)=\(value)\n") }
    }
  }

  /// A backslash at a line's end goes on with the next line; comments in between are skipped.
  private static func logicalLines(of text: String) -> [String] {
    var lines: [String] = []
    var isContinued = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let trimmed = line.trimmingWhitespace()
      if trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
      let body = trimmed.hasSuffix("\\") ? trimmed.dropLast() + " " : trimmed
      if isContinued { lines[lines.count - 1] += body } else { lines.append(String(body)) }
      isContinued = trimmed.hasSuffix("\\")
    }
    return lines
  }

  /// Words apart by white space, quotes around any part of them, a backslash before a quote, a blank or itself; `%%` and
  /// `$$` are the characters themselves.
  static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = command[...]
    while let character = rest.popFirst() {
      switch character {
      case "\\" where quote != "'" && !rest.isEmpty:
        word = (word ?? "") + String(rest.removeFirst())
      case "%" where rest.first == "%", "$" where rest.first == "$":
        word = (word ?? "") + String(rest.removeFirst())
      case let character where character == quote:
        quote = nil
      case "'" where quote == nil, "\"" where quote == nil:
        quote = character
        word = word ?? ""
      case let character where character.isWhitespace && quote == nil:
        if let done = word { words.append(done) }
        word = nil
      default:
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}
