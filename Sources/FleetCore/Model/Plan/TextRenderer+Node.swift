extension TextRenderer {
  /// Name, role and address.
  func heading(_ plan: NodePlan) -> [String] {
    [text.line(plan.node), plan.role?.rawValue ?? "node", text.line(plan.address)]
  }

  func lines(of plan: NodePlan, in columns: HeadingColumns) -> [String] {
    var line = columns.line(heading(plan), style)
    switch plan.state {
    case .notObserved(let failure):
      return lines(of: failure, after: "not observed: ", on: line, at: columns.end, isBrief: !failure.isRefusal)
    case .observed(let observed) where plan.isInSync:
      line.put("in sync  " + facts(observed.facts), at: columns.end, in: style, .dim)
      return [line.text] + lines(of: plan.shownFindings(isWhole: isVerbose))
    case .observed where !plan.isSelected:
      line.put(plan.unselectedSummary, at: columns.end, in: style, .dim)
      return [line.text]
    case .observed(let observed):
      return [line.text] + table(of: observed.changeSets) + lines(of: plan.shownFindings(isWhole: isVerbose))
    }
  }

  private func facts(_ facts: HostFacts) -> String {
    [facts.model, facts.operatingSystem, "kernel \(facts.kernel)"].compactMap { $0 }
      .map { text.line($0) }.joined(separator: ", ")
  }

  /// The changes in columns, with their diffs.
  private func table(of changeSets: [ChangeSet]) -> [String] {
    lines(of: ChangeRow.rows(of: changeSets, isWhole: isVerbose))
  }

  func lines(of rows: [ChangeRow]) -> [String] {
    let columns = ChangeColumns(rows)
    return rows.flatMap { row in [line(of: row, in: columns)] + row.diff.map(diffLine) }
  }

  private func line(of row: ChangeRow, in columns: ChangeColumns) -> String {
    let tone: TerminalStyle.Tone? = row.isHeld ? .dim : nil
    var line = ColumnLine()
    line.put(row.action.rawValue + " " + row.kind, at: 2, in: style, tone ?? row.action.tone)
    line.put(row.what, at: columns.what, in: style, tone)
    line.put(row.value, at: columns.value, in: style, tone)
    let isNoteAll = row.what.isEmpty && row.value.isEmpty
    line.put(row.note, at: isNoteAll ? columns.value : columns.note, in: style, tone)
    return line.text
  }

  /// `+ added`: the symbol apart from the text, for reading; the other lines of a diff stand back.
  func diffLine(_ line: String) -> String {
    let symbol = line.first.map(String.init) ?? " "
    switch symbol {
    case "+": return "      " + style.paint("+ \(line.dropFirst())", .added)
    case "-": return "      " + style.paint("- \(line.dropFirst())", .removed)
    case " ": return line.count > 1 ? "      " + style.paint("  \(line.dropFirst())", .dim) : ""
    default: return "      " + style.paint(line, .dim)
    }
  }
}

extension NodePlan {
  /// Findings, and once each why change sets are held.
  var everythingFound: [Finding] {
    var all: [Finding] = []
    for finding in findings + changeSets.compactMap(\.held) where !all.contains(finding) { all.append(finding) }
    return all
  }

  /// Whether a node is listed though it is in sync: something is noted that has a runbook.
  var hasNews: Bool { findings.contains { $0.reason != .notice } }

  /// The same, and of notes that say one thing of many the first twelve.
  func shownFindings(isWhole: Bool) -> [Finding] { Finding.shown(everythingFound, isWhole: isWhole) }

  /// `drift, not selected (3 changes, 1 refused)`.
  var unselectedSummary: String {
    let counts = [Finding.Severity.refused, .blocked, .held].map { severity in
      (severity.rawValue, findings.count { $0.severity == severity })
    }
    let parts =
      (changes.isEmpty ? [] : [Counted.phrase(changes.count, "change")])
      + counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return "\(changes.isEmpty ? "" : "drift, ")not selected (\(parts.joined(separator: ", ")))"
  }
}

/// Where the parts of the nodes' headings stand, so that they line up down the page.
struct HeadingColumns: Sendable {
  private let role: Int
  private let address: Int
  let end: Int

  init(_ headings: [[String]]) {
    role = 2 + Self.widest(headings.map { $0[0] })
    address = role + 2 + Self.widest(headings.map { $0[1] })
    end = address + 4 + Self.widest(headings.map { $0[2] })
  }

  func line(_ heading: [String], _ style: TerminalStyle) -> ColumnLine {
    var line = ColumnLine()
    line.put(heading[0], at: 0, in: style, .strong)
    line.put(heading[1], at: role)
    line.put(heading[2], at: address)
    return line
  }

  /// One very long name must not push everything to the right.
  private static func widest(_ cells: [String]) -> Int { cells.map(\.count).filter { $0 <= 24 }.max() ?? 0 }
}

/// Where the cells of a node's changes stand: at least so far right that the nodes of a usual plan line up.
struct ChangeColumns: Sendable {
  let what: Int
  let value: Int
  let note: Int

  init(_ rows: [ChangeRow]) {
    what = 6 + Self.widest(rows.map(\.kind), within: 7...16)
    value = what + 2 + Self.widest(rows.map(\.what), within: 13...26)
    note = value + 2 + Self.widest(rows.map(\.value), within: 35...60)
  }

  /// Cells that are wider reach into the next column and do not widen theirs.
  private static func widest(_ cells: [String], within range: ClosedRange<Int>) -> Int {
    cells.map(\.count).filter(range.contains).max() ?? range.lowerBound
  }
}
