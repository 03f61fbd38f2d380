import FleetModel
import FleetReconcile
import Glibc

/// One daemon a state directory: a lock for its life, in which it says what it does.
struct DaemonLock: Sendable {
  private let lock: LockFile

  /// Throws when another daemon holds it, or the directory cannot be written.
  init(in directory: String, mode: Mode) throws(RunFailure) {
    lock = try LockFile(
      at: Self.file(in: directory),
      held: RunFailure("another fleetd keeps this fleet already", next: "fleetd status; systemctl status fleetd"))
    ftruncate(lock.descriptor, 0)
    let word = Array(mode.rawValue.utf8)
    _ = write(lock.descriptor, word, word.count)
  }

  func release() { lock.release() }

  private static func file(in directory: String) -> String { "\(directory)/daemon.lock" }

  /// The mode of the daemon that runs now; `nil`: none does, or this account may not know.
  static func mode(in directory: String) -> Mode? {
    let descriptor = open(file(in: directory), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = read(descriptor, &buffer, buffer.count)
    return Mode(rawValue: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
  }
}
