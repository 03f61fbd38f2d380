/// A plan as a pull request's comment: GitHub's flavour of Markdown, which GitLab and Gitea read too.
///
/// Pure: the same value is the same text, to the byte. The text is bounded, because a forge refuses longer comments;
/// the diffs are left out first, then whole nodes, and a line says so. It ends with a line break.
package struct MarkdownRenderer: Sendable {
  /// UTF-8 bytes, so that it also bounds characters. GitHub takes 65,536.
  package static let limit = 60_000

  package init() {}

  package func render(_ plan: FleetPlan) -> String {
    var sections = plan.nodes.filter { !$0.isInSync || $0.hasNews }.map { Section($0) }
    if let objects = plan.objects.flatMap({ Section($0) }) { sections.append(objects) }
    let head = heading(of: plan)
    var room = Self.limit - head.utf8.count - Self.roomForCut
    for index in sections.indices {
      sections[index].isShown = sections[index].body.utf8.count <= room
      if sections[index].isShown { room -= sections[index].body.utf8.count }
    }
    for index in sections.indices where sections[index].isShown {
      sections[index].hasDiffs = sections[index].diffs.utf8.count <= room
      if sections[index].hasDiffs { room -= sections[index].diffs.utf8.count }
    }
    return head + sections.map(\.text).joined() + (cut(sections).map { "\n" + $0 + "\n" } ?? "")
  }

  /// Enough for the line that says what was cut.
  private static let roomForCut = 400

  private func heading(of plan: FleetPlan) -> String {
    let text = ShownText(isWhole: false)
    let fleet = MarkdownText.code(text.line(plan.fleet))
    let revision =
      switch plan.revision {
      case .commit(let id, let isModified):
        "commit \(MarkdownText.code(text.line(String(id.prefix(7)))))\(isModified ? " (modified)" : "")"
      case .unknown(let reason): "no commit: \(MarkdownText.code(text.line(reason)))"
      }
    var lines = [
      "### fleetd: \(plan.countedSummary)", "",
      "fleet \(fleet) · \(revision) · observed \(UTCTime(plan.observedAt).minutes)",
    ]
    if plan.nodes.isEmpty { lines += ["", "Note: \(FleetPlan.emptyNote)"] }
    if let rollOut = rollOut(of: plan, text) { lines += ["", rollOut] }
    if let list = Section.list(plan.clusterFindings, text) { lines += ["", "Cluster:", "", list] }
    if !plan.reserved.isEmpty {
      let fields = Counted.names(plan.reserved.map { MarkdownText.code(text.line($0)) }, isWhole: false)
      lines += ["", "Read and validated, not acted on yet by this version: \(fields)"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// In which order what disturbs will be done. Of long roll-outs the beginning: the heading must have room always.
  private func rollOut(of plan: FleetPlan, _ text: ShownText) -> String? {
    let waves = plan.waves
    guard !waves.isEmpty else { return nil }
    let turns = waves.prefix(8).enumerated().map { index, wave in
      let nodes = wave.turns.prefix(4).map { turn in
        "\(MarkdownText.code(text.line(turn.node.node, limit: 60))) (\(turn.words.joined(separator: ", ")))"
      }
      return "\(index + 1). " + nodes.joined(separator: ", ") + (wave.nodes.count > 4 ? ", …" : "")
    }
    return "Waves: " + turns.joined(separator: " · ") + (waves.count > 8 ? " · and \(waves.count - 8) more" : "")
  }

  private func cut(_ sections: [Section]) -> String? {
    let nodes = sections.count { !$0.isShown }
    let diffs = sections.filter { $0.isShown && !$0.hasDiffs }.map(\.diffCount).reduce(0, +)
    let parts =
      (nodes > 0 ? [Counted.phrase(nodes, "node")] : [])
      + (diffs > 0 ? ["\(Counted.phrase(diffs, "diff")) of other nodes"] : [])
    guard !parts.isEmpty else { return nil }
    return "**Cut:** \(parts.joined(separator: " and ")) would make this text longer than \(Self.limit) bytes; "
      + "`fleetd --check --verbose` shows everything."
  }
}
