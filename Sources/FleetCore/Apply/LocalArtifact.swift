import Crypto
import FleetModel
import SystemPackage

/// Files of this machine: their size and digest.
enum LocalArtifact {
  /// Bytes; `nil`: there is no such regular file.
  static func size(of path: String) -> Int? {
    guard let status = FileStatus(of: path), status.kind == .regular else { return nil }
    return status.size
  }

  /// Lowercase SHA-256; `nil` when the file cannot be read. Read in pieces: releases have 70 MB.
  static func digest(of path: String) -> String? {
    guard size(of: path) != nil, let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      guard let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
      guard count > 0 else { return hash.finalize().hexadecimal }
      hash.update(data: buffer[..<count])
    }
  }
}
