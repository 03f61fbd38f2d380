internal import Crypto
internal import NIOPosix
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// A new file of this machine, written in pieces beside its name and put there when it is whole. Only its owner may read
/// it. The disk is waited for on a thread pool, so that it does not hold up the connections of an event loop.
///
/// Until `finish` the name keeps what it had; a writer that is dropped before leaves nothing behind.
final class LocalFileWriter: Sendable {
  private let path: String
  private let descriptor: Int32
  private let state: Mutex<State>

  private struct State {
    var digest = SHA256()
    var size = 0
    var isFinished = false
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    state = Mutex(State())
  }

  deinit {
    close(descriptor)
    if !state.withLock({ $0.isFinished }) { unlink(Self.temporaryPath(of: path)) }
  }

  /// Of the same name always, so that a writer that died leaves at most one such file and the next one removes it.
  private static func temporaryPath(of path: String) -> String { path + ".fleetd-new" }

  static func open(_ path: String) async throws(LocalFile.Problem) -> LocalFileWriter {
    let descriptor = try await LocalFile.onThread { () -> Result<Int32, LocalFile.Problem> in
      let temporary = temporaryPath(of: path)
      unlink(temporary)
      let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      return descriptor >= 0 ? .success(descriptor) : .failure(LocalFile.problem(temporary, errno))
    }
    return LocalFileWriter(path: path, descriptor: descriptor)
  }

  /// Bytes that were written.
  var size: Int { state.withLock { $0.size } }

  /// Of what was written, in hexadecimal.
  var sha256: String { state.withLock { SSHInputReader.text(of: $0.digest) } }

  func write(_ piece: [UInt8]) async throws(LocalFile.Problem) {
    guard !piece.isEmpty else { return }
    try await LocalFile.onThread { [self] () -> Result<Void, LocalFile.Problem> in
      var rest = piece[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return .failure(LocalFile.problem(path, errno)) }
        rest = rest.dropFirst(count)
      }
      return .success(())
    }
    state.withLock { state in
      state.digest.update(data: piece)
      state.size += piece.count
    }
  }

  /// Puts the file in place: on the disk before its name is, so that no power cut leaves half of it there.
  func finish() async throws(LocalFile.Problem) {
    try await LocalFile.onThread { [self] () -> Result<Void, LocalFile.Problem> in
      guard fsync(descriptor) == 0, rename(Self.temporaryPath(of: path), path) == 0 else {
        return .failure(LocalFile.problem(path, errno))
      }
      let slash = path.lastIndex(of: "/") ?? path.startIndex
      let directory = Glibc.open(slash == path.startIndex ? "/" : String(path[..<slash]), O_RDONLY | O_CLOEXEC)
      guard directory >= 0 else { return .failure(LocalFile.problem(path, errno)) }
      defer { close(directory) }
      return fsync(directory) == 0 ? .success(()) : .failure(LocalFile.problem(path, errno))
    }
    state.withLock { $0.isFinished = true }
  }
}
