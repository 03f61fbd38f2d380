import FleetModel

/// Lines at the bottom of a terminal that are drawn over again and again, and leave nothing behind.
///
/// A value: it says which bytes to write. It neither hides the cursor nor changes a mode of the terminal, so that even
/// a killed run leaves nothing to restore.
struct LiveFrame {
  private var drawn: [String] = []

  /// What takes the drawn lines away and leaves the cursor where they began; empty when there are none.
  ///
  /// - Parameter width: of the terminal now. It may have become narrower: terminals break lines anew then.
  mutating func erased(width: Int) -> String {
    guard !drawn.isEmpty else { return "" }
    let rows = drawn.reduce(0) { $0 + max(1, (TerminalText.columns(of: $1) + max(1, width) - 1) / max(1, width)) }
    drawn = []
    return "\r\u{1B}[\(rows)A\u{1B}[J"
  }

  /// What draws `lines` in place of those before; empty when they stand there already. They are escaped and narrower than the terminal.
  mutating func redrawn(as lines: [String], width: Int) -> String {
    guard lines != drawn else { return "" }
    let erased = erased(width: width)
    drawn = lines
    return erased + lines.map { $0 + "\n" }.joined()
  }
}
