internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#endif

/// A regular file of this machine, open for reading. Reads happen on a thread pool, so that a slow disk does not hold
/// up the connections of an event loop. The file stays open: what is read is one file, even when its name moves on to
/// another.
final class LocalFile: Sendable {
  let path: String
  /// Bytes, when it was opened.
  let size: Int
  private let descriptor: Int32

  /// Why a file cannot be read: `/path: No such file or directory`.
  struct Problem: Error {
    let text: String
  }

  private init(path: String, size: Int, descriptor: Int32) {
    self.path = path
    self.size = size
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  static func open(_ path: String) async throws(Problem) -> LocalFile {
    let opened = try await onThread { () -> Result<(Int32, Int), Problem> in
      // Without O_NONBLOCK a FIFO would hold the thread until somebody writes to it.
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { return .failure(problem(path, errno)) }
      var status = stat()
      guard fstat(descriptor, &status) == 0 else {
        defer { close(descriptor) }
        return .failure(problem(path, errno))
      }
      guard status.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        return .failure(Problem(text: "\(printable(path)): not a regular file"))
      }
      return .success((descriptor, Int(status.st_size)))
    }
    return LocalFile(path: path, size: opened.1, descriptor: opened.0)
  }

  /// The next bytes from `offset`, at most `count`; empty at the end of the file.
  func read(_ count: Int, at offset: Int) async throws(Problem) -> [UInt8] {
    try await Self.onThread { [self] in
      var failure: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        let got = pread(descriptor, buffer.baseAddress, count, off_t(offset))
        if got < 0 { failure = errno }
        initialized = max(got, 0)
      }
      return failure == 0 ? .success(bytes) : .failure(Self.problem(path, failure))
    }
  }

  static func problem(_ path: String, _ code: Int32) -> Problem {
    Problem(text: "\(printable(path)): \(String(cString: strerror(code)))")
  }

  static func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () -> Result<Value, Problem>
  ) async throws(Problem) -> Value {
    // Not cancellable: a read is short, and the call that waits for it reports the cancellation itself.
    let result: Result<Value, Problem> = await withCheckedContinuation { continuation in
      NIOThreadPool.singleton.submit { state in
        continuation.resume(
          returning: state == .active ? work() : .failure(Problem(text: "not read: the program is ending"))
        )
      }
    }
    return try result.get()
  }
}
