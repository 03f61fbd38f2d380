package import Foundation
import YAMLSource

/// A time of the week in which what disturbs may happen.
package struct MaintenanceWindow: Sendable, Hashable {
  package enum Day: String, Sendable, Hashable, CaseIterable {
    case sunday = "Sun"
    case monday = "Mon"
    case tuesday = "Tue"
    case wednesday = "Wed"
    case thursday = "Thu"
    case friday = "Fri"
    case saturday = "Sat"
  }

  /// On which it begins.
  package let days: Set<Day>
  /// Minutes since midnight. An end that is not after the beginning is on the next day.
  package let from: Int
  package let to: Int
  package let timeZone: Foundation.TimeZone

  package init(days: Set<Day>, from: Int, to: Int, timeZone: Foundation.TimeZone) {
    self.days = days
    self.from = from
    self.to = to
    self.timeZone = timeZone
  }

  /// Whether it is open at a time, in seconds since 1970 UTC. Summer time is the zone's: a window in the hour that a
  /// clock skips is not, one in the hour that comes twice is twice.
  package func contains(_ time: Int) -> Bool {
    let (today, minute) = local(time)
    let yesterday = Day.allCases[(Day.allCases.firstIndex(of: today).map { $0 + 6 } ?? 0) % 7]
    if from < to { return days.contains(today) && (from..<to).contains(minute) }
    return (days.contains(today) && minute >= from) || (days.contains(yesterday) && minute < to)
  }

  private func local(_ time: Int) -> (day: Day, minute: Int) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let parts = calendar.dateComponents(
      [.weekday, .hour, .minute], from: Date(timeIntervalSince1970: TimeInterval(time)))
    // A calendar's Sunday is 1.
    return (Day.allCases[((parts.weekday ?? 1) - 1) % 7], (parts.hour ?? 0) * 60 + (parts.minute ?? 0))
  }

  /// `Sat 02:00-05:00 Europe/Berlin`.
  package var text: String {
    let names = Day.allCases.filter(days.contains).map(\.rawValue).joined(separator: ",")
    // Foundation calls UTC by another name.
    let zone = timeZone.identifier == "GMT" ? "UTC" : timeZone.identifier
    return "\(days.count == 7 ? "daily" : names) \(Self.clock(from))-\(Self.clock(to)) \(zone)"
  }

  private static func clock(_ minutes: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }
}

extension MaintenanceWindow {
  package static let schema: Schema = .object([
    Field(
      "days", .list(of: .choice(Day.allCases.map(\.rawValue)), merge: .atomic),
      "On which days it begins; default every day."),
    Field("from", .text(.clockTime), required: true, "When it opens: \"02:00\"."),
    Field("to", .text(.clockTime), required: true, "When it closes; not after from: on the next day."),
    Field("timeZone", .text(.timeZone), "Such as Europe/Berlin; default UTC."),
  ])

  init?(decoding node: YAMLNode, _ diagnostics: inout Diagnostics) {
    guard let entries = node.mapping, let from = entries["from"]?.string.flatMap(Self.minutes),
      let to = entries["to"]?.string.flatMap(Self.minutes)
    else { return nil }
    let identifier = entries["timeZone"]?.string ?? "UTC"
    guard let zone = Foundation.TimeZone(identifier: identifier) else {
      diagnostics.report(
        at: entries["timeZone"]?.mark ?? node.mark, "rollout.windows: there is no time zone \"\(identifier)\"",
        hint: Suggestion.hint(for: identifier, among: Foundation.TimeZone.knownTimeZoneIdentifiers))
      return nil
    }
    let days = (entries["days"]?.sequence ?? []).compactMap { $0.string.flatMap(Day.init(rawValue:)) }
    self.init(days: days.isEmpty ? Set(Day.allCases) : Set(days), from: from, to: to, timeZone: zone)
  }

  /// `02:30` in minutes since midnight.
  fileprivate static func minutes(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isNumber) }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute),
      hour * 60 + minute <= 24 * 60
    else { return nil }
    return hour * 60 + minute
  }
}

extension TextRule {
  package static let clockTime = TextRule("a time of day such as \"02:00\"", pattern: "^[0-9]{2}:[0-9]{2}$") { text in
    MaintenanceWindow.minutes(text) == nil ? "is none" : nil
  }
}
