import FleetModel
import Glibc
import NIOPosix
import Synchronization

extension Console {
  /// Somebody sits at a terminal and sees the question.
  static var canAskInSecret: Bool { isTerminal(0) && isTerminal(2) }

  /// Asks for something that is not shown while it is typed, without its line break; nil: no answer, or the task was
  /// cancelled. Only on a terminal.
  static func secret(_ question: String) async -> [UInt8]? {
    guard canAskInSecret else { return nil }
    let isCancelled = Mutex(false)
    let answer: [UInt8]?? = await withTaskCancellationHandler {
      try? await NIOThreadPool.singleton.runIfActive { hiddenLine(question) { isCancelled.withLock { $0 } } }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }
    return answer ?? nil
  }

  /// Blocks until a line was typed; the terminal shows what it showed before afterwards.
  private static func hiddenLine(_ question: String, until isCancelled: () -> Bool) -> [UInt8]? {
    var before = termios()
    guard tcgetattr(0, &before) == 0 else { return nil }
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO)
    // What was typed before the question is no answer to it.
    tcsetattr(0, TCSAFLUSH, &hidden)
    text(TerminalText.escape(question))
    defer {
      tcsetattr(0, TCSANOW, &before)
      text("\n")
    }
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < 1024 {
      var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      let ready = poll(&input, 1, 200)
      if isCancelled() { return nil }
      guard ready > 0 else { continue }
      guard read(0, &byte, 1) == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return line }
      line.append(byte)
    }
    return nil
  }
}
