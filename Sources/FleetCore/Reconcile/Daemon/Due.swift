/// When something is to happen, on the wall clock, so that a person can be told. Pure.
enum Due {
  /// Seconds until `time`. A clock that was set back puts nothing off: what lies further ahead than it can ever be set is
  /// due now.
  ///
  /// - Parameters:
  ///   - time: seconds since 1970 UTC.
  ///   - longest: how far ahead, in seconds, it is set at most.
  static func wait(until time: Int, at now: Int, atMost longest: Int) -> Int {
    let wait = time - now
    return wait > longest ? 0 : max(0, wait)
  }
}
