package import FleetModel
internal import FoundationEssentials
internal import Glibc

extension ClockReading {
  /// This machine's clocks now.
  package static func now() -> ClockReading {
    var sinceBoot = timespec()
    clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
    return ClockReading(wall: Int(time(nil)), boot: bootID, ticks: sinceBoot.tv_sec)
  }

  private static let bootID: String = {
    let bytes = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
    return String(decoding: bytes, as: UTF8.self).filter { $0.isHexDigit || $0 == "-" }
  }()
}
