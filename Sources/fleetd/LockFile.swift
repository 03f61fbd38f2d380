import FleetReconcile
import Glibc

/// A file that one process at a time holds. The kernel ends the lock with the process, so nothing stale survives it.
struct LockFile: Sendable {
  let descriptor: Int32

  /// - Parameter held: what is said where another process holds it.
  /// - Throws: `RunFailure` when another holds it, or the file cannot be written.
  init(at file: String, held: RunFailure) throws(RunFailure) {
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw RunFailure(
        "\(file) cannot be opened: \(String(cString: strerror(errno)))",
        next: "let this account write there, or name another place: spec.store.path of the control node's configuration"
      )
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw held
    }
  }

  func release() { close(descriptor) }
}
