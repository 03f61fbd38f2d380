import FleetApply
import FoundationEssentials

/// Where the files of a state repository are read from: a working tree, or a commit. Paths are relative to its root.
protocol StateFiles: Sendable {
  /// `nil`: nothing is there, or it may not be looked at.
  func kind(of path: String) -> FileStatus.Kind?
  /// Bytes; 0 for what is no file.
  func size(of path: String) -> Int
  /// Names in a directory, in any order; `nil`: it cannot be listed.
  func names(in directory: String) -> [String]?
  /// `nil`: it cannot be read.
  func bytes(of path: String) -> [UInt8]?
}

/// The files as they stand in a directory; links are not followed.
struct WorkingTree: StateFiles {
  let root: String

  func kind(of path: String) -> FileStatus.Kind? { FileStatus(of: "\(root)/\(path)")?.kind }

  func size(of path: String) -> Int { FileStatus(of: "\(root)/\(path)")?.size ?? 0 }

  func names(in directory: String) -> [String]? {
    try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)")
  }

  func bytes(of path: String) -> [UInt8]? { FileManager.default.contents(atPath: "\(root)/\(path)").map(Array.init) }
}
