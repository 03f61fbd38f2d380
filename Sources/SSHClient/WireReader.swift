/// Reads the data types of RFC 4251 section 5 from bytes that nobody vouches for: every read is bounded, and a read
/// past the end is nil.
struct WireReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) {
    rest = ArraySlice(bytes)
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8? {
    rest.popFirst()
  }

  /// A big-endian 32-bit number.
  mutating func uint32() -> UInt32? {
    guard let bytes = take(4) else { return nil }
    return bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A `string`: its length in 32 bits, then so many bytes.
  mutating func string() -> ArraySlice<UInt8>? {
    guard let length = uint32() else { return nil }
    return take(Int(length))
  }

  /// A `string` that holds a name in ASCII.
  mutating func name() -> String? {
    guard let bytes = string(), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A `name-list`: names separated by commas.
  mutating func nameList() -> [String]? {
    guard let bytes = string(), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    return bytes.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest.removeFirst(count) }
    return rest.prefix(count)
  }
}
