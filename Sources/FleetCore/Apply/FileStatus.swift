import Glibc

/// What stands at a path of this machine, links not followed (lstat(2)).
package struct FileStatus: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case regular
    case directory
    /// A symbolic link, a socket, a device.
    case other
  }

  package let kind: Kind
  /// The permission bits.
  package let mode: UInt32
  /// Bytes.
  package let size: Int

  /// `nil`: nothing is there, or this account may not see it.
  package init?(of path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    default: kind = .other
    }
    mode = status.st_mode & 0o7777
    size = Int(status.st_size)
  }
}
