package import FleetModel
import FoundationEssentials
import Glibc
import SystemPackage

/// Files of this machine that only their owner may read.
package enum PrivateFile {
  /// Replaces the file at `path`, or makes it: whole or not at all, and on the disk before this returns. The directory
  /// must exist.
  package static func write(_ bytes: [UInt8], to path: String) throws(NodeFailure) {
    let temporary = "\(path).fleetd-new"
    do {
      try? FileManager.default.removeItem(atPath: temporary)
      let file = try FileDescriptor.open(
        FilePath(temporary), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
        permissions: .ownerReadWrite)
      try file.closeAfter {
        _ = try file.writeAll(bytes)
        try sync(file)
      }
      guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
      try sync(directoryOf: path)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw failure("\(path) cannot be written", error)
    }
  }

  /// The bytes of a regular file of at most `limit` bytes, links not followed; `nil`: there is none.
  package static func read(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
    guard let status = FileStatus(of: path), status.kind == .regular, status.size <= limit else { return nil }
    return FileManager.default.contents(atPath: path).map(Array.init)
  }

  /// A directory that only its owner may enter, with those above it that are missing.
  package static func makeDirectory(_ path: String) throws(NodeFailure) {
    guard FileStatus(of: path)?.kind != .directory else { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try sync(directoryOf: path)
    } catch {
      throw failure("the directory \(path) cannot be made", error)
    }
  }

  /// Gone, and gone after a power cut too. What is not there is no error.
  package static func remove(_ path: String) throws(NodeFailure) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw failure("\(path) cannot be removed", Errno(rawValue: errno))
    }
    do { try sync(directoryOf: path) } catch { throw failure("\(path) cannot be removed", error) }
  }

  private static func sync(directoryOf path: String) throws {
    let directory = FilePath(path).removingLastComponent()
    guard FileStatus(of: directory.string) != nil else { return }
    let descriptor = try FileDescriptor.open(directory, .readOnly, options: [.directory, .closeOnExec])
    try descriptor.closeAfter { try sync(descriptor) }
  }

  private static func sync(_ file: FileDescriptor) throws {
    guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  private static func failure(_ what: String, _ error: any Error) -> NodeFailure {
    NodeFailure(
      .stepFailed, "\(what) on this control node: \(error)", next: "is there room, and may this account write there?")
  }
}
