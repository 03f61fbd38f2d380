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

  /// Where the kernel does not tell it (a service whose /proc holds processes alone), one of this process' own: ticks of two
  /// boots must never be compared, and from one process to the next the wall clock then counts.
  private static let bootID: String = {
    let bytes = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
    let id = String(decoding: bytes, as: UTF8.self).filter { $0.isHexDigit || $0 == "-" }
    return id.isEmpty ? UUID().uuidString : id
  }()
}
