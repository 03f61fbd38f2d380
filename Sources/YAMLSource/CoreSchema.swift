/// What plain text means: YAML 1.2.2, section 10.3.2, "Tag Resolution" of the core schema.
enum CoreSchema {
  /// The value of untagged plain text.
  static func resolve(_ text: String) -> YAMLScalar.Resolved {
    if isNull(text) { return .null }
    return bool(text) ?? int(text) ?? float(text) ?? .string
  }

  /// The value of a scalar with a tag, or `nil` if its text does not fit the tag.
  static func resolve(_ text: String, as tag: CoreTag) -> YAMLScalar.Resolved? {
    switch tag {
    case .null: isNull(text) ? .null : nil
    case .bool: bool(text)
    case .int: int(text)
    case .float: float(text)
    case .string, .nonSpecific: .string
    case .sequence, .mapping: nil
    }
  }

  private static func isNull(_ text: String) -> Bool {
    switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  private static func bool(_ text: String) -> YAMLScalar.Resolved? {
    switch text {
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: nil
    }
  }

  /// `[-+]? [0-9]+`, `0o [0-7]+` and `0x [0-9a-fA-F]+`; beyond 64 bits the nearest float, as JSON readers do.
  private static func int(_ text: String) -> YAMLScalar.Resolved? {
    if text.hasPrefix("0o") { return unsignedInt(text.utf8.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return unsignedInt(text.utf8.dropFirst(2), radix: 16) }
    var digits = Substring(text).utf8
    if digits.first == plus || digits.first == minus { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
    return Int64(text).map { .int($0) } ?? Double(text).map { .float($0) }
  }

  private static func unsignedInt(_ digits: Substring.UTF8View, radix: Int) -> YAMLScalar.Resolved? {
    // The initializers of the numbers also take a sign, which the schema does not.
    guard let first = digits.first, first != plus, first != minus else { return nil }
    if let value = Int64(Substring(digits), radix: radix) { return .int(value) }
    var value = 0.0
    for byte in digits {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
      value = value * Double(radix) + Double(digit)
    }
    return .float(value)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, `[-+]? .inf` and `.nan`.
  private static func float(_ text: String) -> YAMLScalar.Resolved? {
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: break
    }
    var rest = Substring(text).utf8
    if rest.first == plus || rest.first == minus { rest.removeFirst() }
    let whole = removeDigits(from: &rest)
    var fraction = 0
    if rest.first == dot {
      rest.removeFirst()
      fraction = removeDigits(from: &rest)
    }
    guard whole + fraction > 0 else { return nil }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == plus || rest.first == minus { rest.removeFirst() }
      guard removeDigits(from: &rest) > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    return Double(text).map { .float($0) }
  }

  /// - Returns: how many digits stood there.
  private static func removeDigits(from text: inout Substring.UTF8View) -> Int {
    let digits = text.prefix(while: isDigit)
    text = text[digits.endIndex...]
    return digits.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
  }

  private static let plus = UInt8(ascii: "+")
  private static let minus = UInt8(ascii: "-")
  private static let dot = UInt8(ascii: ".")
}
