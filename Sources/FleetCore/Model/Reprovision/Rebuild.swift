/// One rebuild of a node: when it began, and when each phase ended.
package struct Rebuild: Sendable, Hashable {
  package enum Origin: String, Sendable, Hashable {
    /// Somebody ordered it.
    case ordered
    /// A blank node was seen where there was none before.
    case blank
  }

  package enum Outcome: String, Sendable, Hashable {
    case running
    case converged
    /// It was called off, or the node came back as it was.
    case abandoned
  }

  /// What was told of it already, so that nobody is told twice.
  package enum Alert: Int, Sendable, Hashable, Comparable {
    case none, atRisk, breached

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  /// `pi3-20261121T031207Z`.
  package let id: String
  package let fleet: String
  package let node: String
  package let origin: Origin
  package let begun: ClockReading
  /// When the node was lost; `nil`: it was not, or nobody saw it.
  package var lost: ClockReading?
  /// Seconds that it may take.
  package let target: Int
  /// When each phase ended; a node without k3s never has some.
  package var ends: [RebuildPhase: ClockReading] = [:]
  /// Of the new system; `nil`: it was not seen yet.
  package var machineID: String?
  /// Whether the old system was seen to be gone. An order given to a node that still runs waits for that.
  package var hasLeft: Bool
  /// How often it was begun anew on a card that was written once more. The clock goes on.
  package var restarts = 0
  package var outcome = Outcome.running
  package var alert = Alert.none

  package init(
    id: String? = nil, fleet: String, node: String, origin: Origin, begun: ClockReading, lost: ClockReading? = nil,
    target: Int, hasLeft: Bool
  ) {
    self.id = id ?? "\(node)-\(UTCTime(begun.wall).compact)"
    self.fleet = fleet
    self.node = node
    self.origin = origin
    self.begun = begun
    self.lost = lost
    self.target = target
    self.hasLeft = hasLeft
  }

  /// The first phase that has not ended; `nil`: all have.
  ///
  /// - Parameter hasK3s: whether the node goes through the phases of k3s.
  package func phase(hasK3s: Bool = true) -> RebuildPhase? {
    RebuildPhase.allCases.first { ends[$0] == nil && (hasK3s || !$0.isOfK3s) }
  }

  /// When the last phase that ended did; before that, when it began.
  var lastTurn: ClockReading { RebuildPhase.allCases.last { ends[$0] != nil }.flatMap { ends[$0] } ?? begun }

  /// Seconds of each phase that ended, in order.
  package var durations: [(phase: RebuildPhase, seconds: Int)] {
    var before = begun
    var durations: [(phase: RebuildPhase, seconds: Int)] = []
    for phase in RebuildPhase.allCases {
      guard let end = ends[phase] else { continue }
      durations.append((phase, end.seconds(since: before)))
      before = end
    }
    return durations
  }

  /// Seconds from its beginning to `now`, or to its end.
  ///
  /// The sum of the phases: each is measured by itself, so that a reboot of the control node costs exactness in one only.
  package func elapsed(at now: ClockReading) -> Int {
    let past = durations.reduce(0) { $0 + $1.seconds }
    return outcome == .running ? past + now.seconds(since: lastTurn) : past
  }

  /// Seconds from the loss of the node until it served again; `nil`: it was not lost.
  package func outage(at now: ClockReading) -> Int? {
    lost.map { begun.seconds(since: $0) + elapsed(at: now) }
  }
}
