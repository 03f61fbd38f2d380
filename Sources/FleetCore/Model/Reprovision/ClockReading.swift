/// One moment on two clocks of the control node: the wall's, which people read and which may be set, and one that only
/// counts on and begins anew with every boot.
package struct ClockReading: Sendable, Hashable {
  /// Seconds since 1970 UTC.
  package let wall: Int
  /// The kernel's id of the boot that `ticks` count from.
  package let boot: String
  /// Seconds since that boot, suspended time included.
  package let ticks: Int

  package init(wall: Int, boot: String, ticks: Int) {
    self.wall = wall
    self.boot = boot
    self.ticks = ticks
  }

  /// Seconds from `earlier` to here, never negative. Within one boot no setting of the wall clock changes them; over a
  /// reboot of the control node the wall clock is all there is.
  package func seconds(since earlier: ClockReading) -> Int {
    max(0, boot == earlier.boot ? ticks - earlier.ticks : wall - earlier.wall)
  }
}

extension ClockReading {
  /// `1800000000 52 0f3c…`: as it is stored.
  package var text: String { "\(wall) \(ticks) \(boot)" }

  package init?(text: String) {
    let parts = text.split(separator: " ", maxSplits: 2)
    guard parts.count == 3, let wall = Int(parts[0]), let ticks = Int(parts[1]) else { return nil }
    self.init(wall: wall, boot: String(parts[2]), ticks: ticks)
  }
}
