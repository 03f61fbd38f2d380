import Glibc
import NIOPosix
import Synchronization

/// One line of a descriptor, read byte by byte: what stands behind it is somebody else's.
enum InputLine {
  private static let limit = 1024

  /// Without its line break; `nil`: it is empty or over 1024 bytes, or the task was cancelled. A thread of its own waits.
  static func read(from descriptor: Int32) async -> [UInt8]? {
    let isCancelled = Flag()
    let answer = await withTaskCancellationHandler {
      try? await NIOThreadPool.singleton.runIfActive { line(from: descriptor) { isCancelled.isRaised } }
    } onCancel: {
      isCancelled.raise()
    }
    return answer ?? nil
  }

  private static func line(from descriptor: Int32, until isCancelled: () -> Bool) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count <= limit {
      var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&input, 1, 200)
      if isCancelled() { return nil }
      guard ready > 0 else { continue }
      let count = Glibc.read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 || byte == UInt8(ascii: "\n") {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line.isEmpty ? nil : line
      }
      line.append(byte)
    }
    return nil
  }

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isRaised: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
  }
}
