import FleetModel
import Glibc

/// Asks for something that must not be seen while it is typed. The terminal shows what it showed before afterwards.
enum HiddenQuestion {
  /// Somebody sits at a terminal and sees the question.
  static var canBeAsked: Bool { Console.isTerminal(0) && Console.isTerminal(2) }

  /// The answer without its line break; `nil`: there is no terminal, nothing was typed, or the task was cancelled.
  static func ask(_ question: String) async -> [UInt8]? {
    var shown = termios()
    guard canBeAsked, tcgetattr(0, &shown) == 0 else { return nil }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO)
    // What was typed before the question is no answer to it.
    guard tcsetattr(0, TCSAFLUSH, &hidden) == 0 else { return nil }
    Console.prompt(TerminalText.escape(question))
    let answer = await InputLine.read(from: 0)
    tcsetattr(0, TCSANOW, &shown)
    Console.progress("")
    return answer
  }
}
