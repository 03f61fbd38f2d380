import FoundationEssentials
import Glibc
import Synchronization

/// A directory that goes away with this object, and at the latest with this process.
public final class TemporaryDirectory: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "fleetd-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    Self.remove(atExit: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// What static objects hold is never released; their directories are removed when the process exits.
  private static let pathsAtExit = Mutex<[String]>([])

  private static func remove(atExit path: String) {
    pathsAtExit.withLock { paths in
      if paths.isEmpty {
        atexit { TemporaryDirectory.removeAll() }
      }
      paths.append(path)
    }
  }

  private static func removeAll() {
    for path in pathsAtExit.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }

  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Lets other accounts reach files in it whose names they know.
  func letOthersThrough() {
    chmod(path, 0o711)
  }

  /// Writes a file and returns its path.
  public func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    return path(name)
  }

  public func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }
}
