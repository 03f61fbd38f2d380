import FleetReconcile
import FoundationEssentials
import Glibc

/// What the kernel says of this process, in kB.
struct ProcessMemory {
  let anonymous: Int
  let resident: Int

  /// Gives back to the kernel what the allocator keeps for later: what is left is held.
  static func trim() {
    typealias Trim = @convention(c) (Int) -> Int32
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
  }

  static func now() throws -> ProcessMemory {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    func value(_ key: String) throws -> Int {
      let line = text.split(separator: "\n").first { $0.hasPrefix("\(key):") }
      guard let value = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
        throw RunFailure("/proc/self/status has no \(key)")
      }
      return value
    }
    return ProcessMemory(anonymous: try value("RssAnon"), resident: try value("VmRSS"))
  }
}

/// The line through points by least squares.
enum Slope {
  static func perThousand(_ points: [(passes: Int, kilobytes: Int)]) -> Int {
    let count = Double(points.count)
    let (x, y) = (points.map { Double($0.passes) }, points.map { Double($0.kilobytes) })
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let above = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let below = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    return Int((1000 * above / below).rounded())
  }
}
