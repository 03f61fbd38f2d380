extension TextRenderer {
  package func render(_ comparison: FleetComparison) -> String {
    let about = [
      "fleet \(text.line(comparison.fleet))", "base \(text.line(String(comparison.base.prefix(7))))",
      "head \(comparison.head.shown(by: text))", "desired state against desired state: no node was looked at",
    ].joined(separator: "  ")
    var blocks: [[String]] = [[about]]
    let problems = comparison.baseProblems.flatMap { problem in
      problem.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(text.line(String($0)))" }
    }
    if !problems.isEmpty { blocks.append([style.paint("the base does not validate", .failed)] + problems) }
    if !comparison.settings.isEmpty {
      blocks.append([style.paint("fleet", .strong)] + lines(of: rows(comparison.settings)))
    }
    blocks += comparison.nodes.map { lines(of: $0) }
    if !comparison.manifests.isEmpty {
      blocks.append([style.paint("cluster", .strong)] + comparison.manifests.flatMap(lines))
    }
    var last = comparison.notes.map { style.paint("note: \(text.line($0))", .dim) }
    let rollout = comparison.rollout.shown(by: text, limit: isVerbose ? .max : 20)
    if !rollout.isEmpty { last.insert("expected waves: \(rollout)", at: 0) }
    blocks.append(last + ["Branch: \(comparison.counted)"])
    return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func rows(_ changes: [DeclaredChange]) -> [ChangeRow] {
    changes.map { ChangeRow($0, isWhole: isVerbose, arrow: "->") }
  }

  private func lines(of node: NodeComparison) -> [String] {
    let symbol = node.fate == .added ? "+ " : node.fate == .removed ? "- " : ""
    let heading = "\(symbol)\(text.line(node.name))  \(node.role?.rawValue ?? "node")  \(text.line(node.address))"
    let remark = node.remark.map { "    " + style.paint(text.line($0), .dim) } ?? ""
    return [style.paint(heading, .strong) + remark] + lines(of: rows(node.changes))
  }

  private func lines(of manifest: ManifestComparison) -> [String] {
    let heading = style.paint("\(manifest.action.rawValue) \(text.line(manifest.what))", manifest.action.tone)
    let note = manifest.note.map { "    \(text.line($0))" } ?? ""
    return ["  " + heading + note] + manifest.diff.map { diffLine(text.line($0)) }
  }
}

extension ExpectedRollout {
  /// `1 pi1 (cordon, restart k3s)  2 pi2, pi3 (…)`; empty: nothing is disturbed.
  func shown(by text: ShownText, limit: Int, name: (String) -> String = { $0 }) -> String {
    let shown = waves.prefix(limit).enumerated().map { index, turns in
      let nodes = turns.prefix(limit).map { "\(name(text.line($0.node))) (\($0.words.joined(separator: ", ")))" }
      return "\(index + 1) " + nodes.joined(separator: ", ") + (turns.count > limit ? ", …" : "")
    }
    return shown.joined(separator: "  ") + (waves.count > limit ? "  and \(waves.count - limit) more" : "")
  }
}
