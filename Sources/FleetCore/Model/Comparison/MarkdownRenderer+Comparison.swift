extension MarkdownRenderer {
  /// A branch's comparison as a pull request's comment, bounded as a plan is: the diffs are left out first, then whole
  /// sections, and a line says so.
  package func render(_ comparison: FleetComparison) -> String {
    let head = heading(of: comparison)
    var room = Self.limit - head.utf8.count - 400
    var parts = parts(of: comparison)
    for index in parts.indices {
      parts[index].isShown = parts[index].body.utf8.count <= room
      if parts[index].isShown { room -= parts[index].body.utf8.count }
    }
    for index in parts.indices where parts[index].isShown {
      parts[index].hasDiffs = parts[index].diffs.utf8.count <= room
      if parts[index].hasDiffs { room -= parts[index].diffs.utf8.count }
    }
    return head + parts.map(\.text).joined() + cut(parts)
  }

  /// A branch whose files are wrong: where, and what mends it; the first twenty.
  package func render(invalid problems: [Annotation]) -> String {
    let shown = problems.prefix(20).map { problem in
      let place = problem.diagnostic.mark.map { "\($0): " } ?? ""
      return "- \(MarkdownText.code(ShownText(isWhole: false).line(place + problem.diagnostic.problem)))"
    }
    let rest = problems.count - shown.count
    return (["### fleetd: the branch does not validate", ""] + shown + (rest > 0 ? ["- and \(rest) more"] : []))
      .joined(separator: "\n") + "\n"
  }

  private struct Part {
    let body: String
    let diffs: String
    let diffCount: Int
    var isShown = false
    var hasDiffs = false

    var text: String { isShown ? body + (hasDiffs ? diffs : "") : "" }
  }

  private func cut(_ parts: [Part]) -> String {
    let sections = parts.count { !$0.isShown }
    let diffs = parts.filter { $0.isShown && !$0.hasDiffs }.map(\.diffCount).reduce(0, +)
    let left =
      (sections > 0 ? [Counted.phrase(sections, "section")] : [])
      + (diffs > 0 ? ["\(Counted.phrase(diffs, "diff")) of others"] : [])
    guard !left.isEmpty else { return "" }
    return "\n**Cut:** \(left.joined(separator: " and ")) would make this text longer than \(Self.limit) bytes; "
      + "`fleetd --check --base REV --verbose` shows everything.\n"
  }

  private func heading(of comparison: FleetComparison) -> String {
    let text = ShownText(isWhole: false)
    let code = { (raw: String) in MarkdownText.code(text.line(raw)) }
    let head =
      switch comparison.head {
      case .commit(let id, let isModified): "\(code(String(id.prefix(7))))\(isModified ? " (modified)" : "")"
      case .unknown(let reason): "no commit: \(code(reason))"
      }
    var blocks = [
      "### fleetd: \(comparison.counted)",
      "fleet \(code(comparison.fleet)) · \(code(String(comparison.base.prefix(7)))) → \(head) · "
        + "desired state against desired state, no node was looked at",
    ]
    if !comparison.baseProblems.isEmpty {
      let shown = comparison.baseProblems.prefix(5).map {
        "- \(code($0.split(separator: "\n").first.map(String.init) ?? ""))"
      }
      let rest = comparison.baseProblems.count - shown.count
      blocks.append("The base does not validate:")
      blocks.append((shown + (rest > 0 ? ["- and \(rest) more"] : [])).joined(separator: "\n"))
    }
    let rollout = comparison.rollout.shown(by: text, limit: 8) { MarkdownText.code($0) }
    if !rollout.isEmpty { blocks.append("Expected waves: \(rollout)") }
    blocks += comparison.notes.map { "Note: \(code($0))" }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func parts(of comparison: FleetComparison) -> [Part] {
    let text = ShownText(isWhole: false)
    var parts: [Part] = []
    if !comparison.settings.isEmpty { parts.append(part("#### fleet", nil, comparison.settings)) }
    parts += comparison.nodes.map { node in
      let names = [node.name, node.address].map { MarkdownText.code(text.line($0)) }
      let fate = node.fate == .changed ? "" : " (\(node.fate.rawValue))"
      return part("#### \(names[0]) \(node.role?.rawValue ?? "node") \(names[1])\(fate)", node.remark, node.changes)
    }
    // Each by itself: one long list shall not be left out as a whole.
    let manifests = comparison.manifests
    for start in stride(from: 0, to: manifests.count, by: 50) {
      parts.append(part(manifests[start..<min(start + 50, manifests.count)], isFirst: start == 0, text))
    }
    return parts
  }

  private func part(_ heading: String, _ remark: String?, _ changes: [DeclaredChange]) -> Part {
    let rows = changes.map { ChangeRow($0, isWhole: false, arrow: "→") }
    let body = [heading, remark.map { MarkdownText.code(ShownText(isWhole: false).line($0)) }, Section.table(rows)]
    let withDiffs = rows.filter { !$0.diff.isEmpty }
    return Part(
      body: body.compactMap { $0 }.map { "\n\($0)\n" }.joined(),
      diffs: withDiffs.map { "\n\(Section.details("\($0.kind) \($0.what)", $0.diff))\n" }.joined(),
      diffCount: withDiffs.count)
  }

  private func part(_ manifests: ArraySlice<ManifestComparison>, isFirst: Bool, _ text: ShownText) -> Part {
    let head = "| | object or file | note |\n|---|---|---|"
    let rows = manifests.map { manifest in
      "| "
        + [manifest.action.rawValue, text.line(manifest.what), text.line(manifest.note ?? "")]
        .map(MarkdownText.code).joined(separator: " | ") + " |"
    }
    let withDiffs = manifests.filter { !$0.diff.isEmpty }
    return Part(
      body: (isFirst ? "\n#### cluster\n" : "") + "\n" + ([head] + rows).joined(separator: "\n") + "\n",
      diffs: withDiffs.map { "\n\(Section.details(text.line($0.what), $0.diff.map { text.line($0) }))\n" }.joined(),
      diffCount: withDiffs.count)
  }
}
