/// One value that is not a collection: its text as it was written, and what YAML 1.2's core schema makes of it.
public struct YAMLScalar: Sendable {
  /// How the text was written.
  public enum Style: Sendable, Hashable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// The value. Only plain text can be something else than a string, unless a tag such as `!!int` says so.
  public enum Resolved: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    /// Also an integer that does not fit into 64 bits; `text` has its digits.
    case float(Double)
    /// The string is the scalar's `text`.
    case string
  }

  /// The content, without quotes, escapes and indentation: `0644` for the integer 644.
  public let text: String
  public let style: Style
  public let resolved: Resolved

  public init(text: String, style: Style, resolved: Resolved) {
    self.text = text
    self.style = style
    self.resolved = resolved
  }
}

// Values for code that builds YAML.
extension YAMLScalar {
  public static let null = YAMLScalar(text: "null", style: .plain, resolved: .null)

  public static func string(_ value: String) -> YAMLScalar {
    YAMLScalar(text: value, style: .doubleQuoted, resolved: .string)
  }

  public static func int(_ value: Int64) -> YAMLScalar {
    YAMLScalar(text: String(value), style: .plain, resolved: .int(value))
  }

  public static func bool(_ value: Bool) -> YAMLScalar {
    YAMLScalar(text: value ? "true" : "false", style: .plain, resolved: .bool(value))
  }
}

extension YAMLScalar: Hashable {
  /// Texts are compared byte by byte: Swift's `==` takes "é" and "e" + U+0301 for equal, but as the content of a file
  /// they differ.
  public static func == (left: YAMLScalar, right: YAMLScalar) -> Bool {
    left.style == right.style && left.resolved == right.resolved && left.text.utf8.elementsEqual(right.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(style)
    hasher.combine(resolved)
  }

  /// Whether both mean the same value, however they are written: `0x10` and `16`, `"a"` and `a`. NaN equals itself
  /// here.
  public func hasSameContent(as other: YAMLScalar) -> Bool {
    switch (resolved, other.resolved) {
    case (.string, .string): text.utf8.elementsEqual(other.text.utf8)
    case (.float(let left), .float(let right)): left == right || (left.isNaN && right.isNaN)
    default: resolved == other.resolved
    }
  }
}
