import FleetApply
import FleetDaemon
import FleetHTTP
import FleetModel
import FleetReconcile
import FleetRecord
import FleetSimulation
import FoundationEssentials
import Glibc
import Logging
import NIOPosix

/// The daemon's own loops, planner, store, notifications and pages over simulated nodes, through as many passes as wanted. One
/// pass an hour, on a clock that goes on to the next moment that somebody waits for.
struct Endurance: Sendable {
  let passes: Int
  /// Clients that follow the page all the time.
  let followers: Int

  private static let interval = 3600
  private static let start = 1_800_000_000

  func run() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-endurance-\(getpid())").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let clock = SteppedClock()
    let now: @Sendable () -> Int = { Self.start + clock.seconds }
    let reading: @Sendable () -> ClockReading = { ClockReading(wall: now(), boot: "boot", ticks: clock.seconds) }
    let stop = StopFlag()
    let log = Logger(label: "endurance") { _ in SwiftLogNoOpLogHandler() }
    let fleet = try SimulatedFleet(in: directory, stop: stop, now: now)
    let outbox = NotificationOutbox(
      to: NotificationReceiver(name: "all", url: .plain("http://127.0.0.1:9/")), by: Taker(), now: now, clock: clock,
      tell: { _ in })
    let notifications = NotificationDispatcher(to: [outbox], now: now, clock: clock)
    notifications.keep(fleet.desired.fleet.name, nodes: fleet.nodes.map(\.name))
    let store = "\(directory)/fleetd.db"
    let recorder = DaemonRecorder(
      at: store, version: "0", log: log, now: reading, turned: { _, _ in }, notify: { notifications.take($0) })
    let keeper = FleetKeeper(
      work: fleet, mode: .enforce, interval: Self.interval, state: fleet.controlNode, stop: stop, now: now)
    let passes = PassCounter(recorder)
    let loops = FleetLoops(
      keeper, fleet, recorder: passes, now: now, clock: clock,
      tell: { event in
        notifications.take(event.facts)
        if case .failed(let problem) = event { passes.fail(problem) }
      })
    let overview = DaemonOverview(
      keeper, recorder, notifications, store: store, version: "0", mode: .enforce, interval: Self.interval, now: reading
    )
    let server = FleetHTTPServer(
      HTTPSettings(endpoint: .init(address: "127.0.0.1", port: 0)), token: nil, source: overview,
      on: MultiThreadedEventLoopGroup.singleton, log: log)
    let (ports, told) = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { do { try await server.run { told.yield($0) } } catch is CancellationError {} }
      tasks.addTask { await loops.coordinate() }
      tasks.addTask { await loops.watchNodes() }
      tasks.addTask { await notifications.run() }
      var port = 0
      for await first in ports {
        port = first
        break
      }
      let page = PageReader(port: port)
      for _ in 0..<followers { tasks.addTask { await page.follow() } }
      await keeper.take(SourceState(fleet.desired))
      try await measure(fleet, passes, clock, page, store)
      loops.end()
      tasks.cancelAll()
      while !tasks.isEmpty { _ = try? await tasks.next() }
    }
  }

  private func measure(
    _ fleet: SimulatedFleet, _ counter: PassCounter, _ clock: SteppedClock, _ page: PageReader, _ store: String
  ) async throws {
    print("\(passes) passes over \(fleet.nodes.count) nodes, one an hour, \(followers) follow the page", flush: true)
    let began = ContinuousClock.now
    var samples: [(passes: Int, kilobytes: Int)] = []
    var done = 0
    // A loop for each node, one for who they are, the coordinator; who decides what is told, and who delivers it.
    let sleepers = fleet.nodes.count + 4
    while done < passes {
      try await clock.step(whenAsleep: sleepers)
      if let problem = counter.problem { throw RunFailure(problem) }
      if counter.ended > done {
        done = counter.ended
        play(done, on: fleet)
        if done % 100 == 0 {
          for path in ["/", "/metrics", "/api/v1/status"] { try await page.read(path) }
        }
        if done % max(1, passes / 10) == 0 {
          let memory = try ProcessMemory.now()
          ProcessMemory.trim()
          let held = try ProcessMemory.now().anonymous
          samples.append((done, held))
          let size = (try? FileManager.default.attributesOfItem(atPath: store)[.size] as? Int) ?? 0
          print(
            "  after \(done): RssAnon \(memory.anonymous) kB, of it held \(held) kB, VmRSS \(memory.resident) kB,",
            "store \(size / 1024) kB, day \(clock.seconds / 86_400),",
            "\(fleet.nodes.reduce(0) { $0 + $1.answers }) answers, \(counter.applied) runs,",
            "\((ContinuousClock.now - began).components.seconds) s", flush: true)
        }
      }
    }
    let settled = Array(samples.dropFirst())
    if settled.count > 1 {
      print(
        "slope of what is held from \(settled[0].passes) passes on: \(Slope.perThousand(settled)) kB in a thousand passes"
      )
    }
  }

  /// What happens to nodes: one drifts at every tenth pass; at every fiftieth one goes away until the next but one.
  private func play(_ pass: Int, on fleet: SimulatedFleet) {
    let node = fleet.nodes[pass / 10 % fleet.nodes.count]
    if pass % 10 == 0 { node.drift() }
    let other = fleet.nodes[1 + pass / 50 % (fleet.nodes.count - 1)]
    if pass % 50 == 0 { other.goAway() }
    if pass % 50 == 2 { other.comeBack() }
  }
}

/// Takes every notification.
struct Taker: NotificationSender {
  func send(_ notification: Notification) async -> NotificationDelivery { .delivered }
}

/// Standard output at once.
func print(_ words: String..., flush: Bool) {
  Swift.print(words.joined(separator: " "))
  if flush { fflush(nil) }
}
