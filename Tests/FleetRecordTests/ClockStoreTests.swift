import FleetModel
import FleetRecord
import FleetTestSupport
import Foundation
import GRDB
import Testing

@Suite("the reprovision clock in the store")
struct ClockStoreTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  private static func progress(_ phases: Int) -> NodeSighting {
    .seen(
      NodeSighting.Progress(
        machineID: "new", isBlank: phases == 0, hasBaseline: phases > 0, owesReboot: phases < 2,
        k3s: NodeSighting.K3s(isInstalled: phases > 2, hasJoined: phases > 3, isReady: phases > 4),
        isConverged: phases > 5))
  }

  /// A node that is lost, answers with another key, is blank, and goes through every phase: a look every 100 seconds.
  private static let looks: [NodeSighting] = [.away, .awaitingTrust] + (0...6).map(progress)

  /// Plays the looks; before look `restart` the store and the clock are opened anew.
  private func play(restartingBefore restart: Int?, in path: String) throws -> (NodeClock, [RecordedEvent]) {
    var store = try FleetStore(at: path)
    var clock = try store.clock(of: "pi3", in: "home")
    var transitions = clock.see(
      .seen(
        NodeSighting.Progress(
          machineID: "old", isBlank: false, hasBaseline: true, owesReboot: false,
          k3s: NodeSighting.K3s(isInstalled: true, hasJoined: true, isReady: true), isConverged: true)),
      at: reading(0), target: 3600, history: .empty)
    try store.save(clock, transitions, at: reading(0))
    for (index, look) in Self.looks.enumerated() {
      if index == restart {
        store = try FleetStore(at: path)
        clock = try store.clock(of: "pi3", in: "home")
      }
      let now = reading((index + 1) * 100)
      let before = clock
      transitions = clock.see(look, at: now, target: 3600, history: .empty)
      if clock != before { try store.save(clock, transitions, at: now) }
    }
    #expect(try store.clock(of: "pi3", in: "home") == clock)
    return (clock, try store.events(of: "pi3", last: 100))
  }

  private func reading(_ seconds: Int) -> ClockReading {
    ClockReading(wall: 1_800_000_000 + seconds, boot: "b", ticks: 1000 + seconds)
  }

  @Test("a restart between any two looks changes neither the result nor what is told", arguments: 0..<9)
  func restart(before look: Int) throws {
    let (undisturbed, told) = try play(restartingBefore: nil, in: "\(folder.path)/one.db")
    let (restarted, toldThen) = try play(restartingBefore: look, in: "\(folder.path)/other.db")
    #expect(restarted == undisturbed)
    #expect(toldThen == told)
    let rebuild = try #require(restarted.rebuild)
    #expect(rebuild.outcome == .converged)
    #expect(rebuild.elapsed(at: reading(5000)) == 700)
    #expect(rebuild.outage(at: reading(5000)) == 800)
  }

  @Test("rebuilds are listed, the newest first, of one fleet or of all")
  func list() throws {
    let store = try FleetStore(at: folder.store)
    for (index, fleet) in ["home", "lab", "home"].enumerated() {
      var clock = try store.clock(of: "pi\(index)", in: fleet)
      let transitions = clock.order(at: reading(index), target: 60)
      try store.save(clock, transitions, at: reading(index))
    }
    #expect(try store.rebuilds().map(\.node) == ["pi2", "pi1", "pi0"])
    #expect(try store.rebuilds(of: "home").map(\.node) == ["pi2", "pi0"])
    #expect(try store.rebuilds(of: "home", last: 1).map(\.node) == ["pi2"])
  }

  @Test("availability adds up by subject over 30 days, across a restart, and leaves out when nobody looked")
  func availability() throws {
    var store = try FleetStore(at: folder.store)
    func look(at seconds: Int, api: Bool, node: Bool) throws {
      let now = reading(seconds)
      try store.record(
        [(.api, AvailabilitySample(at: now, isUp: api)), (.node("pi1"), AvailabilitySample(at: now, isUp: node))],
        of: "home")
    }
    for minute in 0...120 { try look(at: minute * 60, api: true, node: minute < 119) }
    store = try FleetStore(at: folder.store)
    try look(at: 121 * 60, api: true, node: true)
    // fleetd was away for a day.
    try look(at: 121 * 60 + 86_400, api: true, node: true)
    let found = try store.availability(of: "home", at: reading(86_400))
    #expect(found.map(\.subject) == ["api", "node/pi1"])
    #expect(found.first?.availability == Availability(up: 121 * 60))
    #expect(found.last?.availability == Availability(up: 118 * 60, down: 3 * 60))
    #expect(try store.availability(of: "home", at: reading(40 * 86_400)).isEmpty)
  }

  @Test("a store of the first schema is brought up to date, with all that it held")
  func migration() throws {
    let store = try FleetStore(at: folder.store)
    try store.record(.sample("kept"), .sample())
    // What the second step added is taken away again.
    try DatabaseQueue(path: folder.store).write { database in
      for table in ["phases", "rebuilds", "clocks", "hours", "looks"] {
        try database.execute(sql: "DROP TABLE \(table)")
      }
      try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE '2 %'")
    }
    #expect(throws: RecordFailure.self) { try FleetStore(reading: folder.store) }
    let migrated = try FleetStore(at: folder.store)
    #expect(try migrated.runs(last: 9).map(\.id) == ["kept"])
    var clock = try migrated.clock(of: "pi1", in: "home")
    let transitions = clock.order(at: reading(0), target: 1)
    try migrated.save(clock, transitions, at: reading(0))
    #expect(try migrated.rebuilds().count == 1)
  }
}
