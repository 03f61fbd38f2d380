/// What an enrolment will change, as a person reads it. What comes from the node is escaped.
package struct EnrolmentText: Sendable {
  private let style: TerminalStyle
  private let text = ShownText(isWhole: false)

  package init(style: TerminalStyle) { self.style = style }

  package func render(_ enrolment: Enrolment, on node: NodeSpec) -> String {
    var lines = ["\(style.paint(node.name, .strong))  \(node.address)"]
    for obstacle in enrolment.obstacles {
      lines.append("  \(style.paint("refused", .failed))  \(text.line(obstacle.message))")
      if let next = obstacle.next { lines.append("      → \(text.line(next))") }
    }
    for change in enrolment.changes {
      var line = ColumnLine()
      line.put("\(change.action.rawValue) \(change.kind.name)", at: 2, in: style, change.action.tone)
      line.put(text.line(change.name), at: 13)
      line.put([change.note ?? "", text.value(of: change)].filter { !$0.isEmpty }.joined(separator: "  "), at: 53)
      lines.append(line.text)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
