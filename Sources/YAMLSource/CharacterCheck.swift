/// What a text must be before libyaml sees it: UTF-8 without control characters, and few tag directives.
///
/// libyaml checks most of this itself, but reports a byte offset only, and in an order that depends on its buffer.
enum CharacterCheck {
  static func check(_ source: YAMLSourceFile) throws(YAMLError) {
    try checkEncoding(source)
    try checkCharacters(source)
    try checkTagDirectives(source)
  }

  private static func checkEncoding(_ source: YAMLSourceFile) throws(YAMLError) {
    // The fast way first: the way below is only needed to find the place.
    if String(validating: source.bytes, as: UTF8.self) != nil { return }
    var decoder = UTF8.ForwardParser()
    var bytes = source.bytes.makeIterator()
    var offset = 0
    while case .valid(let character) = decoder.parseScalar(from: &bytes) {
      offset += character.count
    }
    let isUTF16 = source.bytes.starts(with: [0xFF, 0xFE]) || source.bytes.starts(with: [0xFE, 0xFF])
    let problem =
      isUTF16
      ? "the file is UTF-16: save it as UTF-8"
      : "invalid UTF-8 at byte \(hexadecimal(source.bytes[offset])): save the file as UTF-8"
    throw YAMLError(mark: source.mark(atByte: offset), problem: problem)
  }

  private static func checkCharacters(_ source: YAMLSourceFile) throws(YAMLError) {
    let bytes = source.bytes
    for offset in bytes.indices {
      // Only these bytes can begin an unwelcome character; the rest of the text costs one comparison a byte.
      switch bytes[offset] {
      case 0x20...0x7E, 0x80...0xC1, 0xC3...0xE1, 0xE3...0xEE, 0xF0...0xFF: continue
      case 0x09, 0x0A, 0x0D: continue
      default: break
      }
      let character = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.first ?? "\0"
      guard let problem = problem(with: character) else { continue }
      throw YAMLError(mark: source.mark(atByte: offset), problem: problem)
    }
  }

  private static func problem(with character: Unicode.Scalar) -> String? {
    switch character.value {
    case 0x85, 0x2028, 0x2029:
      // Line breaks to YAML 1.1 (and libyaml), ordinary characters to YAML 1.2 and to editors: a reader and a reviewer
      // would see different documents.
      "the line separator \(name(of: character)) is not allowed: write it as \(escape(character)) in double quotes"
    case 0x00:
      "the file holds a NUL byte: it is not a text file, or was damaged"
    case 0x01...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0x7F...0x9F:
      "the control character \(name(of: character)) is not allowed: write it as \(escape(character)) in double quotes"
    case 0xFFFE, 0xFFFF:
      "the character \(name(of: character)) is not allowed: write it as \(escape(character)) in double quotes"
    default:
      nil
    }
  }

  /// libyaml compares every `%TAG` with all before it, so that a file of nothing else would take it minutes.
  private static func checkTagDirectives(_ source: YAMLSourceFile) throws(YAMLError) {
    let directives = source.lineStarts.filter { source.bytes[$0...].starts(with: "%TAG".utf8) }
    guard directives.count > maximumTagDirectives else { return }
    throw YAMLError(
      mark: source.mark(atByte: directives[maximumTagDirectives]),
      problem: "more than \(maximumTagDirectives) lines with a %TAG directive"
    )
  }

  private static let maximumTagDirectives = 16

  private static func name(of character: Unicode.Scalar) -> String {
    let digits = String(character.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  private static func escape(_ character: Unicode.Scalar) -> String {
    SafeText.escape(character) ?? String(character)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (byte < 0x10 ? "0" : "") + digits
  }
}
