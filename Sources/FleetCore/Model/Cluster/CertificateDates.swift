/// The one field of an X.509 certificate that fleetd needs: how long it is valid. A certificate comes from a node, so it
/// is hostile until read: every length is checked against what is there.
enum CertificateDates {
  /// `notAfter` in seconds since 1970 UTC; `nil`: these bytes are no certificate in DER.
  ///
  /// `Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { [0] version OPTIONAL, serialNumber INTEGER, signature SEQUENCE,
  /// issuer SEQUENCE, validity SEQUENCE { notBefore, notAfter }, … } … }` (RFC 5280, section 4.1).
  static func notAfter(in certificate: [UInt8]) -> Int? {
    var outer = Reader(certificate[...])
    guard var certificate = outer.enter(sequence), var fields = certificate.enter(sequence) else { return nil }
    if fields.tag == explicitVersion { _ = fields.next() }
    guard fields.next()?.tag == integer, fields.next()?.tag == sequence, fields.next()?.tag == sequence,
      var validity = fields.enter(sequence), validity.next() != nil, let end = validity.next()
    else { return nil }
    let text = String(decoding: end.content, as: UTF8.self)
    switch end.tag {
    case utcTime: return seconds(of: text, yearDigits: 2)
    case generalizedTime: return seconds(of: text, yearDigits: 4)
    default: return nil
    }
  }

  private static let integer: UInt8 = 0x02
  private static let utcTime: UInt8 = 0x17
  private static let generalizedTime: UInt8 = 0x18
  private static let sequence: UInt8 = 0x30
  private static let explicitVersion: UInt8 = 0xA0

  /// Values of DER one after the other.
  private struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Of the next value.
    var tag: UInt8? { rest.first }

    mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
      guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
      var length = Int(first)
      if first >= 0x80 {
        let count = Int(first & 0x7F)
        guard (1...3).contains(count), rest.count >= count else { return nil }
        length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(count)
      }
      guard length <= rest.count else { return nil }
      defer { rest = rest.dropFirst(length) }
      return (tag, rest.prefix(length))
    }

    /// What is inside the next value, if that is of this kind.
    mutating func enter(_ tag: UInt8) -> Reader? {
      guard let value = next(), value.tag == tag else { return nil }
      return Reader(value.content)
    }
  }

  /// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, which RFC 5280 allows alone. Two digits mean 1950 to 2049.
  private static func seconds(of text: String, yearDigits: Int) -> Int? {
    guard text.utf8.count == yearDigits + 11, text.hasSuffix("Z"),
      text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }), var year = Int(text.prefix(yearDigits))
    else { return nil }
    let digits = Array(text.utf8.dropFirst(yearDigits)).map { Int($0) - 0x30 }
    let parts = stride(from: 0, to: 10, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
    if yearDigits == 2 { year += year < 50 ? 2000 : 1900 }
    guard (1...12).contains(parts[0]), (1...31).contains(parts[1]) else { return nil }
    return days(year, parts[0], parts[1]) * 86_400 + parts[2] * 3600 + parts[3] * 60 + parts[4]
  }

  /// Days since 1970-01-01 in the Gregorian calendar, whose years begin with March here: the leap day is the last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
