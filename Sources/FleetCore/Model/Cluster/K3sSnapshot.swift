import FoundationEssentials

/// A snapshot of a cluster's etcd that the control node keeps, as the file beside it tells.
package struct K3sSnapshot: Sendable, Hashable, Codable {
  package let fleet: String
  /// The server that saved it.
  package let node: String
  /// What k3s calls it there.
  package let name: String
  /// The release that wrote it: the same or a newer one can restore it.
  package let version: String
  /// Seconds since 1970 UTC, of the control node.
  package let takenAt: Int
  /// Bytes.
  package let size: Int
  /// Lowercase.
  package let sha256: String

  package init(of fleet: String, from node: String, _ saved: SavedSnapshot, at takenAt: Int) {
    self.fleet = fleet
    self.node = node
    name = saved.path.split(separator: "/").last.map(String.init) ?? ""
    version = "\(saved.version)"
    self.takenAt = takenAt
    size = saved.size
    sha256 = saved.sha256
  }

  /// What a person calls it: `20261121T031207Z-pi1`. Sorts as the time does.
  package var id: String { "\(UTCTime(takenAt).compact)-\(node)" }

  /// Whether `id` may be one: it becomes part of a path.
  package static func isID(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 200 && !id.hasPrefix(".")
      && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
  }

  /// `nil`: it is none of ours.
  package init?(parsing bytes: [UInt8]) {
    guard bytes.count <= 64 << 10, let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
      return nil
    }
    self = read
  }

  /// Indented JSON with sorted keys and a line break at the end.
  package var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(self)).map(Array.init) ?? []) + [0x0A]
  }
}
