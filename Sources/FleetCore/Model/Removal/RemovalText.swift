/// A removal as a person reads it: what will be done, and what came of it. What comes from a node is escaped.
package struct RemovalText: Sendable {
  private let style: TerminalStyle
  private let text: ShownText

  package init(style: TerminalStyle, isVerbose: Bool = false) {
    self.style = style
    text = ShownText(isWhole: isVerbose)
  }

  /// What will be done, or why nothing is.
  package func render(_ removal: Removal, from fleet: String) -> String {
    var lines = [style.paint("\(text.line(removal.node))  leaves the fleet \(text.line(fleet))", .strong)]
    lines += text.refusals(removal.obstacles, in: style)
    for change in removal.changes {
      var line = ColumnLine()
      line.put("\(change.action.rawValue) \(change.name)", at: 2, in: style, change.action.tone)
      line.put(text.value(of: change), at: 17)
      line.put(change.note ?? "", at: 34)
      lines.append(line.text)
    }
    if removal.obstacles.isEmpty, !removal.remains.isEmpty {
      lines.append("  " + style.paint("stays on the machine: \(names(removal.remains))", .dim))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// - Parameter mark: where its document stands; `nil`: there is none.
  package func outcome(of removal: Removal, document mark: String?) -> String {
    let name = text.line(removal.node)
    var lines: [String] = []
    if removal.touchesMachine {
      lines.append("\(name) is out of the cluster, and nothing of k3s and of fleetd's records is left on it")
      let kernel = "until its next boot, kernel modules and sysctls that k3s set (ip_forward, bridge-nf-call-iptables)"
      let what = removal.remains.isEmpty ? kernel : "\(names(removal.remains)); \(kernel)"
      lines.append("not undone, as it is not known what was there before: \(what)")
    } else {
      lines.append("\(name) is out of the cluster; its machine was not touched")
      lines.append("not undone: k3s and its data on that machine. Write its card anew before it is used again")
    }
    if let mark {
      lines.append("→ delete the document of \(name) (\(text.line(mark))): the next run would join it again")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func names(_ entries: [NodeRecord.Entry]) -> String {
    let names = entries.map { "\(text.line($0.kind)) \(text.line($0.name))" }
    let shown = text.isWhole ? names[...] : names.prefix(12)
    let rest = names.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more (--verbose)" : "")
  }
}

extension ShownText {
  /// Why something a person asked for is not done, each with its reason and what to do next.
  func refusals(_ obstacles: [Finding], in style: TerminalStyle) -> [String] {
    obstacles.flatMap { obstacle in
      let message = lines(obstacle.message)
      return ["  \(style.paint("refused", .failed))  \(obstacle.reason.rawValue)  \(message[0])"]
        + message.dropFirst().map { "      \($0)" } + (obstacle.next.map { ["      → \(line($0))"] } ?? [])
    }
  }
}
