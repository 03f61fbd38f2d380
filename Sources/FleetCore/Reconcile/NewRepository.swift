import FleetApply
package import FleetModel
import FoundationEssentials
import SystemPackage

/// Writes a state repository into a directory that holds none. Nothing that exists is overwritten.
package struct NewRepository: Sendable {
  /// The directory, as somebody wrote it; it may not exist yet.
  package let root: String
  private let files: [InventoryFile]

  package init(at root: String, files: [InventoryFile]) {
    self.root = root
    self.files = files
  }

  /// Throws what is in the way, all of it. Whatever stands below inventory/ would be read together with what is written.
  package static func requireFree(_ root: String) throws(RunFailure) {
    switch FileStatus(of: root)?.kind {
    case nil: return
    case .regular: throw RunFailure("\(root) is a file", next: "name a directory")
    case .directory, .other: break
    }
    let names = ["inventory"] + StateRepositoryTemplate.surroundings.map(\.name)
    let present = names.filter { FileStatus(of: "\(root)/\($0)") != nil }
    guard present.isEmpty else {
      throw RunFailure(
        "\(root) holds already: \(present.joined(separator: ", ")); nothing was written",
        next: "name another directory, or move these away")
    }
  }

  /// All files, or, when one cannot be written, none of them.
  package func write() throws(RunFailure) {
    try Self.requireFree(root)
    var made: [String] = []
    do throws(RunFailure) {
      for file in files { try write(file, &made) }
    } catch {
      for path in made.reversed() { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
  }

  private func write(_ file: InventoryFile, _ made: inout [String]) throws(RunFailure) {
    let path = "\(root)/\(file.name)"
    try NewFile.makeDirectories(of: path, &made)
    try NewFile.write(file.bytes, to: path)
    made.append(path)
  }
}

/// A file that did not exist before.
package enum NewFile {
  /// Written and synced; never through a link, never over anything. What could not be written whole is removed.
  ///
  /// - Parameter isPrivate: only its owner may read it.
  package static func write(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws(RunFailure) {
    do {
      let mode: FilePermissions = isPrivate ? .ownerReadWrite : [.ownerReadWrite, .groupRead, .otherRead]
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: mode)
      do {
        try file.closeAfter { _ = try file.writeAll(bytes) }
      } catch {
        try? FileManager.default.removeItem(atPath: path)
        throw error
      }
    } catch {
      throw RunFailure("\(path) cannot be written: \(error)", next: "is there room, and may this account write there?")
    }
  }

  /// The directories above `path` that are missing; those that were made are added to `made`.
  package static func makeDirectories(
    of path: String, _ made: inout [String], isPrivate: Bool = false
  ) throws(RunFailure) {
    let directory = FilePath(path).removingLastComponent().string
    guard !directory.isEmpty, FileStatus(of: directory) == nil else { return }
    try makeDirectories(of: directory, &made, isPrivate: isPrivate)
    do {
      let mode = isPrivate ? 0o700 : 0o755
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
    } catch {
      throw RunFailure("the directory \(directory) cannot be made", next: "may this account write there?")
    }
    made.append(directory)
  }
}
