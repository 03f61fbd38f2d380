/// How long something is ago, as people say it.
enum Age {
  /// `12 s`, `5 min`, `3 h 20 min`, `4 d 2 h`: two units at most.
  static func text(_ seconds: Int) -> String {
    switch max(0, seconds) {
    case let time where time < 60: "\(time) s"
    case let time where time < 3600: "\(time / 60) min"
    case let time where time < 86_400: pair(time / 3600, "h", time % 3600 / 60, "min")
    case let time: pair(time / 86_400, "d", time % 86_400 / 3600, "h")
    }
  }

  private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }
}
