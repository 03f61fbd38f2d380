/// A plan or a report as a person reads it on a terminal. Pure: the same value is the same text, to the byte.
///
/// Every text ends with a line break. What comes from a node or the repository is escaped.
package struct TextRenderer: Sendable {
  package let style: TerminalStyle
  /// Nothing is cut or folded, and nodes in sync are listed too.
  package let isVerbose: Bool

  package init(style: TerminalStyle, isVerbose: Bool = false) {
    self.style = style
    self.isVerbose = isVerbose
  }

  package func render(_ plan: FleetPlan) -> String {
    let listed = plan.nodes.filter { isVerbose || !$0.isInSync || $0.hasNews }
    let columns = HeadingColumns(listed.map(heading))
    var lines = [header(of: plan, hasLegend: true), ""]
    lines += listed.flatMap { self.lines(of: $0, in: columns) }
    let cluster = self.lines(ofClusterIn: plan)
    if !listed.isEmpty, !cluster.isEmpty { lines.append("") }
    lines += cluster
    if !listed.isEmpty || !cluster.isEmpty { lines.append("") }
    if plan.nodes.isEmpty { lines.append(style.paint("note: \(FleetPlan.emptyNote)", .dim)) }
    lines += [rollOut(of: plan), reserved(in: plan), "Plan: " + plan.countedSummary].compactMap { $0 }
    return lines.joined(separator: "\n") + "\n"
  }

  var text: ShownText { ShownText(isWhole: isVerbose) }

  /// `fleet home  commit 3f9c2e1  observed 2026-11-21 03:12 UTC`, and what the symbols mean.
  func header(of plan: FleetPlan, hasLegend: Bool) -> String {
    let about = [
      "fleet \(text.line(plan.fleet))", plan.revision.shown(by: text), "observed \(UTCTime(plan.observedAt).minutes)",
    ].joined(separator: "  ")
    guard hasLegend else { return about }
    let legend: [(action: Change.Action, meaning: String)] = [
      (.add, "add"), (.change, "change"), (.remove, "remove"), (.act, "act"),
    ]
    let width = legend.map { "\($0.action.rawValue) \($0.meaning)" }.joined(separator: "  ").count
    let painted = legend.map { "\(style.paint($0.action.rawValue, $0.action.tone)) \($0.meaning)" }
    var line = ColumnLine()
    line.put(about, at: 0)
    line.put(painted.joined(separator: "  "), at: Self.width - width)
    return line.text
  }

  /// Where the legend ends. The text does not know its terminal, so that a file holds the same.
  private static let width = 109

  private func reserved(in plan: FleetPlan) -> String? {
    guard !plan.reserved.isEmpty else { return nil }
    let verb = plan.reserved.count == 1 ? "is" : "are"
    let fields = plan.reserved.map { text.line($0) }.joined(separator: ", ")
    return style.paint("note: \(fields) \(verb) read and validated, not acted on yet by this version", .dim)
  }
}

/// A line that is filled column by column.
struct ColumnLine: Sendable {
  private(set) var text = ""
  private var width = 0

  /// Puts `cell` at `column`, or two spaces behind what is there already. An empty cell leaves no trace.
  mutating func put(_ cell: String, at column: Int, in style: TerminalStyle = .plain, _ tone: TerminalStyle.Tone? = nil)
  {
    guard !cell.isEmpty else { return }
    let gap = width == 0 ? column : max(2, column - width)
    text += String(repeating: " ", count: gap) + (tone.map { style.paint(cell, $0) } ?? cell)
    width += gap + cell.count
  }
}

extension Revision {
  /// `commit 3f9c2e1 (modified)`.
  func shown(by text: ShownText) -> String {
    switch self {
    case .commit(let id, let isModified): "commit \(text.line(String(id.prefix(7))))\(isModified ? " (modified)" : "")"
    case .unknown(let reason): "no commit: \(text.line(reason))"
    }
  }
}
