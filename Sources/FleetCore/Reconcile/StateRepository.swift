import FleetApply
package import FleetModel

/// A checkout of the state repository, read as it stands in the working tree, or as a commit has it.
///
/// It may come from a stranger's pull request: nothing in it is run, links are not followed, and everything is bounded.
package struct StateRepository: Sendable {
  /// An absolute path.
  package let root: String

  static let maximumFileSize = 1 << 20
  private static let maximumFiles = 10_000

  let files: any StateFiles

  /// As it stands in the working tree.
  package init(at root: String) { self.init(at: root, WorkingTree(root: root)) }

  init(at root: String, _ files: any StateFiles) {
    self.root = root
    self.files = files
  }

  /// Every `*.yaml` and `*.yml` below inventory/, named relative to the root, sorted.
  package func inventory() throws(RunFailure) -> [InventoryFile] {
    guard files.kind(of: "inventory") == .directory else {
      throw RunFailure(
        "\(root) has no inventory/ directory",
        next: "run fleetd in a state repository, or name one: --repo DIR")
    }
    var found: [InventoryFile] = []
    try collect("inventory", into: &found)
    return found.sorted { $0.name < $1.name }
  }

  private func collect(_ relative: String, into found: inout [InventoryFile]) throws(RunFailure) {
    for name in try names(in: relative) where !name.hasPrefix(".") {
      let path = "\(relative)/\(name)"
      switch files.kind(of: path) {
      case .directory:
        guard path.split(separator: "/").count <= 16 else { throw RunFailure("\(path) is nested too deeply") }
        try collect(path, into: &found)
      case .regular where name.hasSuffix(".yaml") || name.hasSuffix(".yml"):
        guard found.count < Self.maximumFiles else {
          throw RunFailure("inventory/ holds more than \(Self.maximumFiles) YAML files")
        }
        found.append(InventoryFile(name: path, bytes: try read(path)))
      case .other:
        throw RunFailure(
          "\(path) is a link or a special file, which fleetd does not follow", next: "put the file itself into Git")
      case nil:
        throw RunFailure("\(path) cannot be looked at", next: "may this account read \(root)/\(path)?")
      case .regular:
        try requireReadableName(path)
      }
    }
  }

  /// Whether a file below inventory/ is read: what else is there stays where it is.
  static func isInventory(_ name: String, size: Int) -> Bool {
    (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && size <= maximumFileSize
  }

  /// A file that its owner surely means, and that nothing would read.
  func requireReadableName(_ path: String) throws(RunFailure) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return }
    let suffix = path[dot...].lowercased()
    guard [".yaml", ".yml"].contains(suffix), suffix != path[dot...] else { return }
    throw RunFailure("\(path) would not be read: its name ends with \(path[dot...])", next: "rename it to \(suffix)")
  }

  func names(in relative: String) throws(RunFailure) -> [String] {
    guard let names = files.names(in: relative) else {
      throw RunFailure("\(relative) cannot be listed", next: "may this account read \(root)/\(relative)?")
    }
    return names.sorted()
  }

  private func read(_ relative: String) throws(RunFailure) -> [UInt8] {
    guard let bytes = files.bytes(of: relative) else {
      throw RunFailure("\(relative) cannot be read", next: "may this account read \(root)/\(relative)?")
    }
    guard bytes.count <= Self.maximumFileSize else {
      throw RunFailure("\(relative) has \(bytes.count) bytes; an inventory file may have 1 MiB", next: "split it")
    }
    return bytes
  }
}
