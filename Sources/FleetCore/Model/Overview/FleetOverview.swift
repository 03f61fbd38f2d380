/// What the daemon knows at one moment. The page, the API and the metrics are made from it.
package struct FleetOverview: Sendable, Hashable {
  package struct Rejected: Sendable, Hashable {
    package let commit: String
    package let problems: [String]

    package init(commit: String, problems: [String]) {
      self.commit = commit
      self.problems = problems
    }
  }

  /// The Kubernetes objects and what is found in the cluster.
  package struct Cluster: Sendable, Hashable {
    /// How many objects differ; `nil`: they are not looked at, or could not be.
    package let changes: Int?
    package let drift: String

    package init(changes: Int?, drift: String) {
      self.changes = changes
      self.drift = drift
    }
  }

  /// When it was made.
  package var clock: ClockReading
  /// Of fleetd.
  package var version: String
  /// When the daemon was started, seconds since 1970 UTC.
  package var startedAt: Int
  /// `nil`: no commit is in force yet.
  package var fleet: String?
  package var commit: String?
  package var mode: Mode
  /// Seconds between two looks at a node.
  package var interval: Int
  /// The commit at HEAD that is not in force, and why.
  package var rejected: Rejected?
  /// What keeps the checkout from being looked at or fetched.
  package var sourceProblem: String?
  /// What kept the last pass from its end.
  package var problem: String?
  /// What the coordinator does now; `nil`: it waits.
  package var activity: String?
  package var passes = PassTimes()
  /// Sorted by name.
  package var nodes: [NodeOverview] = []
  package var cluster: Cluster?
  package var record = RecordOverview()
  /// In the order of the control node's configuration.
  package var notifications: [NotificationCounts] = []

  package init(clock: ClockReading, version: String, startedAt: Int, mode: Mode, interval: Int) {
    self.clock = clock
    self.version = version
    self.startedAt = startedAt
    self.mode = mode
    self.interval = interval
  }

  /// Whether there is something to serve: a commit is in force, and a pass has seen the fleet. Otherwise why not.
  package var unreadiness: String? {
    guard commit != nil else { return sourceProblem ?? "no commit is in force yet" }
    return passes.count > passes.failures ? nil : problem ?? "no pass has ended yet"
  }

  /// The same but for what changes by itself as time goes on: two that are equal need not be told apart.
  package var content: FleetOverview {
    var content = self
    content.clock = ClockReading(wall: 0, boot: "", ticks: 0)
    // Counted for Prometheus alone.
    content.notifications = []
    return content
  }
}

/// How long passes took, counted in buckets as Prometheus' histograms have them.
package struct PassTimes: Sendable, Hashable {
  /// The upper bounds of the buckets, in seconds.
  package static let bounds = [1, 5, 15, 60, 300, 900, 3600]

  /// Passes that took no longer than the bound of the same place.
  package private(set) var buckets = [Int](repeating: 0, count: bounds.count)
  /// Passes that ended, well or not, and their seconds.
  package private(set) var count = 0
  package private(set) var seconds = 0
  package private(set) var failures = 0
  /// When the last one ended, in seconds since 1970 UTC, and how long it took.
  package private(set) var lastEnd: Int?
  package private(set) var lastDuration: Int?

  package init() {}

  package mutating func ended(began: Int, ended: Int, isFailed: Bool) {
    // The wall clock may have been set back meanwhile.
    let duration = max(0, ended - began)
    count += 1
    seconds += duration
    failures += isFailed ? 1 : 0
    lastEnd = ended
    lastDuration = duration
    for (place, bound) in Self.bounds.enumerated() where duration <= bound { buckets[place] += 1 }
  }
}
