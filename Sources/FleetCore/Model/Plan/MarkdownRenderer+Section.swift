extension MarkdownRenderer {
  /// One node's part, in two halves: what must be said, and the diffs.
  struct Section {
    let body: String
    let diffs: String
    let diffCount: Int
    var isShown = false
    var hasDiffs = false

    /// What of it has room.
    var text: String { isShown ? body + (hasDiffs ? diffs : "") : "" }

    init(_ plan: NodePlan) {
      let text = ShownText(isWhole: false)
      let (name, address) = (MarkdownText.code(text.line(plan.node)), MarkdownText.code(text.line(plan.address)))
      var body = "\n#### \(name) \(plan.role?.rawValue ?? "node") \(address)\n\n"
      var rows: [ChangeRow] = []
      switch plan.state {
      case .notObserved(let failure):
        body += "Not observed, \(failure.reason.rawValue): \(Self.message(failure.message, failure.next, text))\n"
      case .observed where !plan.isSelected:
        body += plan.unselectedSummary + "\n"
      case .observed(let observed):
        rows = ChangeRow.rows(of: observed.changeSets, isWhole: false, arrow: "→")
        body += Self.table(rows) + Self.list(plan.everythingFound, text)
      }
      let withDiffs = rows.filter { !$0.diff.isEmpty }
      self.body = body
      diffs = withDiffs.map(Self.details).joined()
      diffCount = withDiffs.count
    }

    private static func table(_ rows: [ChangeRow]) -> String {
      guard !rows.isEmpty else { return "" }
      let head = ["| | kind | what | from → to | note |", "|---|---|---|---|---|"]
      let lines = rows.map { row in
        let cells = [code(row.action.rawValue), code(row.kind), code(row.what), code(row.value), code(row.note)]
        return "| " + cells.joined(separator: " | ") + " |"
      }
      return (head + lines).joined(separator: "\n") + "\n\n"
    }

    /// A blank line on both sides of the fence, or it is taken for HTML.
    private static func details(_ row: ChangeRow) -> String {
      "<details><summary>\(code(row.what))</summary>\n\n\(MarkdownText.fence(row.diff, language: "diff"))\n</details>\n\n"
    }

    private static func list(_ findings: [Finding], _ text: ShownText) -> String {
      Finding.gravestFirst(findings).map { finding in
        "- **\(finding.severity.rawValue)** \(finding.reason.rawValue): \(message(finding.message, finding.next, text))\n"
      }.joined()
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
