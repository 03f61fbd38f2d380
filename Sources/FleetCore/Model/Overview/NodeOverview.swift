/// What the daemon knows of one node.
package struct NodeOverview: Sendable, Hashable {
  package var name: String
  package var address: String
  /// `nil`: it has no part in a cluster.
  package var role: Role?
  package var state = NodeState.unknown
  /// Why it is in this state: a `Reason`'s word, a sentence, and what to do.
  package var reason: String?
  package var message: String?
  package var next: String?
  /// How many changes would bring it to what is declared.
  package var changes = 0
  /// The changes and findings as a plan shows them, cut to a bound.
  package var drift = ""
  package var facts: NodeFacts?
  /// Seconds since 1970 UTC: since when it is in this state, when it was looked at last, and when it will be next.
  package var since: Int
  package var lookedAt: Int?
  package var dueAt: Int?
  package var mode = Mode.observe
  /// Why somebody paused it, and until when; `nil`: it is not paused.
  package var paused: String?
  /// How often in a row it could not be observed, and how often in a row changing it failed.
  package var failures = 0
  package var failedAttempts = 0
  /// It came and went too often, and is left alone until then; seconds since 1970 UTC.
  package var leftAloneUntil: Int?

  package init(name: String, address: String, role: Role?, since: Int) {
    self.name = name
    self.address = address
    self.role = role
    self.since = since
  }
}

/// What a node tells of itself, as far as people want to see it. Everything comes from the node: it is cut here, and
/// escaped where it is shown.
package struct NodeFacts: Sendable, Hashable {
  package let operatingSystem: String
  package let kernel: String
  package let model: String?
  /// The release of k3s on its disk.
  package let k3s: String?
  package let health: HealthFacts

  package init(operatingSystem: String, kernel: String, model: String?, k3s: String?, health: HealthFacts) {
    func cut(_ text: String) -> String { String(TerminalText.escape(text).prefix(80)) }
    self.operatingSystem = cut(operatingSystem)
    self.kernel = cut(kernel)
    self.model = model.map(cut)
    self.k3s = k3s.map(cut)
    self.health = health
  }

  package init(_ observed: NodePlan.Observed) {
    self.init(
      operatingSystem: observed.facts.operatingSystem, kernel: observed.facts.kernel, model: observed.facts.model,
      k3s: observed.k3s?.installedVersion.map { "\($0)" }, health: observed.facts.health)
  }
}

extension NodePlan {
  /// Its changes and findings as a plan shows them: escaped, and cut to a bound, because it is kept.
  package var driftText: String {
    guard observed != nil, !isInSync else { return "" }
    let lines = TextRenderer(style: .plain).lines(of: self, in: HeadingColumns([])).dropFirst()
    return DriftText.bounded(Array(lines))
  }
}

extension FleetPlan {
  /// What is to be said of the cluster and its objects, in the same way.
  package var clusterDriftText: String {
    DriftText.bounded(Array(TextRenderer(style: .plain).lines(ofClusterIn: self).dropFirst()))
  }
}

/// Drift as it is kept for those who look at it.
enum DriftText {
  private static let mostLines = 60
  private static let mostColumns = 160

  static func bounded(_ lines: [String]) -> String {
    var kept = lines.prefix(mostLines).map { TerminalText.cut($0, toColumns: mostColumns) }
    if lines.count > mostLines { kept.append("  … \(lines.count - mostLines) more lines: fleetd --check") }
    return kept.joined(separator: "\n")
  }
}
