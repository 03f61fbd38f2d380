/// A quantity of Kubernetes, `500m` or `1536Mi`, in the one spelling that a server gives it.
struct Quantity: Sendable {
  private enum Suffix: Sendable { case decimal, binary, exponent }

  /// In billionths: a server rounds up to whole ones.
  private var billionths: Int128
  private let suffix: Suffix

  private static let billion: Int128 = 1_000_000_000
  /// No quantity is larger.
  private static let maximum = Int128(Int64.max) * billion

  /// `nil`: no quantity, or one that is too large to tell.
  init?(_ text: String) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "+" || $0 == "-") }
    guard let (digits, decimals) = Self.digits(number), let scale = Self.scale(text.dropFirst(number.count)) else {
      return nil
    }
    suffix = scale.suffix
    var value = digits
    // 10^9 billionths, 10^scale, and as many tenths as there were decimals.
    let power = 9 + scale.tens - decimals
    guard abs(power) <= 36, let factor = Self.power(10, abs(power)) else { return nil }
    if power >= 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      value = product
    }
    guard let binary = Self.power(1024, scale.kibi) else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: binary)
    guard !overflow else { return nil }
    value = power >= 0 ? product : Self.divided(product, by: factor)
    guard value.magnitude <= Self.maximum.magnitude else { return nil }
    billionths = value
  }

  init?(_ value: JSONText) {
    switch value {
    case .string(let text): self.init(text)
    case .integer(let number): self.init("\(number)")
    case .number(let number): self.init("\(number)")
    case .object, .array, .boolean, .null: return nil
    }
  }

  /// Resources are counted in thousandths.
  var inThousandths: Quantity {
    var rounded = self
    rounded.billionths = Self.divided(billionths, by: 1_000_000) * 1_000_000
    return rounded
  }

  var text: String {
    if suffix == .binary, billionths.magnitude >= (1024 * Self.billion).magnitude {
      var (bytes, kibi) = (Self.divided(billionths, by: Self.billion), 0)
      while kibi < Self.binarySuffixes.count, bytes % 1024 == 0 { (bytes, kibi) = (bytes / 1024, kibi + 1) }
      return "\(bytes)" + (kibi == 0 ? "" : Self.binarySuffixes[kibi - 1])
    }
    guard billionths != 0 else { return "0" }
    var (mantissa, place) = (billionths, 0)
    while place + 1 < Self.decimalSuffixes.count, mantissa % 1000 == 0 {
      (mantissa, place) = (mantissa / 1000, place + 1)
    }
    let exponent = 3 * place - 9
    guard suffix == .exponent else { return "\(mantissa)\(Self.decimalSuffixes[place])" }
    return exponent == 0 ? "\(mantissa)" : "\(mantissa)e\(exponent)"
  }

  private static let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
  private static let binarySuffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

  /// `1.5`: 15, and one decimal.
  private static func digits(_ text: Substring) -> (Int128, decimals: Int)? {
    let sign: Int128 = text.hasPrefix("-") ? -1 : 1
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text
    let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, !parts.joined().isEmpty, parts.joined().utf8.count <= 27,
      parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) }), let digits = Int128(parts.joined())
    else { return nil }
    return (sign * digits, parts.count == 2 ? parts[1].utf8.count : 0)
  }

  private static func scale(_ text: Substring) -> (suffix: Suffix, tens: Int, kibi: Int)? {
    if let place = decimalSuffixes.firstIndex(of: String(text)) { return (.decimal, 3 * place - 9, 0) }
    if let place = binarySuffixes.firstIndex(of: String(text)) { return (.binary, 0, place + 1) }
    guard text.first == "e" || text.first == "E", let tens = Int(text.dropFirst()) else { return nil }
    return (.exponent, tens, 0)
  }

  private static func power(_ base: Int128, _ exponent: Int) -> Int128? {
    var result: Int128 = 1
    for _ in 0..<exponent {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      guard !overflow else { return nil }
      result = product
    }
    return result
  }

  /// Away from zero, as a server rounds.
  private static func divided(_ value: Int128, by divisor: Int128) -> Int128 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest == 0 ? quotient : quotient + (value < 0 ? -1 : 1)
  }
}
