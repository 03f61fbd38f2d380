/// Durations as Kubernetes and Go write them: `90s`, `5m`, `1h30m`. Never negative, at most 366 days.
package enum DurationText {
  package static func parse(_ text: String) -> Duration? {
    var seconds: Int64 = 0
    var digits = ""
    var lastUnit = Int64.max
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let unit = units[character], unit < lastUnit, let count = Int64(digits), digits.count <= 9 else {
        return nil
      }
      seconds += count * unit
      lastUnit = unit
      digits = ""
    }
    guard digits.isEmpty, lastUnit != Int64.max, seconds <= 366 * 86_400 else { return nil }
    return .seconds(seconds)
  }

  /// What `parse` accepts, as a regular expression: each unit at most once, the largest first.
  package static let pattern = "^(?=.)([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?$"

  /// The shortest such text for whole seconds: `60m` stays readable as `1h`.
  package static func render(_ duration: Duration) -> String {
    var rest = duration.components.seconds
    guard rest > 0 else { return "0s" }
    var text = ""
    for (name, unit) in [("d", Int64(86_400)), ("h", 3600), ("m", 60), ("s", 1)] where rest >= unit {
      text += "\(rest / unit)\(name)"
      rest %= unit
    }
    return text
  }

  private static let units: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
}
