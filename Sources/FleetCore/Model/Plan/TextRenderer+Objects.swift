extension TextRenderer {
  /// The Kubernetes objects' part of a plan; empty where there is nothing to say.
  func lines(of objects: ObjectsPlan) -> [String] {
    let heading = style.paint("cluster", .strong)
    switch objects.state {
    case .notObserved(let failure):
      var line = ColumnLine()
      line.put("cluster", at: 0, in: style, .strong)
      return lines(of: failure, after: "objects not observed: ", on: line, at: 11)
    case .observed(let observed):
      guard !objects.isInSync || isVerbose || observed.findings.contains(where: { $0.reason != .notice }) else {
        return []
      }
      guard objects.isSelected || objects.isInSync else {
        return [heading + "    " + style.paint("drift, not selected (\(objects.countedChanges))", .dim)]
      }
      var lines = [heading]
      if objects.isInSync, isVerbose, observed.wanted > 0 {
        lines = [heading + "    " + style.paint("in sync  \(Counted.phrase(observed.wanted, "object"))", .dim)]
      }
      return lines + table(of: observed.changes) + self.lines(of: objects.shownFindings(isWhole: isVerbose))
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
