/// Numbers with their nouns.
enum Counted {
  /// `1 change`, `2 changes`.
  static func phrase(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// `1 of 10 nodes`.
  static func share(_ part: Int, of whole: Int, _ noun: String) -> String { "\(part) of \(phrase(whole, noun))" }

  /// What there is none of is not mentioned.
  static func present(_ parts: [(count: Int, words: String)]) -> [String] {
    parts.filter { $0.count > 0 }.map { "\($0.count) \($0.words)" }
  }

  /// At most six names, the rest counted; "none" without any.
  static func names(_ names: [String], isWhole: Bool) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = isWhole ? names[...] : names.prefix(6)
    let rest = names.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension FleetPlan {
  /// `5 changes on 1 of 10 nodes · 8 in sync · 1 not observed`.
  var countedSummary: String {
    let counts = summary
    let onNodes =
      counts.changes == 0
      ? nil
      : "\(Counted.phrase(counts.changes, "change")) on \(Counted.share(counts.changedNodes, of: counts.nodes, "node"))"
    let ofObjects = counts.objects == 0 ? nil : objects?.countedChanges
    let changes = [onNodes, ofObjects].compactMap { $0 }
    let notSelected = nodes.count { $0.observed != nil && !$0.isSelected && !$0.isInSync }
    let parts = Counted.present([
      (counts.notObserved, "not observed"), (notSelected, "not selected"), (counts.refused, "refused"),
      (counts.blocked, "blocked"), (counts.held, "held"),
    ])
    return ([changes.isEmpty ? "no changes" : changes.joined(separator: ", "), "\(counts.inSync) in sync"] + parts)
      .joined(separator: " · ")
  }

  /// Selected nodes for which there is a finding of this severity.
  func nodes(with severity: Finding.Severity) -> [NodePlan] {
    nodes.filter { $0.isSelected && $0.everythingFound.contains { $0.severity == severity } }
  }
}

extension NodePlan {
  /// `reboot, restart k3s`: what its turn brings.
  var disturbances: [ChangeSet.Disturbance] {
    [.reboots, .upgradesK3s, .restartsK3s].filter { disturbance in disturbing.contains { $0.disturbance == disturbance }
    }
  }
}

extension ChangeSet.Disturbance {
  var words: String {
    switch self {
    case .none: "nothing"
    case .restartsK3s: "restart k3s"
    case .upgradesK3s: "upgrade k3s"
    case .reboots: "reboot"
    }
  }
}

extension TextRenderer {
  /// `waves: 1 pi3 (reboot)  2 pi4 (restart k3s)          held: none          blocked: none`; `nil` when there is
  /// nothing to roll out.
  func rollOut(of plan: FleetPlan) -> String? {
    let (held, blocked, refused) = (names(with: .held, plan), names(with: .blocked, plan), names(with: .refused, plan))
    guard plan.summary.changes > 0 || !(held + blocked + refused).isEmpty else { return nil }
    var parts = ["waves: \(waves(of: plan))", "held: \(listed(held))", "blocked: \(listed(blocked))"]
    if !refused.isEmpty { parts.append("refused: \(listed(refused))") }
    return parts.joined(separator: String(repeating: " ", count: 10))
  }

  private func waves(of plan: FleetPlan) -> String {
    let waves = plan.waves
    guard !waves.isEmpty else { return "none" }
    let shown = isVerbose ? waves[...] : waves.prefix(8)
    let turns = shown.enumerated().map { index, wave in
      "\(index + 1) " + wave.turns.map(turn).joined(separator: ", ")
    }
    let rest = waves.count - shown.count
    return (turns + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "  ")
  }

  private func turn(of turn: Turn) -> String {
    "\(text.line(turn.node.node)) (\(turn.words.joined(separator: ", ")))"
  }

  /// Nodes, and the cluster where its objects are meant.
  private func names(with severity: Finding.Severity, _ plan: FleetPlan) -> [String] {
    let objects = plan.objects.flatMap { $0.isSelected ? $0 : nil }
    let isMeant =
      objects?.findings.contains { $0.severity == severity } == true
      || severity == .held && objects?.changes.contains { $0.held != nil } == true
    return plan.nodes(with: severity).map { text.line($0.node) } + (isMeant ? [ObjectsPlan.turn] : [])
  }

  private func listed(_ names: [String]) -> String { Counted.names(names, isWhole: isVerbose) }
}
