/// What a string in the inventory must look like, and how to say that it does not.
package struct TextRule: Sendable {
  /// "an absolute path", "a unit name": completes "expected …".
  package let expectation: String
  /// What is wrong with the text, or `nil`.
  private let check: @Sendable (String) -> String?
  private let allowsControlCharacters: Bool
  /// A regular expression (ECMA-262, as JSON Schema has it) that every accepted text matches: for editors, which know
  /// nothing of `check`. It may match more than `check` accepts, never less.
  package let pattern: String?

  package init(
    _ expectation: String,
    allowingControlCharacters: Bool = false,
    pattern: String? = nil,
    _ check: @escaping @Sendable (String) -> String?
  ) {
    self.expectation = expectation
    self.pattern = pattern
    self.check = check
    self.allowsControlCharacters = allowingControlCharacters
  }

  /// The problem with `text`, or `nil`. Unless the rule is for the content of a file, no text may hold control
  /// characters or pass 64 KiB.
  package func problem(with text: String) -> String? {
    if allowsControlCharacters { return check(text) }
    if text.utf8.count > 65_536 { return "longer than 64 KiB" }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
      return "holds a control character"
    }
    return check(text)
  }

  /// The rule that the text is not empty, has at most `length` characters, starts with one of `first` and goes on
  /// with `rest`.
  package static func word(
    _ expectation: String,
    first: CharacterClass = .alphanumeric,
    rest: CharacterClass,
    length: Int = 253
  ) -> TextRule {
    let pattern = "^\(first.pattern)\(rest.pattern){0,\(length - 1)}$"
    return TextRule(expectation, pattern: pattern) { text in
      guard let head = text.unicodeScalars.first else { return "is empty" }
      guard text.unicodeScalars.count <= length else { return "is longer than \(length) characters" }
      guard first.contains(head) else { return "starts with \"\(head)\"" }
      guard let odd = text.unicodeScalars.first(where: { !rest.contains($0) }) else { return nil }
      return "holds \"\(odd)\""
    }
  }
}

/// ASCII letters and digits, and the listed others.
package struct CharacterClass: Sendable {
  private let letters: Bool
  private let lowercaseOnly: Bool
  private let others: Set<Unicode.Scalar>

  package init(lowercaseOnly: Bool = false, letters: Bool = true, _ others: String = "") {
    self.letters = letters
    self.lowercaseOnly = lowercaseOnly
    self.others = Set(others.unicodeScalars)
  }

  /// The class in brackets, as a regular expression has it.
  var pattern: String {
    let ranges = (letters ? "a-z" : "") + (letters && !lowercaseOnly ? "A-Z" : "") + "0-9"
    let listed = others.sorted().map { scalar in
      ["\\", "]", "[", "^", "-"].contains(scalar) ? "\\\(scalar)" : String(scalar)
    }
    return "[" + ranges + listed.joined() + "]"
  }

  package static let alphanumeric = CharacterClass()
  package static let lowercaseAlphanumeric = CharacterClass(lowercaseOnly: true)

  package func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9": true
    case "a"..."z": letters
    case "A"..."Z": letters && !lowercaseOnly
    default: others.contains(scalar)
    }
  }
}
