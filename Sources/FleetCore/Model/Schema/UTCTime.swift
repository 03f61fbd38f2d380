internal import FoundationEssentials

/// A point in time as people and programs read it, always UTC.
package struct UTCTime: Sendable {
  private let date: Date

  /// `seconds` since 1970 UTC; what no four-digit year can hold is moved to the nearest that can.
  package init(_ seconds: Int) {
    let lastSecondOf9999 = 253_402_300_799
    date = Date(timeIntervalSince1970: Double(min(max(seconds, 0), lastSecondOf9999)))
  }

  /// `2026-11-21T03:12:07Z`.
  package var iso8601: String { date.formatted(.iso8601) }

  /// `2026-11-21 03:12 UTC`.
  package var minutes: String {
    iso8601.prefix(16).replacing("T", with: " ") + " UTC"
  }

  /// `20261121T031207Z`: sorts as the time does, and fits into a file's name.
  package var compact: String { iso8601.filter { $0 != "-" && $0 != ":" } }

  /// `2026-11-21`.
  package var day: String { String(iso8601.prefix(10)) }
}
