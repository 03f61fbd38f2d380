import Crypto

/// config.txt, line by line. Sections in brackets hold for some boards only, until `[all]`; later lines win.
package struct ConfigText: Sendable, Hashable {
  /// Where it can be, in the order in which it is looked for: Raspberry Pi OS since Bookworm and Ubuntu, older
  /// Raspberry Pi OS.
  package static let candidates = ["/boot/firmware/config.txt", "/boot/config.txt"]

  package let path: String
  /// Without their line ends.
  package let lines: [String]
  /// SHA-256 of the file as it was read.
  package let digest: String
  /// Whether its lines end as DOS has them.
  private let usesCarriageReturns: Bool

  package init(path: String, text: String) {
    let scalars = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    self.path = path
    usesCarriageReturns = scalars.first?.unicodeScalars.last == "\r"
    digest = SHA256.hash(data: Array(text.utf8)).hexadecimal
    lines = scalars.last == "" ? Array(scalars.dropLast()) : scalars
  }

  private init(path: String, lines: [String], digest: String, usesCarriageReturns: Bool) {
    self.path = path
    self.lines = lines
    self.digest = digest
    self.usesCarriageReturns = usesCarriageReturns
  }

  /// A line keeps its own carriage return: foreign lines are written back byte for byte.
  package var text: String { lines.map { $0 + "\n" }.joined() }

  /// What a line sets where the last one wins, or `nil` where every line counts: overlays add up.
  package static func key(of line: String) -> String? {
    let parts = line.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, parts[0] != "dtoverlay" else { return nil }
    // Several parameters on one line are looked at as a whole.
    guard parts[0] == "dtparam" else { return parts[0] }
    return line.contains(",") ? nil : "dtparam=\(parts[1])"
  }

  /// Whether a line has the firmware read another cmdline.txt.
  package static func redirects(_ line: String) -> Bool { line.hasPrefix("cmdline=") || line.hasPrefix("os_prefix=") }

  /// The lines with what they say and whether they hold for every board.
  private var statements: [(index: Int, text: String, isUnconditional: Bool)] {
    var isUnconditional = true
    var statements: [(Int, String, Bool)] = []
    for (index, line) in lines.enumerated() {
      let text = line.trimmingWhitespace()
      if text.hasPrefix("[") {
        isUnconditional = text.lowercased() == "[all]"
      } else if !text.isEmpty, !text.hasPrefix("#") {
        statements.append((index, text, isUnconditional))
      }
    }
    return statements
  }

  private var endsConditionally: Bool {
    let section = lines.map { $0.trimmingWhitespace() }.last { $0.hasPrefix("[") }
    return section.map { $0.lowercased() != "[all]" } ?? false
  }

  /// Whether a line holds on every board: it stands where no condition is on, and none such behind it says otherwise.
  package func holds(_ line: String) -> Bool {
    let unconditional = statements.filter(\.isUnconditional).map(\.text)
    guard let key = Self.key(of: line) else { return unconditional.contains(line) }
    return unconditional.last { Self.key(of: $0) == key } == line
  }

  /// Every foreign line, comment and section is kept; what is missing comes last, below `[all]`.
  package func edited(present: [String], absent: [String]) -> ConfigText {
    let removed = Set(statements.filter { $0.isUnconditional && absent.contains($0.text) }.map(\.index))
    let kept = ConfigText(
      path: path, lines: lines.enumerated().filter { !removed.contains($0.offset) }.map(\.element), digest: digest,
      usesCarriageReturns: usesCarriageReturns)
    let missing = present.filter { !kept.holds($0) }
    let end = usesCarriageReturns ? "\r" : ""
    let heading = kept.endsConditionally ? ["[all]"] : []
    return ConfigText(
      path: path, lines: kept.lines + (missing.isEmpty ? [] : heading + missing).map { $0 + end }, digest: digest,
      usesCarriageReturns: usesCarriageReturns)
  }

  /// `+ LINE` and `- LINE` of an edit.
  package func edits(to edited: ConfigText) -> [String] {
    edited.lines.difference(from: lines).compactMap { change in
      switch change {
      case .insert(_, let line, _) where !line.hasPrefix("["): "+ \(line.trimmingWhitespace())"
      case .remove(_, let line, _): "- \(line.trimmingWhitespace())"
      case .insert: nil
      }
    }
  }
}
