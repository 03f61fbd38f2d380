extension ReprovisionReport {
  /// For a terminal.
  package var text: String {
    var lines = ["fleet \(TerminalText.escape(fleet))  \(UTCTime(madeAt.wall).minutes)  \(verdict)"]
    if !rows.isEmpty {
      lines += [""]
      lines += Self.table(
        [["NODE", "BEGUN", "BY", "STATE", "PHASE", "TOOK", "TARGET", "OUTAGE", ""]]
          + rows.map { row in
            [
              row.rebuild.node, UTCTime(row.rebuild.begun.wall).minutes, row.rebuild.origin.rawValue,
              row.assessment.state.rawValue, row.place, Self.text(row.assessment.elapsed),
              Self.text(row.rebuild.target), row.outage.map(Self.text) ?? "-", row.rest,
            ]
          })
    }
    if !measured.isEmpty {
      lines += [""]
      lines += Self.table(
        [["PHASE", "REBUILDS", "P50", "P95"]]
          + measured.map { [$0.name, "\($0.count)", Self.text($0.p50), Self.text($0.p95)] })
    }
    if !availability.isEmpty {
      lines += [""]
      lines += Self.table(
        [["AVAILABILITY", "30 DAYS", "TARGET"]]
          + availability.map { [$0.subject, $0.availability.text, Self.verdict(on: $0.availability)] })
    }
    return lines.map { "\($0)\n" }.joined()
  }

  var measured: [Measured] { phases + [total].compactMap { $0 } }

  static func verdict(on availability: Availability) -> String {
    availability.meetsTarget.map { $0 ? "met" : "missed" } ?? "unknown"
  }

  private static func table(_ rows: [[String]]) -> [String] {
    let rows = rows.map { row in row.map { TerminalText.escape($0) } }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        .trimmingWhitespace()
    }
  }
}
