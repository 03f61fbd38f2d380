/// A Debian package's version, ordered as dpkg orders it: deb-version(7), "Sorting algorithm".
package struct DebianVersion: Sendable, Comparable, CustomStringConvertible {
  private let epoch: Int32
  private let upstream: [UInt8]
  private let revision: [UInt8]
  package let description: String

  /// `[epoch:]upstream[-revision]`; `nil` when the text is none.
  package init?(_ text: String) {
    var rest = Substring(text)
    var epoch: Int32 = 0
    if let colon = rest.firstIndex(of: ":") {
      guard rest[..<colon].allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int32(rest[..<colon]) else {
        return nil
      }
      epoch = number
      rest = rest[rest.index(after: colon)...]
    }
    var revision = Substring()
    if let dash = rest.lastIndex(of: "-") {
      revision = rest[rest.index(after: dash)...]
      guard !revision.isEmpty else { return nil }
      rest = rest[..<dash]
    }
    let revisionCharacters = CharacterClass("+.~")
    let upstreamCharacters = CharacterClass("+.~:-")
    guard !rest.isEmpty, rest.unicodeScalars.allSatisfy(upstreamCharacters.contains),
      revision.unicodeScalars.allSatisfy(revisionCharacters.contains)
    else { return nil }
    self.epoch = epoch
    self.upstream = Array(rest.utf8)
    self.revision = Array(revision.utf8)
    self.description = text
  }

  package static func < (one: DebianVersion, other: DebianVersion) -> Bool { order(one, other) < 0 }

  /// `1.0` and `1.0-0` are written differently and are the same version.
  package static func == (one: DebianVersion, other: DebianVersion) -> Bool { order(one, other) == 0 }

  private static func order(_ one: DebianVersion, _ other: DebianVersion) -> Int {
    if one.epoch != other.epoch { return one.epoch < other.epoch ? -1 : 1 }
    let upstream = order(one.upstream[...], other.upstream[...])
    return upstream != 0 ? upstream : order(one.revision[...], other.revision[...])
  }

  /// Runs of non-digits and runs of digits are compared in turn, until one run differs.
  private static func order(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int {
    var (left, right) = (one, other)
    while !left.isEmpty || !right.isEmpty {
      while left.first.map(isDigit) == false || right.first.map(isDigit) == false {
        let difference = weight(left.first) - weight(right.first)
        if difference != 0 { return difference }
        left = left.dropFirst()
        right = right.dropFirst()
      }
      let (leftNumber, rightNumber) = (takeNumber(&left), takeNumber(&right))
      if leftNumber.count != rightNumber.count { return leftNumber.count - rightNumber.count }
      if let (digit, otherDigit) = zip(leftNumber, rightNumber).first(where: { $0 != $1 }) {
        return Int(digit) - Int(otherDigit)
      }
    }
    return 0
  }

  /// The digits at the head, without leading zeros: then the longer number is the greater one, however long it is.
  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }

  /// `~` sorts before the end, the end before letters, letters before everything else.
  private static func weight(_ byte: UInt8?) -> Int {
    switch byte {
    case nil, .some(UInt8(ascii: "0")...UInt8(ascii: "9")): 0
    case .some(UInt8(ascii: "~")): -1
    case .some(let letter) where isLetter(letter): Int(letter)
    case .some(let other): Int(other) + 256
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
