import FleetModel

/// Runs as a person reads them.
package enum RunHistoryText {
  /// The newest first, a line each.
  package static func table(of runs: [RunRecord]) -> String {
    let hasFleets = Set(runs.map(\.beginning.fleet)).count > 1
    let heading = ["RUN", "STARTED", "TOOK"] + (hasFleets ? ["FLEET"] : []) + ["KIND", "COMMIT", "EXIT", "RESULT"]
    return columns(
      [heading]
        + runs.map { run in
          [run.id, UTCTime(run.beginning.startedAt).minutes, took(run)] + (hasFleets ? [run.beginning.fleet] : [])
            + [run.beginning.kind.rawValue, commit(run), run.ending.map { "\($0.exitCode)" } ?? "-", summary(run)]
        })
  }

  /// What runs did to one node and what happened to it, the newest first: an entry each.
  package static func history(of node: String, in runs: [RunRecord], _ events: [RecordedEvent] = []) -> String {
    var entries = runs.compactMap { run in entry(of: node, in: run).map { (at: run.beginning.startedAt, lines: $0) } }
    entries += events.map { event in
      (event.at, ["\(UTCTime(event.at).minutes)  \(event.reason): \(event.message)"])
    }
    // Of one second what came last stands first, in both.
    let sorted = entries.enumerated().sorted { ($1.element.at, $0.offset) < ($0.element.at, $1.offset) }
    return sorted.flatMap(\.element.lines).map { "\(TerminalText.escape($0))\n" }.joined()
  }

  private static func entry(of node: String, in run: RunRecord) -> [String]? {
    guard let outcome = run.ending?.outcomes.first(where: { $0.node == node }) else { return nil }
    var lines = ["\(UTCTime(run.beginning.startedAt).minutes)  \(outcome.outcome)  \(commit(run))  run \(run.id)"]
    if let message = outcome.message { lines.append("  \(message)") }
    if let next = outcome.next { lines.append("  = \(next)") }
    return lines + outcome.changes.map { "  " + line(of: $0) }
  }

  /// Everything of one run: the plan, what became of it, the plan that was left.
  package static func detail(of run: RunRecord) -> String {
    let beginning = run.beginning
    var lines = [
      "run      \(run.id)",
      "fleet    \(TerminalText.escape(beginning.fleet))",
      "kind     \(beginning.kind.rawValue), fleetd \(TerminalText.escape(beginning.version))",
      "commit   \(fullCommit(beginning.revision))",
      "started  \(UTCTime(beginning.startedAt).iso8601)",
    ]
    if let ending = run.ending {
      lines.append("ended    \(UTCTime(ending.endedAt).iso8601), after \(took(run))")
      lines.append("exit     \(ending.exitCode)")
    } else {
      lines.append("ended    not recorded: it goes on, or it was killed")
    }
    lines.append("result   \(TerminalText.escape(summary(run)))")
    lines += ["", "The plan:", ""] + indented(beginning.plan.text)
    if let outcomes = run.ending?.outcomes, !outcomes.isEmpty {
      lines += ["", "What became of it:", ""]
      for outcome in outcomes {
        lines.append("  \(TerminalText.escape(outcome.node))  \(outcome.outcome)")
        if let message = outcome.message { lines.append("    \(TerminalText.escape(message))") }
        if let next = outcome.next { lines.append("    = \(TerminalText.escape(next))") }
        lines += outcome.changes.map { "    " + line(of: $0) }
      }
    }
    if let ending = run.ending {
      lines += ["", ending.left == nil ? "The plan that was left: nobody looked again." : "The plan that was left:"]
      if let left = ending.left { lines += [""] + indented(left.text) }
    }
    return lines.map { "\($0)\n" }.joined()
  }

  static func line(of change: ChangeOutcome) -> String {
    let values: String? =
      switch (change.before, change.after) {
      case (nil, nil): nil
      case (let before?, nil): before
      case (nil, let after?): after
      case (let before?, let after?): "\(before) -> \(after)"
      }
    // A whole file's content stands in the plan.
    let shown = values.map { $0.count > 60 || $0.contains("\n") ? "…" : $0 }
    let words = ["\(change.action) \(change.kind)", change.name, shown, change.note].compactMap { $0 }
    return TerminalText.escape(words.joined(separator: "  ")) + "  (\(change.result.rawValue))"
  }

  private static func took(_ run: RunRecord) -> String {
    run.ending.map { DurationText.render(.seconds(max(0, $0.endedAt - run.beginning.startedAt))) } ?? "-"
  }

  private static func summary(_ run: RunRecord) -> String { run.ending?.summary ?? "no end was recorded" }

  private static func commit(_ run: RunRecord) -> String {
    guard case .commit(let id, let isModified) = run.beginning.revision else { return "none" }
    return id.prefix(7) + (isModified ? "+" : "")
  }

  private static func fullCommit(_ revision: Revision) -> String {
    switch revision {
    case .commit(let id, let isModified):
      TerminalText.escape(id) + (isModified ? ", and the working tree differed from it" : "")
    case .unknown(let reason): "none: \(TerminalText.escape(reason))"
    }
  }

  /// Rendered text is safe already, line by line; what came back from a disk is made safe again.
  private static func indented(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.isEmpty ? "" : "  \(TerminalText.escape(String($0)))" }
  }

  /// Cells of a table, each column as wide as its widest; the first row is the heading.
  package static func columns(_ table: [[String]]) -> String {
    let rows = table.map { row in row.map { TerminalText.escape($0) } }
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
      return line.joined(separator: "  ").trimmingWhitespace() + "\n"
    }.joined()
  }
}
