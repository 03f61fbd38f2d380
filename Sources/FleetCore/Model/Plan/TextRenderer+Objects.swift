extension TextRenderer {
  /// What is to be said of the cluster and of its objects; empty where that is nothing.
  func lines(ofClusterIn plan: FleetPlan) -> [String] {
    let objects = plan.objects.map { lines(of: $0) } ?? (remark: "", lines: [])
    let findings = lines(of: plan.clusterFindings)
    guard !objects.remark.isEmpty || !objects.lines.isEmpty || !findings.isEmpty else { return [] }
    let heading = style.paint("cluster", .strong)
    return [objects.remark.isEmpty ? heading : "\(heading)    \(objects.remark)"] + objects.lines + findings
  }

  private func lines(of objects: ObjectsPlan) -> (remark: String, lines: [String]) {
    switch objects.state {
    case .notObserved(let failure):
      let lines = lines(of: failure, after: "objects not observed: ", on: ColumnLine(), at: 2)
      return ("", lines)
    case .observed where !objects.isSelected && !objects.isInSync:
      return (style.paint("drift, not selected (\(objects.countedChanges))", .dim), [])
    case .observed(let observed):
      let isShown = isVerbose && objects.isInSync && observed.wanted > 0
      let remark = isShown ? style.paint("in sync  \(Counted.phrase(observed.wanted, "object"))", .dim) : ""
      return (remark, table(of: observed.changes) + lines(of: objects.shownFindings(isWhole: isVerbose)))
    }
  }

  /// More than this many changes are folded to one line for each kind and action.
  private static let foldingLimit = 40

  private func table(of changes: [ObjectChange]) -> [String] {
    let rows = ObjectRow.rows(of: changes, isWhole: isVerbose, limit: Self.foldingLimit)
    let value = 6 + (rows.map(\.what.count).filter { $0 <= 56 }.max() ?? 0)
    return rows.flatMap { row in
      let tone: TerminalStyle.Tone? = row.isHeld ? .dim : nil
      var line = ColumnLine()
      line.put("\(row.action.rawValue) \(row.what)", at: 2, in: style, tone ?? row.action.tone)
      line.put(row.value, at: value, in: style, tone)
      line.put(row.note, at: value, in: style, tone)
      return [line.text] + row.diff.map(diffLine)
    }
  }
}

extension ObjectsPlan {
  /// `3 objects (1 deletion)`.
  var countedChanges: String {
    let count = Counted.phrase(changes.count, "object")
    return deletions.isEmpty ? count : "\(count) (\(Counted.phrase(deletions.count, "deletion")))"
  }

  /// Of notes that say one thing of many, the first twelve.
  func shownFindings(isWhole: Bool) -> [Finding] { Finding.shown(findings, isWhole: isWhole) }
}
