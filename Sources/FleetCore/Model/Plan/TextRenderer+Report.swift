extension TextRenderer {
  /// What became of each node in a run that applied; nodes that were in sync are only counted unless verbose.
  package func render(_ report: RunReport) -> String {
    let listed = report.everyResult.filter { result in
      if case .inSync = result.outcome { isVerbose } else { true }
    }
    let column = 2 + (listed.map { text.line($0.node).count }.filter { $0 <= 24 }.max() ?? 0)
    var lines = [header(of: report.before, hasLegend: false), ""]
    lines += listed.flatMap { self.lines(of: $0, at: column) }
    if let failed = report.failure {
      lines += self.lines(of: failed.failure, after: "failed: \(text.line(failed.step)): ", on: ColumnLine(), at: 0)
    }
    if !listed.isEmpty || report.failure != nil { lines.append("") }
    lines.append("Done: " + report.countedSummary)
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of result: NodeResult, at column: Int) -> [String] {
    var line = ColumnLine()
    line.put(text.line(result.node), at: 0, in: style, .strong)
    switch result.outcome {
    case .inSync:
      line.put("in sync", at: column, in: style, .dim)
    case .converged(let changes):
      line.put("converged (\(Counted.phrase(changes, "change")))", at: column, in: style, .added)
    case .held(let findings):
      line.put("held", at: column, in: style, .dim)
      return [line.text] + lines(of: findings)
    case .failed(let stepFailure):
      return lines(of: stepFailure.failure, after: "failed: \(text.line(stepFailure.step)): ", on: line, at: column)
    case .stalled(let failure):
      return lines(of: failure, after: "stalled: ", on: line, at: column)
    case .attention(let findings):
      line.put("needs attention", at: column, in: style, .failed)
      return [line.text] + lines(of: findings)
    case .notObserved(let failure):
      return lines(of: failure, after: "not observed: ", on: line, at: column, isBrief: !failure.isRefusal)
    case .notSelected:
      line.put("drift, not selected", at: column, in: style, .dim)
    }
    return [line.text]
  }
}

extension NodeResult.Outcome {
  /// Its name in counts and in JSON, the worst last but for what was left alone.
  package enum Name: String, CaseIterable, Sendable {
    case converged
    case failed
    /// The roll-out stopped at another node before it came to this one.
    case notReached = "not-reached"
    case stalled
    case attention
    case held
    case inSync = "in-sync"
    case notObserved = "not-observed"
    case notSelected = "not-selected"

    fileprivate func words(_ count: Int) -> String {
      switch self {
      case .converged: "converged"
      case .failed: "failed"
      case .notReached: "not reached"
      case .stalled: "stalled"
      case .attention: count == 1 ? "needs attention" : "need attention"
      case .held: "held"
      case .inSync: "in sync"
      case .notObserved: "not observed"
      case .notSelected: "not selected"
      }
    }
  }

  package var name: Name {
    switch self {
    case .inSync: .inSync
    case .converged: .converged
    case .held: .held
    case .failed(let failure): failure.failure.reason == .rolloutStopped ? .notReached : .failed
    case .stalled: .stalled
    case .attention: .attention
    case .notObserved: .notObserved
    case .notSelected: .notSelected
    }
  }
}

extension RunReport {
  /// Of the nodes, then of the objects.
  var everyResult: [NodeResult] { results + [objects].compactMap { $0 } }

  /// `3 converged · 1 failed · 6 in sync`.
  package var countedSummary: String {
    let parts = NodeResult.Outcome.Name.allCases.map { name in
      let count = results.count { $0.outcome.name == name }
      return (count: count, words: name.words(count))
    }
    let present = Counted.present(parts)
    let nodes = present.isEmpty ? "no nodes" : present.joined(separator: " · ")
    guard let objects, objects.outcome.name != .inSync else { return nodes }
    return nodes + " · objects: " + objects.outcome.name.words(1)
  }
}
