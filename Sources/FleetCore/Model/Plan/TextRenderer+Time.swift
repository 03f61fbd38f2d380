internal import FoundationEssentials

/// A point in time as people and programs read it, always UTC.
struct UTCTime: Sendable {
  private let date: Date

  /// `seconds` since 1970 UTC; what no four-digit year can hold is moved to the nearest that can.
  init(_ seconds: Int) {
    let lastSecondOf9999 = 253_402_300_799
    date = Date(timeIntervalSince1970: Double(min(max(seconds, 0), lastSecondOf9999)))
  }

  /// `2026-11-21T03:12:07Z`.
  var iso8601: String { date.formatted(.iso8601) }

  /// `2026-11-21 03:12 UTC`.
  var minutes: String {
    iso8601.prefix(16).replacing("T", with: " ") + " UTC"
  }
}
