/// How long something served and how long it did not, as far as somebody looked.
package struct Availability: Sendable, Hashable {
  /// Seconds. Time in which nobody looked is in neither.
  package private(set) var up: Int
  package private(set) var down: Int

  package init(up: Int = 0, down: Int = 0) {
    self.up = up
    self.down = down
  }

  /// From 0 to 1; `nil`: nobody looked.
  package var ratio: Double? { up + down == 0 ? nil : Double(up) / Double(up + down) }

  /// `99.87 %`, cut and never rounded up: 99.996 % is not a hundred.
  package var text: String {
    guard up + down > 0 else { return "unknown" }
    let hundredths = up * 10_000 / (up + down)
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }

  package static func + (one: Self, other: Self) -> Self { Self(up: one.up + other.up, down: one.down + other.down) }

  /// The share of time that shall be reached, in percent.
  package static let targetPercent = 99

  /// Whether more than the target was reached; `nil`: nobody looked.
  package var meetsTarget: Bool? {
    up + down == 0 ? nil : up * 100 > (up + down) * Self.targetPercent
  }
}

/// One look at whether something serves.
package struct AvailabilitySample: Sendable, Hashable {
  package let at: ClockReading
  package let isUp: Bool

  package init(at: ClockReading, isUp: Bool) {
    self.at = at
    self.isUp = isUp
  }

  /// Looks that lie further apart leave the time between them unknown: fleetd did not run.
  package static let longestGap = 900

  /// What the time since the look before adds. It counts as what the worse of both looks saw.
  package func since(_ before: AvailabilitySample?) -> Availability {
    guard let before else { return Availability() }
    let seconds = at.seconds(since: before.at)
    guard seconds <= Self.longestGap else { return Availability() }
    return isUp && before.isUp ? Availability(up: seconds) : Availability(down: seconds)
  }

  /// The hour of the wall clock that it counts to, in hours since 1970 UTC.
  package var hour: Int { at.wall / 3600 }

  /// The hours of the last 30 days.
  package static func hours(before now: ClockReading) -> ClosedRange<Int> {
    (now.wall / 3600 - 30 * 24 + 1)...(now.wall / 3600)
  }
}
