import FleetApply
package import FleetModel
import FoundationEssentials

/// A checkout of the state repository, read as it stands in the working tree.
///
/// It may come from a stranger's pull request: nothing in it is run, links are not followed, and everything is bounded.
package struct StateRepository: Sendable {
  /// An absolute path.
  package let root: String

  private static let maximumFileSize = 1 << 20
  private static let maximumFiles = 10_000

  package init(at root: String) { self.root = root }

  /// Every `*.yaml` and `*.yml` below inventory/, named relative to the root, sorted.
  package func inventory() throws(RunFailure) -> [InventoryFile] {
    let directory = root + "/inventory"
    guard FileStatus(of: directory)?.kind == .directory else {
      throw RunFailure(
        "\(root) has no inventory/ directory",
        next: "run fleetd in a state repository, or name one: --repo DIR")
    }
    var files: [InventoryFile] = []
    try collect("inventory", into: &files)
    return files.sorted { $0.name < $1.name }
  }

  private func collect(_ relative: String, into files: inout [InventoryFile]) throws(RunFailure) {
    for name in try names(in: relative) where !name.hasPrefix(".") {
      let path = "\(relative)/\(name)"
      switch FileStatus(of: "\(root)/\(path)")?.kind {
      case .directory:
        guard path.split(separator: "/").count <= 16 else { throw RunFailure("\(path) is nested too deeply") }
        try collect(path, into: &files)
      case .regular where name.hasSuffix(".yaml") || name.hasSuffix(".yml"):
        guard files.count < Self.maximumFiles else {
          throw RunFailure("inventory/ holds more than \(Self.maximumFiles) YAML files")
        }
        files.append(InventoryFile(name: path, bytes: try read(path)))
      case .other:
        throw RunFailure(
          "\(path) is a link or a special file, which fleetd does not follow", next: "put the file itself into Git")
      case nil:
        throw RunFailure("\(path) cannot be looked at", next: "may this account read \(root)/\(path)?")
      case .regular:
        continue
      }
    }
  }

  func names(in relative: String) throws(RunFailure) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(relative)").sorted()
    } catch {
      throw RunFailure("\(relative) cannot be listed", next: "may this account read \(root)/\(relative)?")
    }
  }

  private func read(_ relative: String) throws(RunFailure) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: "\(root)/\(relative)") else {
      throw RunFailure("\(relative) cannot be read", next: "may this account read \(root)/\(relative)?")
    }
    guard data.count <= Self.maximumFileSize else {
      throw RunFailure("\(relative) has \(data.count) bytes; an inventory file may have 1 MiB", next: "split it")
    }
    return Array(data)
  }
}
