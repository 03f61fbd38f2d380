import FleetModel
import Glibc
import Synchronization

/// Standard output for results, standard error for everything else.
enum Console {
  /// Whether all of it was written; a reader that is gone is no error of ours, a full disk is.
  static func result(_ text: String) -> Bool {
    let isWritten = write(text, to: 1)
    if !isWritten { note("the output could not be written") }
    return isWritten
  }

  /// Names of files may be a stranger's: what could act on a terminal is written out.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.escape(String($0)) }
    progress("fleetd: " + lines.joined(separator: "\n"))
  }

  /// Whole lines on standard error.
  static func text(_ lines: String) { _ = write(lines, to: 2) }

  static func progress(_ text: String) { _ = write(text + "\n", to: 2) }

  /// A closed pipe shall be an error of one write, not the end of a run that is changing nodes.
  static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Asks on the terminal; anything but "yes" or "y" is no.
  static func confirm(_ question: String) -> Bool {
    guard let answer = answer(to: "\(question) [y/N]")?.lowercased() else { return false }
    return answer == "y" || answer == "yes"
  }

  /// One line from standard input, blanks around it removed; `nil`: it ended, or the run was interrupted.
  static func answer(to question: String) -> String? {
    prompt(question)
    return awaitInput() ? readLine()?.trimmingWhitespace() : nil
  }

  /// What is typed next stands behind it.
  static func prompt(_ text: String) { _ = write("\(text) ", to: 2) }

  /// Whether there is something to read; `false`: the run was interrupted, which readLine would not notice.
  static func awaitInput() -> Bool {
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 200) == 0 {
      if Task.isCancelled { return false }
    }
    return !Task.isCancelled
  }

  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The lines that are drawn at the bottom of the terminal now. Whoever writes takes them away first, so that nothing
  /// is written into them.
  private static let frame = Mutex(LiveFrame())

  /// Draws the lines that `render` makes for a terminal of this width and height, in place of those before.
  static func show(_ render: (_ width: Int, _ height: Int) -> [String]) {
    frame.withLock { frame in
      let (width, height) = size
      _ = writeAll(frame.redrawn(as: render(width, height), width: width), to: 2)
    }
  }

  static func hideFrame() {
    frame.withLock { frame in _ = writeAll(frame.erased(width: size.width), to: 2) }
  }

  /// A line of standard error from a process that ends now: left out where it would have to wait, for a terminal that was
  /// stopped, a pipe that is full, or somebody who is stuck in writing.
  static func lastWords(_ text: String) {
    _ = frame.withLockIfAvailable { frame in
      var output = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
      guard poll(&output, 1, 0) == 1, output.revents & Int16(POLLOUT) != 0 else { return }
      _ = writeAll(frame.erased(width: size.width) + "fleetd: \(text)\n", to: 2)
    }
  }

  /// Columns and rows of the terminal that is standard error.
  private static var size: (width: Int, height: Int) {
    var window = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return (80, 24) }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    frame.withLock { frame in
      _ = writeAll(frame.erased(width: size.width), to: 2)
      return writeAll(text, to: descriptor)
    }
  }

  /// Whole, or until the reader is gone; `false`: it could not be written.
  private static func writeAll(_ text: String, to descriptor: Int32) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno == EPIPE }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
