import FleetReconcile
import FoundationEssentials

/// Small text files of the control node.
enum TextFile {
  /// `nil`: there is none. At most 16 MiB.
  static func read(_ path: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path), data.count <= 16 << 20 else {
      throw RunFailure("\(path) cannot be read", next: "may this account read it?")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
