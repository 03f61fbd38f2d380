import FleetModel
import FleetReconcile
import Glibc

/// One run that changes things at a time, for a fleet on this control node.
struct RunLock: Sendable {
  private let file: LockFile

  /// - Parameter directory: the state directory; it is made where it is missing.
  /// - Throws: `RunFailure` when another run holds it, or the directory cannot be written or is another account's.
  init(in directory: String, of fleet: String) throws {
    try StateDirectory.requireOwn(directory)
    let locks = "\(directory)/locks"
    for path in Self.parents(of: locks) + [locks] { _ = mkdir(path, 0o700) }
    file = try LockFile(
      at: "\(locks)/\(fleet)",
      held: RunFailure("another fleetd is at work on the fleet \(fleet)", next: "wait for it, or stop it"))
  }

  func release() { file.release() }

  private static func parents(of path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
  }

  /// Whose roll-out it is, for other control nodes: this machine's name and the beginning of its id.
  static func holder(of fleet: String) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    let name =
      gethostname(&buffer, 255) == 0 ? String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : "?"
    let id = ((try? TextFile.read("/etc/machine-id")) ?? nil) ?? ""
    let safe = (name + "/" + id.prefix(8)).filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-./".contains($0)) }
    return "fleet/\(fleet)@\(safe)"
  }
}
