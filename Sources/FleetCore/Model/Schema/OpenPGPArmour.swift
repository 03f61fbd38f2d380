import Crypto

/// An ASCII-armoured OpenPGP public key (RFC 4880, section 6.2), as repositories publish theirs.
///
/// It is looked at closely enough that a page of HTML, half a key or a private key is no key; what signs what is gpgv's.
package struct OpenPGPArmour: Sendable, Hashable {
  /// Lowercase hexadecimal; `nil` for versions of keys other than 4.
  package let fingerprint: String?

  /// - Throws: what is wrong with the text.
  package init(_ text: String) throws(Problem) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.trimmingWhitespace() }
    guard !text.contains("PRIVATE KEY BLOCK") else { throw Problem("is a private key: write the public one") }
    let begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    let end = "-----END PGP PUBLIC KEY BLOCK-----"
    guard let first = lines.firstIndex(of: begin), let last = lines.firstIndex(of: end), first < last else {
      throw Problem("does not begin with \(begin) and end with \(end)")
    }
    guard lines.filter({ $0 == begin }).count == 1 else {
      throw Problem("holds several blocks, of which apt reads one only: export the keys together")
    }
    guard (lines[..<first] + lines[(last + 1)...]).allSatisfy(\.isEmpty) else {
      throw Problem("holds text outside the key's block")
    }
    var body = Array(lines[(first + 1)..<last])
    // Headers such as "Version: 1", up to an empty line.
    if let blank = body.firstIndex(of: ""), body[..<blank].allSatisfy({ $0.contains(": ") }) {
      body.removeSubrange(...blank)
    }
    body.removeAll(where: \.isEmpty)
    let checksum = body.last.flatMap { $0.hasPrefix("=") ? String($0.dropFirst()) : nil }
    if checksum != nil { body.removeLast() }
    guard let bytes = Base64.decode(body.joined()), !bytes.isEmpty else { throw Problem("is damaged: no base64") }
    if let checksum, Base64.decode(checksum) != Self.crc24(of: bytes) {
      throw Problem("is damaged: its checksum does not match")
    }
    guard let packet = Self.firstPacket(of: bytes), packet.tag == 6, let version = packet.body.first else {
      throw Problem("holds no public key")
    }
    guard version == 4 else {
      fingerprint = nil
      return
    }
    let length = packet.body.count
    let hashed = [0x99, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)] + packet.body
    fingerprint = Insecure.SHA1.hash(data: hashed).hexadecimal
  }

  package struct Problem: Error {
    package let text: String

    init(_ text: String) { self.text = text }
  }

  /// Section 6.1: three bytes.
  private static func crc24(of bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xB704CE
    for byte in bytes {
      crc ^= UInt32(byte) << 16
      for _ in 0..<8 {
        crc <<= 1
        if crc & 0x1000000 != 0 { crc ^= 0x1864CFB }
      }
    }
    return [UInt8(crc >> 16 & 0xFF), UInt8(crc >> 8 & 0xFF), UInt8(crc & 0xFF)]
  }

  /// Section 4.2: old and new headers; partial and indeterminate lengths are not for keys.
  private static func firstPacket(of bytes: [UInt8]) -> (tag: UInt8, body: [UInt8])? {
    guard bytes.count > 6, bytes[0] & 0x80 != 0 else { return nil }
    let isNew = bytes[0] & 0x40 != 0
    let tag = isNew ? bytes[0] & 0x3F : bytes[0] >> 2 & 0x0F
    let octets: Int
    if isNew {
      octets = bytes[1] < 192 ? 1 : bytes[1] < 224 ? 2 : bytes[1] == 255 ? 5 : 0
    } else {
      octets = [1, 2, 4, 0][Int(bytes[0] & 0x03)]
    }
    guard octets > 0 else { return nil }
    let digits = bytes[1...octets].map { Int($0) }
    let length: Int
    switch (isNew, octets) {
    case (true, 2): length = (digits[0] - 192) << 8 + digits[1] + 192
    case (true, 5): length = digits.dropFirst().reduce(0) { $0 << 8 | $1 }
    default: length = digits.reduce(0) { $0 << 8 | $1 }
    }
    guard length <= bytes.count - 1 - octets else { return nil }
    return (tag, Array(bytes[(1 + octets)..<(1 + octets + length)]))
  }
}
