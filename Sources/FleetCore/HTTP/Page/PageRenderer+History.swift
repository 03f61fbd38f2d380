internal import FleetModel

extension PageRenderer {
  private static let mostRuns = 15

  /// Over 30 days, against 99 %.
  var availability: HTML {
    let rows = overview.record.availability.map { served -> HTML in
      let isMissed = served.availability.meetsTarget == false
      let name = served.subject == "api" ? "the cluster's API" : String(served.subject.dropFirst("node/".count))
      return """
        <tr\(" class=\"missed\"", when: isMissed)><th scope="row">\(name)</th><td>\(served.availability.text)\(isMissed ? ", under 99 %" : "")</td></tr>

        """
    }
    guard !rows.isEmpty else { return .nothing }
    return """
      <section><h2>Served in the last 30 days</h2>
      <table class="served"><tbody>\(rows)</tbody></table></section>
      """
  }

  var history: HTML {
    guard !overview.record.runs.isEmpty else { return .nothing }
    let rows = overview.record.runs.prefix(Self.mostRuns).map { run -> HTML in
      let commit: HTML = run.commit.map { "<code>\(String($0.prefix(7)))</code>" } ?? "no commit"
      return """
        <li>\(time(run.startedAt, UTCTime(run.startedAt).minutes)) <b>\(Self.outcome(of: run))</b> \(run.summary) <span class="looked">\(Self.kind(run.kind)), \(commit)\(Self.duration(of: run))</span></li>

        """
    }
    return "<section><h2>What was done</h2><ol class=\"history\">\(Array(rows))</ol></section>"
  }

  private static func outcome(of run: RecordOverview.Run) -> String {
    guard let code = run.exitCode else { return "without an end" }
    switch code {
    case 0: return "in sync"
    case 1: return "failed"
    case 2: return "differs"
    case 3: return "in sync as far as seen"
    case 4: return "differs, not all seen"
    case 130: return "interrupted"
    default: return "exit code \(code)"
    }
  }

  private static func kind(_ kind: String) -> String {
    switch kind {
    case "pass": "the daemon"
    case "once": "fleetd --once"
    default: kind
    }
  }

  private static func duration(of run: RecordOverview.Run) -> String {
    run.endedAt.map { ", \(Age.text($0 - run.startedAt))" } ?? ""
  }
}
