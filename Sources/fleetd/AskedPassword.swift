import FleetModel
import Glibc
import NIOPosix
import SSHClient
import Synchronization

/// A password that is asked for when something needs it, and at most once: for the login, and for sudo.
actor AskedPassword {
  private let question: String
  /// The first line of standard input, without a question.
  private let isFromInput: Bool
  private var asked: [UInt8]??

  init(question: String, isFromInput: Bool) {
    self.question = question
    self.isFromInput = isFromInput
  }

  /// Without a line break; `nil`: there is nobody to ask.
  func bytes() async -> [UInt8]? {
    if let asked { return asked }
    let answer = isFromInput ? await Self.line(from: 0) : await Self.hiddenLine(question)
    asked = .some(answer)
    return answer
  }

  private static func hiddenLine(_ question: String) async -> [UInt8]? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var shown = termios()
    guard tcgetattr(terminal, &shown) == 0 else { return nil }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO)
    hidden.c_lflag |= tcflag_t(ECHONL)
    tcsetattr(terminal, TCSAFLUSH, &hidden)
    defer { tcsetattr(terminal, TCSAFLUSH, &shown) }
    _ = question.utf8.withContiguousStorageIfAvailable { write(terminal, $0.baseAddress, $0.count) }
    return await line(from: terminal)
  }

  /// Byte by byte: what stands behind the line is somebody else's. Ends when the run is interrupted.
  private static func line(from descriptor: Int32) async -> [UInt8]? {
    let isCancelled = Flag()
    return await withTaskCancellationHandler {
      try? await NIOThreadPool.singleton.runIfActive {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while line.count <= 1024 {
          while poll(&input, 1, 200) == 0 {
            if isCancelled.isRaised { return nil }
          }
          let count = read(descriptor, &byte, 1)
          if count < 0, errno == EINTR { continue }
          if count <= 0 || byte == 0x0A { break }
          line.append(byte)
        }
        if line.last == 0x0D { line.removeLast() }
        return line.isEmpty ? nil : line
      }
    } onCancel: {
      isCancelled.raise()
    }
  }

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isRaised: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
  }
}
