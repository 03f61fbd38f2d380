import FleetModel
import FoundationEssentials
import Glibc

/// What the control node remembers of a fleet's cluster: the digest of its CA, in `<state>/clusters/<fleet>`.
///
/// It keeps fleetd from founding a second cluster when all servers come back blank. Nothing in it is secret.
package struct ClusterMemory: Sendable {
  private let file: String

  /// - Parameters:
  ///   - directory: the control node's state directory; it need not be there.
  ///   - fleet: the fleet's name, which holds letters, digits and dashes only.
  package init(directory: String, fleet: String) { file = "\(directory)/clusters/\(fleet)" }

  /// Lowercase SHA-256 of the CA; `nil`: no cluster of this fleet was ever seen.
  package func authority() throws(RunFailure) -> String? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    guard let data = FileManager.default.contents(atPath: file), data.count <= 4096 else {
      throw RunFailure("\(file) cannot be read", next: "may this account read it? It says which cluster the fleet has")
    }
    let text = String(decoding: data, as: UTF8.self).trimmingWhitespace()
    guard text.utf8.count == 64, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw RunFailure(
        "\(file) does not hold the SHA-256 of a cluster's CA",
        next: "remove it if the fleet's cluster runs: the next run writes it anew")
    }
    return text
  }

  /// Written beside its place and renamed, so that a crash leaves the old one or the new one.
  package func remember(_ authority: String) throws(RunFailure) {
    guard try self.authority() != authority else { return }
    let directory = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let new = file + ".new"
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data("\(authority)\n".utf8).write(to: URL(filePath: new))
    } catch {
      throw RunFailure("\(new) cannot be written", next: "make room, or let this account write to \(directory)")
    }
    guard rename(new, file) == 0 else {
      throw RunFailure("\(file) cannot be replaced", next: "may this account write to \(directory)?")
    }
  }
}
