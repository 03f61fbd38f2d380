import FleetModel
import Glibc

/// Asks for something that must not be seen: the terminal does not echo it, and echoes again whatever happens.
enum HiddenQuestion {
  /// The answer without its line break; `nil`: there is no terminal, nothing was typed, or the run was interrupted.
  static func ask(_ question: String) -> Secret? {
    var shown = termios()
    guard Console.isTerminal(0), Console.isTerminal(2), tcgetattr(0, &shown) == 0 else { return nil }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO)
    guard tcsetattr(0, TCSAFLUSH, &hidden) == 0 else { return nil }
    defer {
      _ = tcsetattr(0, TCSAFLUSH, &shown)
      Console.progress("")
    }
    Console.prompt(question)
    guard Console.awaitInput(), let answer = readLine(), !answer.isEmpty else { return nil }
    return Secret(Array(answer.utf8))
  }
}
