/// An order as a person reads it: what will be done, why nothing is, and what to do then. What comes from a node is escaped.
package struct RebuildOrderText: Sendable {
  private let style: TerminalStyle
  private let text: ShownText

  package init(style: TerminalStyle, isVerbose: Bool = false) {
    self.style = style
    text = ShownText(isWhole: isVerbose)
  }

  /// - Parameter target: seconds.
  package func render(_ order: RebuildOrder, from fleet: String, target: Int) -> String {
    let limit = DurationText.render(.seconds(target))
    var lines = [
      style.paint("\(text.line(order.node))  is rebuilt, within \(limit)  (fleet \(text.line(fleet)))", .strong)
    ]
    lines += text.refusals(order.obstacles, in: style)
    for change in order.changes {
      var line = ColumnLine()
      line.put("\(change.action.rawValue) \(change.name)", at: 2, in: style, change.action.tone)
      line.put(change.note ?? "", at: 17)
      lines.append(line.text)
    }
    if order.obstacles.isEmpty {
      var line = ColumnLine()
      line.put("! clock", at: 2, in: style, .strong)
      line.put("begins now", at: 17)
      lines.append(line.text)
      lines += order.warnings.map { "  " + style.paint("note: \(text.line($0))", .dim) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What a person does next.
  ///
  /// - Parameter isNew: whether the clock began now; `false`: a rebuild runs already.
  package func next(_ order: RebuildOrder, isNew: Bool, hasPinnedKey: Bool) -> String {
    let name = text.line(order.node)
    let key =
      hasPinnedKey
      ? "unless the new card keeps its host key: write the new one into spec.hostKeys of \(name)"
      : "unless the new card keeps its host key: fleetd trust \(name)"
    return [
      isNew ? "the clock of \(name) runs" : "a rebuild of \(name) runs already: its clock goes on",
      "→ write its card anew and start it; \(key)",
      "→ the daemon, or fleetd --once, then does the rest; fleetd report reprovision shows how far it is",
      "→ to call it off: fleetd reprovision \(name) --abandon",
    ].joined(separator: "\n") + "\n"
  }
}
