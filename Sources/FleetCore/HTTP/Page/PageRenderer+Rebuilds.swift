internal import FleetModel

extension PageRenderer {
  /// More would be a history; `fleetd reprovision` and the API have all.
  private static let mostRebuilds = 8

  /// Rebuilds against the line of their target: those that run first.
  var rebuilds: HTML {
    let all = overview.record.assessed(at: overview.clock).filter { $0.rebuild.outcome != .abandoned }
    guard !all.isEmpty else { return .nothing }
    let sorted = all.filter { $0.rebuild.outcome == .running } + all.filter { $0.rebuild.outcome != .running }
    return """
      <section><h2>Rebuilds</h2>
      <div class="rebuilds">\(sorted.prefix(Self.mostRebuilds).map(rebuild))</div></section>
      """
  }

  private func rebuild(_ item: (rebuild: Rebuild, assessment: RebuildAssessment)) -> HTML {
    let (rebuild, assessment) = item
    return """
      <article class="rebuild \(Self.style(assessment.state))">
      <h3>\(rebuild.node)</h3>
      <p class="state"><b>\(Self.words(rebuild, assessment))</b> begun \(ago(rebuild.begun.wall))</p>
      \(timeline(rebuild, assessment))
      <p class="facts">\(phases(of: rebuild, assessment))</p>
      </article>

      """
  }

  private static func words(_ rebuild: Rebuild, _ assessment: RebuildAssessment) -> String {
    let elapsed = Age.text(assessment.elapsed)
    let target = Age.text(rebuild.target)
    switch assessment.state {
    case .met: return "done in \(elapsed), within \(target)"
    case .breached where rebuild.outcome == .converged: return "done in \(elapsed): over the target of \(target)"
    case .breached: return "\(elapsed): over the target of \(target)"
    case .abandoned: return "called off"
    case .onTrack, .atRisk:
      let left = assessment.estimate.map { ", about \(Age.text($0)) to go" } ?? ""
      return "\(assessment.state.rawValue): \(elapsed) of \(target)\(left)"
    }
  }

  private static func style(_ state: RebuildAssessment.State) -> HTML {
    switch state {
    case .met, .abandoned: "met"
    case .onTrack: "on-track"
    case .atRisk: "at-risk"
    case .breached: "breached"
    }
  }

  private func phases(of rebuild: Rebuild, _ assessment: RebuildAssessment) -> HTML {
    var parts: [HTML] = rebuild.durations.map { "\($0.phase.rawValue) \(Age.text($0.seconds))" }
    if rebuild.outcome == .running {
      let past = rebuild.durations.reduce(0) { $0 + $1.seconds }
      parts.append(
        "<b>until \(rebuild.phase()?.rawValue ?? "converged") \(Age.text(assessment.elapsed - past)) so far</b>")
    }
    return HTML.joined(parts, by: " → ")
  }

  /// A bar, a part for each phase, and the line that it must not pass. The sentences beside it say the same.
  private func timeline(_ rebuild: Rebuild, _ assessment: RebuildAssessment) -> HTML {
    let whole = max(rebuild.target * 5 / 4, assessment.elapsed, 1)
    func width(_ seconds: Int) -> Int { seconds * 1000 / whole }
    var parts: [HTML] = []
    var from = 0
    var spans = rebuild.durations.map(\.seconds)
    if rebuild.outcome == .running { spans.append(max(0, assessment.elapsed - spans.reduce(0, +))) }
    for (place, span) in spans.enumerated() {
      let isOpen = rebuild.outcome == .running && place == spans.count - 1
      let style: HTML = isOpen ? "now" : place.isMultiple(of: 2) ? "even" : "odd"
      parts.append("<rect class=\"\(style)\" x=\"\(width(from))\" y=\"6\" width=\"\(width(span))\" height=\"16\"/>")
      from += span
    }
    let line = width(rebuild.target)
    return """
      <svg viewBox="0 0 1000 28" preserveAspectRatio="none" role="img" aria-label="\(Self.words(rebuild, assessment))">
      <rect class="ground" x="0" y="6" width="1000" height="16"/>\(parts)
      <rect class="target" x="\(line)" y="0" width="4" height="28"/></svg>
      """
  }
}
