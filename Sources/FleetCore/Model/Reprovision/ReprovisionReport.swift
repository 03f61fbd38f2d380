/// The rebuilds of a fleet against their targets, what each phase takes, and the availability beside it.
package struct ReprovisionReport: Sendable {
  package let fleet: String
  package let madeAt: ClockReading
  /// The newest first.
  let rows: [Row]
  /// Of rebuilds that converged, in the order of the phases.
  let phases: [Measured]
  let total: Measured?
  /// Over 30 days, by subject.
  let availability: [(subject: String, availability: Availability)]

  struct Row: Sendable {
    let rebuild: Rebuild
    let assessment: RebuildAssessment
    let outage: Int?
  }

  /// What something took, by how many rebuilds.
  struct Measured: Sendable, Hashable {
    let name: String
    let count: Int
    /// Seconds.
    let p50: Int
    let p95: Int

    init?(_ name: String, _ seconds: [Int]) {
      guard let p50 = Percentile.of(seconds, 50), let p95 = Percentile.of(seconds, 95) else { return nil }
      self.name = name
      self.p50 = p50
      self.p95 = p95
      count = seconds.count
    }
  }

  /// - Parameter rebuilds: of this fleet, the newest first.
  package init(
    fleet: String, rebuilds: [Rebuild], availability: [(subject: String, availability: Availability)],
    at now: ClockReading
  ) {
    self.fleet = fleet
    madeAt = now
    let history = RebuildHistory(rebuilds)
    rows = rebuilds.map { rebuild in
      Row(
        rebuild: rebuild, assessment: RebuildAssessment(rebuild, at: now, history), outage: rebuild.outage(at: now))
    }
    phases = RebuildPhase.allCases.compactMap { Measured($0.rawValue, history.phases[$0] ?? []) }
    total = Measured("the whole", history.totals)
    self.availability = availability
  }

  /// `2 of 3 rebuilds within their target`.
  var verdict: String {
    let done = rows.filter { $0.rebuild.outcome == .converged }
    let met = done.count { $0.assessment.state == .met }
    let running = rows.count { $0.rebuild.outcome == .running }
    let parts = [
      done.isEmpty
        ? "no rebuild has converged yet" : "\(met) of \(Counted.phrase(done.count, "rebuild")) within the target",
      running == 0 ? nil : "\(running) running",
    ]
    return parts.compactMap { $0 }.joined(separator: "; ")
  }

  /// `42m10s`.
  static func text(_ seconds: Int) -> String { DurationText.render(.seconds(seconds)) }
}

extension ReprovisionReport.Row {
  /// `converged`, `baseline`: where it stands.
  var place: String {
    switch rebuild.outcome {
    case .converged: "converged"
    case .abandoned: "abandoned"
    case .running: "until \(rebuild.phase()?.rawValue ?? "converged")"
    }
  }

  /// `3m left, 20m more by history`.
  var rest: String {
    guard rebuild.outcome == .running else { return "" }
    let left =
      assessment.remaining >= 0
      ? "\(ReprovisionReport.text(assessment.remaining)) left"
      : "\(ReprovisionReport.text(-assessment.remaining)) over"
    return left + (assessment.estimate.map { ", \(ReprovisionReport.text($0)) more by history" } ?? "")
  }
}
