/// JSON that somebody else wrote (RFC 8259), such as a Kubernetes server's answer: bounded, and strict.
extension JSONText {
  package struct ParseError: Error, Sendable, Hashable {
    /// Lowercase, no trailing period; holds nothing of the text.
    package let problem: String
    /// Bytes before the place.
    package let offset: Int
  }

  /// - Parameter maximumDepth: of objects and arrays in each other; who walks the value recurses that deep.
  package init(parsing bytes: some Collection<UInt8>, maximumDepth: Int = 256) throws(ParseError) {
    var reader = JSONReader(bytes: Array(bytes), maximumDepth: maximumDepth)
    self = try reader.document()
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  let maximumDepth: Int
  var position = 0

  init(bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONText.ParseError) -> JSONText {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw problem("there is more behind the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONText.ParseError) -> JSONText {
    guard depth <= maximumDepth else { throw problem("it is nested more than \(maximumDepth) deep") }
    skipSpace()
    guard position < bytes.count else { throw problem("it ends early") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONText.ParseError) -> JSONText {
    position += 1
    var members: [JSONText.Member] = []
    guard !takes(UInt8(ascii: "}")) else { return .object([]) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw problem("a key is missing") }
      let key = try string()
      guard takes(UInt8(ascii: ":")) else { throw problem("a \":\" is missing") }
      members.append(JSONText.Member(key, try value(depth: depth + 1)))
    } while takes(UInt8(ascii: ","))
    guard takes(UInt8(ascii: "}")) else { throw problem("an object is not closed") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONText.ParseError) -> JSONText {
    position += 1
    var items: [JSONText] = []
    guard !takes(UInt8(ascii: "]")) else { return .array([]) }
    repeat { items.append(try value(depth: depth + 1)) } while takes(UInt8(ascii: ","))
    guard takes(UInt8(ascii: "]")) else { throw problem("an array is not closed") }
    return .array(items)
  }

  private mutating func string() throws(JSONText.ParseError) -> String {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      case ..<0x20: throw problem("a string holds a control character")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw problem("a string is not closed")
  }

  /// What stands behind a backslash, as UTF-8.
  private mutating func escape() throws(JSONText.ParseError) -> [UInt8] {
    guard position + 1 < bytes.count else { throw problem("a string is not closed") }
    position += 2
    switch bytes[position - 1] {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
    case let byte where [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/")].contains(byte): return [byte]
    default: throw problem("a string holds an unknown escape")
    }
  }

  /// Behind `\u`. Half of a surrogate pair becomes U+FFFD, as Kubernetes' own reader has it.
  private mutating func scalar() throws(JSONText.ParseError) -> Unicode.Scalar {
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard (0xD800...0xDBFF).contains(unit), bytes[position...].starts(with: [0x5C, 0x75]) else { return "\u{FFFD}" }
    let start = position
    position += 2
    let low = try codeUnit()
    guard (0xDC00...0xDFFF).contains(low) else {
      position = start
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func codeUnit() throws(JSONText.ParseError) -> UInt32 {
    let digits = bytes[min(position, bytes.count)...].prefix(4)
    let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard digits.count == 4, isHexadecimal, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw problem("a string holds an unknown escape")
    }
    position += 4
    return unit
  }

  private mutating func number() throws(JSONText.ParseError) -> JSONText {
    let start = position
    while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw problem("a value is missing") }
    return .number(number)
  }

  private mutating func word(_ word: StaticString, _ value: JSONText) throws(JSONText.ParseError) -> JSONText {
    guard bytes[position...].starts(with: "\(word)".utf8) else { throw problem("a value is missing") }
    position += word.utf8CodeUnitCount
    return value
  }

  private mutating func takes(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private func problem(_ text: String) -> JSONText.ParseError { JSONText.ParseError(problem: text, offset: position) }
}
