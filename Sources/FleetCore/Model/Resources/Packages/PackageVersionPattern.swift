/// A version, or a pattern of versions, as the inventory asks for it: `2.1.8-1`, `1:2.6*`, `5.1[0-9]*`.
///
/// It matches as the shell's `case` does, because the probe decides by `case` what to ask apt.
package struct PackageVersionPattern: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ text: String) { self.description = text }

  /// Whichever version apt prefers.
  package static let any = PackageVersionPattern("*")

  /// Whether it names one version only.
  package var isExact: Bool { !description.contains { "*?[".contains($0) } }

  package func matches(_ version: String) -> Bool {
    Self.match(Array(version.utf8), against: Array(description.utf8))
  }

  /// Only the last `*` is ever taken up again, so that no pattern takes longer than their lengths multiplied.
  private static func match(_ text: [UInt8], against pattern: [UInt8]) -> Bool {
    var (position, cursor) = (0, 0)
    var retry: (position: Int, cursor: Int)?
    while position < text.count {
      if cursor < pattern.count, pattern[cursor] == UInt8(ascii: "*") {
        cursor += 1
        retry = (position, cursor)
      } else if let next = advance(past: text[position], in: pattern, from: cursor) {
        position += 1
        cursor = next
      } else if let last = retry {
        position = last.position + 1
        cursor = last.cursor
        retry = (position, cursor)
      } else {
        return false
      }
    }
    return pattern[cursor...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// The cursor behind the one element that accepts `byte`; `nil` when it does not.
  private static func advance(past byte: UInt8, in pattern: [UInt8], from cursor: Int) -> Int? {
    guard cursor < pattern.count else { return nil }
    switch pattern[cursor] {
    case UInt8(ascii: "?"):
      return cursor + 1
    case UInt8(ascii: "["):
      guard let (accepts, end) = bracket(pattern, from: cursor, byte) else { fallthrough }
      return accepts ? end : nil
    default:
      return pattern[cursor] == byte ? cursor + 1 : nil
    }
  }

  /// `[a-z]`, `[]x]`; `nil` when the bracket is never closed and stands for itself.
  private static func bracket(_ pattern: [UInt8], from start: Int, _ byte: UInt8) -> (accepts: Bool, end: Int)? {
    var accepts = false
    var cursor = start + 1
    while cursor < pattern.count {
      let first = pattern[cursor]
      if first == UInt8(ascii: "]"), cursor > start + 1 { return (accepts, cursor + 1) }
      var last = first
      if cursor + 2 < pattern.count, pattern[cursor + 1] == UInt8(ascii: "-"), pattern[cursor + 2] != UInt8(ascii: "]")
      {
        last = pattern[cursor + 2]
        cursor += 2
      }
      if first <= byte, byte <= last { accepts = true }
      cursor += 1
    }
    return nil
  }
}
