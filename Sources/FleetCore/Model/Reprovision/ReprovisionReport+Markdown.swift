extension ReprovisionReport {
  /// For a pull request or a file: the evidence.
  package var markdown: String {
    var lines = [
      "# Rebuilds of the fleet \(Self.cell(fleet))", "",
      "\(UTCTime(madeAt.wall).iso8601): \(verdict).",
    ]
    if !rows.isEmpty {
      lines += ["", "| node | begun | by | state | took | target | outage |", "|---|---|---|---|---|---|---|"]
      lines += rows.map { row in
        Self.row([
          row.rebuild.node, UTCTime(row.rebuild.begun.wall).iso8601, row.rebuild.origin.rawValue,
          row.assessment.state.rawValue, Self.text(row.assessment.elapsed), Self.text(row.rebuild.target),
          row.outage.map(Self.text) ?? "–",
        ])
      }
    }
    for row in rows where !row.rebuild.ends.isEmpty { lines += timeline(of: row) }
    if !measured.isEmpty {
      lines += ["", "## What each phase takes", "", "| phase | rebuilds | p50 | p95 |", "|---|---|---|---|"]
      lines += measured.map { Self.row([$0.name, "\($0.count)", Self.text($0.p50), Self.text($0.p95)]) }
    }
    if !availability.isEmpty {
      lines += [
        "", "## Availability over 30 days", "",
        "| what | availability | target over \(Availability.targetPercent) % |", "|---|---|---|",
      ]
      lines += availability.map { Self.row([$0.subject, $0.availability.text, Self.verdict(on: $0.availability)]) }
    }
    return lines.map { "\($0)\n" }.joined()
  }

  private func timeline(of row: Row) -> [String] {
    let rebuild = row.rebuild
    var lines = ["", "## \(Self.cell(rebuild.node)), \(UTCTime(rebuild.begun.wall).minutes)", ""]
    lines += ["| phase | ended | took | since the beginning |", "|---|---|---|---|"]
    var sum = 0
    for (phase, seconds) in rebuild.durations {
      sum += seconds
      let ended = rebuild.ends[phase].map { UTCTime($0.wall).iso8601 } ?? ""
      lines.append(Self.row([phase.rawValue, ended, Self.text(seconds), Self.text(sum)]))
    }
    if rebuild.outcome == .running { lines += ["", "It goes on: \(row.place); \(row.rest)."] }
    if rebuild.restarts > 0 {
      lines += ["", "Its card was written \(Counted.phrase(rebuild.restarts, "more time")) meanwhile."]
    }
    return lines
  }

  private static func row(_ cells: [String]) -> String { "| " + cells.map(cell).joined(separator: " | ") + " |" }

  /// What could end a cell, or act in the page, is written out.
  private static func cell(_ text: String) -> String {
    var safe = ""
    for character in TerminalText.escape(text) {
      switch character {
      case "|", "\\", "`", "*", "_", "[", "]", "#": safe += "\\\(character)"
      case "<": safe += "&lt;"
      case "&": safe += "&amp;"
      default: safe.append(character)
      }
    }
    return safe
  }
}
