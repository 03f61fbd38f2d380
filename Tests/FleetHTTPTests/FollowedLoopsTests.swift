import AsyncHTTPClient
import FleetApply
import FleetHTTP
import FleetModel
import FleetReconcile
import FleetSimulation
import Foundation
import NIOHTTP1
import Synchronization
import Testing

/// Shows what a keeper knows, and a problem that a test makes up.
private final class KeptSource: OverviewSource {
  private let keeper: FleetKeeper
  private let problem = Mutex<String?>(nil)

  init(_ keeper: FleetKeeper) { self.keeper = keeper }

  func overview() async -> FleetOverview {
    let empty = FleetOverview(clock: SampleFleet.clock(), version: "1", startedAt: 0, mode: .enforce, interval: 3600)
    var overview = await keeper.overview(into: empty)
    if let problem = problem.withLock({ $0 }) { overview.problem = problem }
    return overview
  }

  func say(_ text: String) { problem.withLock { $0 = text } }
}

/// Counts what loops did.
private final class CountingRecorder: PassRecorder {
  private let counts = Mutex((passes: 0, looks: [String: Int]()))

  var passes: Int { counts.withLock { $0.passes } }
  var looks: [String: Int] { counts.withLock { $0.looks } }

  func looked(at plan: FleetPlan, of fleet: Fleet) async {}
  func looked(at node: NodeLook, of fleet: Fleet) async { counts.withLock { $0.looks[node.node, default: 0] += 1 } }
  func record(_ pass: FinishedPass) async { counts.withLock { $0.passes += 1 } }
}

@Suite("the loops, while many follow the page", .timeLimit(.minutes(5)))
struct FollowedLoopsTests {
  private static let places = 500

  @Test(
    "500 follow and one of them never reads: every pass and look is made, the news arrive, who does not read is cut off"
  )
  func undisturbed() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-followed-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let (clock, stop, recorder) = (SteppedClock(), StopFlag(), CountingRecorder())
    let now: @Sendable () -> Int = { SampleFleet.now + clock.seconds }
    let fleet = try SimulatedFleet(in: directory, stop: stop, now: now)
    let keeper = FleetKeeper(
      work: fleet, mode: .enforce, interval: 3600, state: fleet.controlNode, stop: stop, now: now)
    let failures = Mutex<[String]>([])
    let loops = FleetLoops(
      keeper, fleet, recorder: recorder, now: now, clock: clock,
      tell: { event in
        if case .failed(let problem) = event { failures.withLock { $0.append(problem) } }
      })
    let source = KeptSource(keeper)
    await keeper.take(SourceState(fleet.desired))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await loops.coordinate() }
      tasks.addTask { await loops.watchNodes() }
      try await Self.passes(1, recorder, clock, fleet)
      var pace = TestServer.quick
      pace.look = .milliseconds(200)
      pace.patience = .seconds(10)
      try await TestServer.run(serving: source, pace: pace) { server async throws in
        let deaf = try await DeafClient(of: server.port)
        try await Self.followed(server, count: Self.places - 1) {
          let refused = try await server.get("/events")
          #expect(refused.status == .serviceUnavailable)
          try await Self.passes(50, recorder, clock, fleet)
          // The last of them sees that a node is gone: that is the news.
          fleet.nodes[3].goAway()
          try await Self.passes(51, recorder, clock, fleet)
        }
        // Now states come that are larger than what the kernel takes for a client that does not read.
        source.say(String(repeating: "x", count: 200_000))
        var count = 51
        while await deaf.isActive {
          count += 1
          try await Self.passes(count, recorder, clock, fleet)
        }
        while try await !server.text("/metrics").contains("fleetd_http_live_clients 0\n") { await Task.yield() }
      }
      loops.end()
      tasks.cancelAll()
      try await tasks.waitForAll()
    }
    #expect(failures.withLock { $0 } == [])
    // Each node's own loop looked, too; a pass that comes first makes a look needless.
    #expect(recorder.looks.count == fleet.nodes.count && recorder.looks.values.allSatisfy { $0 >= 5 })
  }

  /// Lets time go on until so many passes have ended. Every fifth finds something to mend.
  private static func passes(
    _ count: Int, _ recorder: CountingRecorder, _ clock: SteppedClock, _ fleet: SimulatedFleet
  ) async throws {
    while recorder.passes < count {
      if recorder.passes % 5 == 4 { fleet.nodes[5].drift() }
      try await clock.step(whenAsleep: fleet.nodes.count + 2)
    }
  }

  /// Runs `body` while so many follow, who all see that the fleet is in sync, and then that a node needs a look.
  private static func followed(
    _ server: TestServer, count: Int, _ body: @Sendable () async throws -> Void
  ) async throws {
    let (arrivals, arrived) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask {
          do {
            var events = EventReader(try await server.get("/events"))
            guard try await events.read(until: "all 10 nodes are in sync") else { throw Ended() }
            arrived.yield()
            guard try await events.read(until: "1 needs a look") else { throw Ended() }
          } catch {
            arrived.finish()  // nobody waits for all of them any more
            throw error
          }
        }
      }
      var here = 0
      for await _ in arrivals {
        here += 1
        if here == count { break }
      }
      try await body()
      try await group.waitForAll()
    }
  }

  private struct Ended: Error {}
}
