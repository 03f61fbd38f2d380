extension MarkdownRenderer {
  /// One node's part, in two halves: what must be said, and the diffs.
  struct Section {
    let body: String
    let diffs: String
    let diffCount: Int
    var isShown = false
    var hasDiffs = false

    /// The Kubernetes objects' part; `nil`: there is nothing to say.
    init?(_ plan: ObjectsPlan) {
      let text = ShownText(isWhole: false)
      guard !plan.isInSync || plan.findings.contains(where: { $0.reason != .notice }) else { return nil }
      var blocks = ["#### cluster"]
      var rows: [ObjectRow] = []
      if let failure = plan.failure {
        blocks.append(
          "Objects not observed, \(failure.reason.rawValue): \(Self.message(failure.message, failure.next, text))")
      } else if !plan.isSelected, !plan.isInSync {
        blocks.append("drift, not selected (\(plan.countedChanges))")
      } else {
        rows = ObjectRow.rows(of: plan.changes, isWhole: false, arrow: "→", limit: 60)
        blocks += [Self.table(rows), Self.list(plan.shownFindings(isWhole: false), text)].compactMap { $0 }
      }
      let withDiffs = rows.filter { !$0.diff.isEmpty }
      body = blocks.map { "\n\($0)\n" }.joined()
      diffs = withDiffs.map { "\n\(Self.details($0.what, $0.diff))\n" }.joined()
      diffCount = withDiffs.count
    }

    private static func table(_ rows: [ObjectRow]) -> String? {
      guard !rows.isEmpty else { return nil }
      let head = ["| | object | from → to | note |", "|---|---|---|---|"]
      let lines = rows.map { row in
        "| " + [row.action.rawValue, row.what, row.value, row.note].map(code).joined(separator: " | ") + " |"
      }
      return (head + lines).joined(separator: "\n")
    }

    /// What of it has room.
    var text: String { isShown ? body + (hasDiffs ? diffs : "") : "" }

    init(_ plan: NodePlan) {
      let text = ShownText(isWhole: false)
      let (name, address) = (MarkdownText.code(text.line(plan.node)), MarkdownText.code(text.line(plan.address)))
      var blocks = ["#### \(name) \(plan.role?.rawValue ?? "node") \(address)"]
      var rows: [ChangeRow] = []
      switch plan.state {
      case .notObserved(let failure):
        blocks.append(
          "Not observed, \(failure.reason.rawValue): \(Self.message(failure.message, failure.next, text))"
        )
      case .observed where !plan.isSelected:
        blocks.append(plan.unselectedSummary)
      case .observed(let observed):
        rows = ChangeRow.rows(of: observed.changeSets, isWhole: false, arrow: "→")
        blocks += [Self.table(rows), Self.list(plan.shownFindings(isWhole: false), text)].compactMap { $0 }
      }
      let withDiffs = rows.filter { !$0.diff.isEmpty }
      body = blocks.map { "\n\($0)\n" }.joined()
      diffs = withDiffs.map { "\n\(Self.details($0.what, $0.diff))\n" }.joined()
      diffCount = withDiffs.count
    }

    static func table(_ rows: [ChangeRow]) -> String? {
      guard !rows.isEmpty else { return nil }
      let head = ["| | kind | what | from → to | note |", "|---|---|---|---|---|"]
      let lines = rows.map { row in
        let cells = [code(row.action.rawValue), code(row.kind), code(row.what), code(row.value), code(row.note)]
        return "| " + cells.joined(separator: " | ") + " |"
      }
      return (head + lines).joined(separator: "\n")
    }

    /// A blank line on both sides of the fence, or it is taken for HTML.
    static func details(_ what: String, _ diff: [String]) -> String {
      "<details><summary>\(code(what))</summary>\n\n\(MarkdownText.fence(diff, language: "diff"))\n\n</details>"
    }

    static func list(_ findings: [Finding], _ text: ShownText) -> String? {
      guard !findings.isEmpty else { return nil }
      return Finding.gravestFirst(findings).map { finding in
        "- **\(finding.severity.rawValue)** \(finding.reason.rawValue): \(message(finding.message, finding.next, text))"
      }.joined(separator: "\n")
    }

    /// The message's lines and what to do next, with breaks that hold in paragraphs and list items alike.
    private static func message(_ message: String, _ next: String?, _ text: ShownText) -> String {
      let lines = text.lines(message).map(code)
      let nextLines = next.map { text.lines($0).map(code) } ?? []
      let steps = nextLines.first.map { ["→ " + $0] + nextLines.dropFirst() } ?? []
      return (lines + steps).joined(separator: "<br>")
    }

    private static func code(_ text: String) -> String { MarkdownText.code(text) }
  }
}
