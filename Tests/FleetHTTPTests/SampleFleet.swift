import FleetModel

/// A fleet as a daemon might know it: one node in each state, a rebuild, and a history.
enum SampleFleet {
  static let now = 1_800_000_000

  static func clock(_ secondsAgo: Int = 0) -> ClockReading {
    ClockReading(wall: now - secondsAgo, boot: "boot", ticks: 1_000_000 - secondsAgo)
  }

  static var overview: FleetOverview {
    var overview = FleetOverview(
      clock: clock(), version: "1.2.3", startedAt: now - 86_400, mode: .enforce, interval: 300)
    overview.fleet = "home"
    overview.commit = "3f9c2e1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e"
    overview.passes.ended(began: now - 100, ended: now - 90, isFailed: false)
    overview.nodes = [
      node("pi1", .inSync, temperature: 48_312), away, node("pi3", .drift, temperature: 83_000),
      node("pi4", .held), attention, node("pi6", .unknown),
    ]
    overview.cluster = .init(changes: 1, drift: "  ~ apps/v1 Deployment web/front     replicas 1 -> 2")
    var chat = NotificationCounts(receiver: "chat")
    (chat.sent, chat.failures, chat.dropped, chat.queued, chat.isFailing) = (12, 3, 2, 1, true)
    overview.notifications = [chat, NotificationCounts(receiver: "phone")]
    overview.record.rebuilds = [running, done]
    overview.record.availability = [
      .init(subject: "api", availability: Availability(up: 998, down: 2)),
      .init(subject: "node/pi1", availability: Availability(up: 97, down: 3)),
    ]
    overview.record.runs = [
      .init(
        id: "20270115T080000Z-1", kind: "pass", commit: overview.commit, startedAt: now - 300, endedAt: now - 200,
        exitCode: 0, summary: "3 converged · 6 in sync"),
      .init(
        id: "20270115T070000Z-1", kind: "once", commit: nil, startedAt: now - 3900, endedAt: nil, exitCode: nil,
        summary: ""),
    ]
    return overview
  }

  static func node(_ name: String, _ state: NodeState, temperature: Int? = nil) -> NodeOverview {
    var node = NodeOverview(
      name: name, address: "192.168.1.11", role: name == "pi1" ? .server : .agent, since: now - 12_000)
    node.state = state
    node.lookedAt = state == .unknown ? nil : now - 60
    node.dueAt = now + 240
    if state == .drift {
      node.changes = 1
      node.drift = "  ~ file     /etc/rancher/k3s/config.yaml     restarts k3s-agent\n      - a: <old>\n      + a: new"
    }
    guard state != .unknown else { return node }
    var health = HealthFacts()
    health.temperature = temperature
    health.throttled = temperature.map { HealthFacts.Throttled(bits: $0 > 80_000 ? 0x50005 : 0) }
    node.facts = NodeFacts(
      operatingSystem: "Debian GNU/Linux 12 (bookworm)", kernel: "6.6.51+rpt-rpi-v8",
      model: "Raspberry Pi 4 Model B Rev 1.4", k3s: "v1.33.4+k3s1", health: health)
    return node
  }

  private static var away: NodeOverview {
    var node = node("pi2", .away)
    node.reason = "connection-refused"
    node.message = "connection refused"
    node.failures = 7
    node.leftAloneUntil = now + 600
    return node
  }

  private static var attention: NodeOverview {
    var node = node("pi5", .attention)
    node.reason = "disk-full"
    node.message = "120 MB are free, and 500 MB are needed"
    node.next = "make room: apt-get clean"
    node.paused = "new SSD, until 2027-01-15 10:00 UTC"
    node.failedAttempts = 3
    return node
  }

  private static var running: Rebuild {
    var rebuild = Rebuild(
      fleet: "home", node: "pi6", origin: .blank, begun: clock(1800), target: 3600, hasLeft: true)
    rebuild.ends = [.reached: clock(1700), .baseline: clock(900)]
    return rebuild
  }

  private static var done: Rebuild {
    var rebuild = Rebuild(
      fleet: "home", node: "pi1", origin: .ordered, begun: clock(90_000), target: 3600, hasLeft: true)
    for (place, phase) in RebuildPhase.allCases.enumerated() { rebuild.ends[phase] = clock(90_000 - (place + 1) * 300) }
    rebuild.outcome = .converged
    return rebuild
  }

  /// What a node, a commit and a client could try: markup, quotes, line breaks, controls.
  static let hostile = "<script>alert('x')</script>\"& \u{1B}]0;x\u{07}\nevent: page\ndata: forged\r"

  static var hostileOverview: FleetOverview {
    var overview = overview
    overview.fleet = hostile
    overview.commit = hostile
    overview.rejected = .init(commit: hostile, problems: [hostile])
    overview.sourceProblem = hostile
    overview.problem = hostile
    overview.activity = hostile
    overview.cluster = .init(changes: 1, drift: hostile)
    var node = overview.nodes[4]
    node.name = hostile
    node.address = hostile
    node.reason = hostile
    node.message = hostile
    node.next = hostile
    node.drift = hostile
    node.paused = hostile
    node.facts = NodeFacts(
      operatingSystem: hostile, kernel: hostile, model: hostile, k3s: hostile, health: HealthFacts())
    overview.nodes = [node]
    overview.record.problem = hostile
    overview.notifications = [NotificationCounts(receiver: hostile)]
    overview.record.rebuilds = [
      Rebuild(fleet: "home", node: hostile, origin: .blank, begun: clock(60), target: 3600, hasLeft: true)
    ]
    overview.record.availability = [
      .init(subject: "node/\(hostile)", availability: Availability(up: 1, down: 1))
    ]
    overview.record.runs = [
      .init(
        id: hostile, kind: hostile, commit: hostile, startedAt: now, endedAt: now, exitCode: 1, summary: hostile)
    ]
    return overview
  }
}
