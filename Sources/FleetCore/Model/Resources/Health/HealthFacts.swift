/// How a board is, as far as it tells; everything is optional, as boards and images differ.
package struct HealthFacts: Sendable, Hashable {
  /// Thousandths of a degree Celsius.
  package var temperature: Int?
  /// What the firmware of a Pi held back, and why.
  package var throttled: Throttled?
  /// When the running bootloader was built, seconds since 1970 UTC; only boards with an EEPROM say so.
  package var bootloaderBuilt: Int?
  /// The newest bootloader that lies on the node ready to be installed, by the date in its name.
  package var bootloaderOffered: ReleaseDate?

  package init() {}

  /// The bits of `vcgencmd get_throttled`, as vcgencmd(1) names them.
  package struct Throttled: Sendable, Hashable {
    package let bits: UInt32

    package init(bits: UInt32) { self.bits = bits }

    /// `throttled=0x50000`.
    init?(_ text: String) {
      guard text.hasPrefix("throttled=0x"), let bits = UInt32(text.dropFirst("throttled=0x".count), radix: 16) else {
        return nil
      }
      self.bits = bits
    }

    package var isUndervoltedNow: Bool { has(0) }
    package var wasUndervolted: Bool { has(16) }
    /// The clock is capped, throttled, or lowered by the soft temperature limit.
    package var isThrottledNow: Bool { has(1) || has(2) || has(3) }
    package var wasThrottled: Bool { has(17) || has(18) || has(19) }

    private func has(_ bit: UInt32) -> Bool { bits & (1 << bit) != 0 }

    /// `0x50000`.
    package var hexadecimal: String { "0x" + String(bits, radix: 16) }
  }

  /// A day of the calendar, as file names of releases have it.
  package struct ReleaseDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// `2024-04-15`.
    package init?(_ text: some StringProtocol) {
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
        let day = Int(parts[2]), (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
      else { return nil }
      self.year = year
      self.month = month
      self.day = day
    }

    /// Its midnight in seconds since 1970 UTC: days of the civil calendar, counted from March, so that the leap day is
    /// a year's last.
    package var seconds: Int {
      let fromMarch = month > 2 ? month - 3 : month + 9
      let wholeYears = month > 2 ? year : year - 1
      let leapDays = wholeYears / 4 - wholeYears / 100 + wholeYears / 400
      let days = wholeYears * 365 + leapDays + (153 * fromMarch + 2) / 5 + day - 1
      return (days - 719_468) * 86_400
    }

    package static func < (one: Self, other: Self) -> Bool { one.seconds < other.seconds }

    package var description: String {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return "\(year)-\(two(month))-\(two(day))"
    }
  }
}
