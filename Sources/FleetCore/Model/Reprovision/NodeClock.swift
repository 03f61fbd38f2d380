/// The reprovision clock of one node: a state, and what each look at the node makes of it. Pure.
package struct NodeClock: Sendable, Hashable {
  package let fleet: String
  package let node: String
  /// Of the system that last was in order; `nil`: none ever was.
  package var machineID: String?
  /// Since when it does not serve; `nil`: it does.
  package var lost: ClockReading?
  /// Since when a key that nobody trusts answers in its place.
  package var untrusted: ClockReading?
  /// The one that runs, or the last one.
  package var rebuild: Rebuild?

  package init(fleet: String, node: String) {
    self.fleet = fleet
    self.node = node
  }

  package var running: Rebuild? { rebuild?.outcome == .running ? rebuild : nil }

  /// What a look changed; each is worth a record.
  package enum Transition: Sendable, Hashable {
    case lost
    /// It is back as it was, after so many seconds.
    case found(after: Int)
    case untrusted
    case begun(Rebuild.Origin)
    case ended(RebuildPhase, after: Int)
    /// The card was written once more: the phases begin anew, the clock goes on.
    case restarted
    case converged(after: Int)
    case atRisk(remaining: Int, estimate: Int)
    case breached(target: Int)
    case abandoned
  }

  /// Somebody orders a rebuild. One that runs goes on; whether a new one began.
  package mutating func order(at now: ClockReading, target: Int) -> [Transition] {
    guard running == nil else { return [] }
    rebuild = Rebuild(
      fleet: fleet, node: node, origin: .ordered, begun: now, lost: lost, target: target, hasLeft: lost != nil)
    return [.begun(.ordered)]
  }

  /// The rebuild that runs is called off.
  package mutating func abandon(at now: ClockReading) -> [Transition] {
    guard running != nil else { return [] }
    rebuild?.outcome = .abandoned
    return [.abandoned]
  }

  /// A pass looked at the node.
  ///
  /// - Parameters:
  ///   - target: seconds that a rebuild may take, for one that begins now.
  ///   - history: what estimates are made from.
  package mutating func see(
    _ sighting: NodeSighting, at now: ClockReading, target: Int, history: RebuildHistory
  ) -> [Transition] {
    var transitions: [Transition] = []
    switch sighting {
    case .unclear: break
    case .away, .awaitingTrust:
      if lost == nil {
        lost = now
        transitions.append(.lost)
      }
      if running != nil {
        rebuild?.hasLeft = true
        if rebuild?.lost == nil { rebuild?.lost = lost }
      }
      if sighting == .awaitingTrust, untrusted == nil {
        untrusted = now
        transitions.append(.untrusted)
      }
    case .seen(let progress): transitions += see(progress, at: now, target)
    }
    return transitions + alerts(at: now, history)
  }

  private mutating func see(
    _ progress: NodeSighting.Progress, at now: ClockReading, _ target: Int
  ) -> [Transition] {
    var transitions: [Transition] = []
    let isOther = machineID != nil && progress.machineID != machineID
    if running == nil, progress.isBlank, machineID == nil || isOther, !progress.isConverged {
      // Its first sighting was that of a key which nobody knew.
      rebuild = Rebuild(
        fleet: fleet, node: node, origin: .blank, begun: untrusted ?? now, lost: lost, target: target, hasLeft: true)
      transitions.append(.begun(.blank))
    }
    untrusted = nil
    guard var current = running else {
      if let lost { transitions.append(.found(after: now.seconds(since: lost))) }
      lost = nil
      if progress.isConverged { machineID = progress.machineID }
      return transitions
    }
    if progress.machineID == machineID, progress.machineID != current.machineID, !progress.isBlank {
      return transitions + comesBack(at: now)
    }
    if progress.isBlank || isOther { current.hasLeft = true }
    guard current.hasLeft else { return transitions }
    if progress.isBlank, let before = current.machineID, before != progress.machineID {
      current.ends = current.ends.filter { $0.key == .reached }
      current.restarts += 1
      transitions.append(.restarted)
    }
    current.machineID = progress.machineID
    transitions += Self.advance(&current, progress, at: now)
    rebuild = current
    if current.outcome == .converged {
      lost = nil
      machineID = progress.machineID
    }
    return transitions
  }

  /// The old system is there again: an order goes on waiting for it to leave, a rebuild that nobody ordered is none.
  private mutating func comesBack(at now: ClockReading) -> [Transition] {
    let found = lost.map { [Transition.found(after: now.seconds(since: $0))] } ?? []
    lost = nil
    guard rebuild?.origin == .ordered else { return found + abandon(at: now) }
    rebuild?.hasLeft = false
    rebuild?.lost = nil
    rebuild?.ends = [:]
    return found
  }

  /// A phase ends when it and all before it are over; one look may end several, and none begins again.
  private static func advance(
    _ rebuild: inout Rebuild, _ progress: NodeSighting.Progress, at now: ClockReading
  ) -> [Transition] {
    var transitions: [Transition] = []
    for phase in RebuildPhase.allCases where rebuild.ends[phase] == nil {
      if phase.isOfK3s, progress.k3s == nil { continue }
      guard progress.hasEnded(phase) else { break }
      let seconds = now.seconds(since: rebuild.lastTurn)
      rebuild.ends[phase] = now
      transitions.append(.ended(phase, after: seconds))
    }
    if rebuild.ends[.converged] != nil {
      rebuild.outcome = .converged
      transitions.append(.converged(after: rebuild.elapsed(at: now)))
    }
    return transitions
  }

  private mutating func alerts(at now: ClockReading, _ history: RebuildHistory) -> [Transition] {
    guard let current = rebuild, current.outcome != .abandoned else { return [] }
    let assessment = RebuildAssessment(current, at: now, history)
    guard assessment.alert > current.alert else { return [] }
    rebuild?.alert = assessment.alert
    switch assessment.alert {
    case .none: return []
    case .atRisk: return [.atRisk(remaining: assessment.remaining, estimate: assessment.estimate ?? 0)]
    case .breached: return [.breached(target: current.target)]
    }
  }
}
