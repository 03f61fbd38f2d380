/// A diagnosis as a person reads it. What comes from a node is escaped; every text ends with a line break.
package struct DiagnosisText: Sendable {
  private let style: TerminalStyle
  /// Whether also what is sound is shown link by link.
  private let isWhole: Bool

  package init(style: TerminalStyle, isWhole: Bool) {
    self.style = style
    self.isWhole = isWhole
  }

  package func render(_ diagnosis: Diagnosis) -> String {
    var lines = ["control node"] + table(diagnosis.controlNode)
    for node in diagnosis.nodes {
      let heading = "\(style.paint(shown(node.node), .strong))  \(shown(node.address))"
      if node.isSound, !isWhole {
        lines += ["", "\(heading)  \(style.paint("ok", .added))"]
      } else {
        lines += ["", heading] + table(node.lines)
      }
    }
    return (lines + ["", "Doctor: \(summary(of: diagnosis))"]).joined(separator: "\n") + "\n"
  }

  /// Links that were not reached share one line.
  private func table(_ lines: [DiagnosisLine]) -> [String] {
    let reached = lines.filter { $0.state != .notReached }
    let width = (reached.map { $0.subject.count } + [0]).max() ?? 0
    let rows = reached.flatMap { self.row($0, width) }
    let rest = lines.filter { $0.state == .notReached }.map(\.subject)
    guard !rest.isEmpty else { return rows }
    return rows + ["  " + style.paint("not reached  \(rest.joined(separator: ", "))", .dim)]
  }

  private func row(_ line: DiagnosisLine, _ width: Int) -> [String] {
    let evidence = ShownText(isWhole: false).lines(line.evidence)
    var row = ColumnLine()
    row.put(line.state.rawValue, at: 2, in: style, line.state.tone)
    row.put(line.subject, at: 11)
    row.put(evidence[0], at: 13 + width)
    if line.state != .ok, let reason = line.reason { row.put("[\(reason.rawValue)]", at: 0, in: style, .dim) }
    let next = line.next.map { ShownText(isWhole: true).lines($0) } ?? []
    return [row.text] + evidence.dropFirst().map { "             \($0)" }
      + next.enumerated().map { "           \($0.offset == 0 ? "→" : " ") \($0.element)" }
  }

  private func summary(of diagnosis: Diagnosis) -> String {
    let nodes = diagnosis.nodes
    let sound = nodes.filter { $0.broken == nil }.count
    var parts = ["nothing is broken on \(sound) of \(nodes.count) node\(nodes.count == 1 ? "" : "s")"]
    let own = diagnosis.controlNode.filter { $0.state == .failed }.map(\.subject)
    if !own.isEmpty { parts.append("control node: \(own.joined(separator: ", "))") }
    parts += nodes.compactMap { node in node.broken.map { "\(shown(node.node)): \($0.subject)" } }
    return parts.joined(separator: " · ")
  }

  private func shown(_ text: String) -> String { TerminalText.escape(text) }
}

extension DiagnosisLine.State {
  fileprivate var tone: TerminalStyle.Tone {
    switch self {
    case .ok: .added
    case .warning: .changed
    case .failed: .failed
    case .notReached: .dim
    }
  }
}
