/// One YAML text and the name under which it is reported, shared by all marks that point into it.
///
/// Immutable. Two files are equal when name and bytes are.
public final class YAMLSourceFile: Sendable {
  /// What messages call the text: usually a path, relative to the checkout.
  public let name: String
  /// The text as it was read, without a leading byte order mark. UTF-8 if it came from outside unharmed; not validated.
  public let bytes: [UInt8]
  /// Where each line begins in `bytes`. Never empty; a text that ends in a line break has an empty last line.
  let lineStarts: [Int]

  /// - Parameter bytes: the text; a UTF-8 byte order mark at its start is dropped.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    self.lineStarts = Self.lineStarts(in: self.bytes)
  }

  /// The number of lines, at least 1.
  public var lineCount: Int { lineStarts.count }

  /// The text of one line without its line break, invalid UTF-8 replaced by U+FFFD.
  ///
  /// - Parameter number: 1-based, as in a mark.
  /// - Returns: `nil` if there is no such line.
  public func line(_ number: Int) -> String? {
    lineBytes(number).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The mark of a line and column, moved to the nearest character of the file when it lies outside.
  public func mark(line: Int, column: Int) -> YAMLMark {
    let line = min(max(line, 1), lineCount)
    let length = lineBytes(line).map(Self.characterCount(in:)) ?? 0
    return YAMLMark(source: self, line: line, column: min(max(column, 1), length + 1))
  }

  /// The mark of the character that holds the byte at `offset`; past the end, the mark of the end.
  func mark(atByte offset: Int) -> YAMLMark {
    let offset = min(max(offset, 0), bytes.count)
    // The first line that begins after the offset is the one behind the line that holds it.
    var low = 0
    var high = lineStarts.count
    while low < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    let column = Self.characterCount(in: bytes[lineStarts[low - 1]..<offset]) + 1
    return YAMLMark(source: self, line: low, column: column)
  }

  private func lineBytes(_ number: Int) -> ArraySlice<UInt8>? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    while end > start, Self.isLineBreak(bytes[end - 1]) { end -= 1 }
    return bytes[start..<end]
  }

  /// Code points: every byte but UTF-8's continuation bytes begins one.
  private static func characterCount(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  private static func lineStarts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where isLineBreak(byte) {
      let isFirstHalfOfPair = byte == carriageReturn && offset + 1 < bytes.count && bytes[offset + 1] == lineFeed
      if !isFirstHalfOfPair { starts.append(offset + 1) }
    }
    return starts
  }

  private static func isLineBreak(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D
}

extension YAMLSourceFile: Hashable {
  public static func == (left: YAMLSourceFile, right: YAMLSourceFile) -> Bool {
    left === right || (left.name == right.name && left.bytes == right.bytes)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
  }
}
