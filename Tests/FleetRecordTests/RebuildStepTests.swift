import FleetRecord
import FleetTestSupport
import Testing

@testable import FleetModel

@Suite("a rebuild whose steps move its clock, interrupted anywhere")
struct RebuildStepTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  private enum Interruption: CaseIterable {
    /// The process is killed: the store is opened anew.
    case kill
    /// The control node boots: its ticks begin anew, and 30 s have passed.
    case reboot
  }

  /// An order, then what looks and steps see; a minute apart.
  private static let sightings: [NodeSighting] = [
    .settled("old"), .away, .awaitingTrust, .blank("new"), .working("new", baseline: true, owesReboot: true), .unclear,
    .working("new", baseline: true), .working("new", baseline: true, installed: true),
    .working("new", baseline: true, installed: true, joined: true),
    .working("new", baseline: true, installed: true, joined: true, ready: true), .settled("new"),
  ]

  private func play(_ interruption: Interruption?, before place: Int, in path: String) throws -> Rebuild {
    var store = try FleetStore(at: path)
    var time = ControlClock()
    _ = try store.see(.settled("old"), of: "pi3", in: "home", now: time.now, target: 3600)
    #expect(
      try store.order("pi3", in: "home", because: "new SSD", now: time.now, target: 3600) == [.begun(.ordered)])
    for (index, sighting) in Self.sightings.enumerated() {
      if index == place, let interruption {
        store = try FleetStore(at: path)
        if interruption == .reboot { time.reboot(taking: 30) }
      }
      time.advance(index == place && interruption == .reboot ? 30 : 60)
      _ = try store.see(sighting, of: "pi3", in: "home", now: time.now, target: 3600)
    }
    #expect(
      try store.events(of: "pi3", last: 99).contains { $0.reason == "rebuild-ordered" && $0.message == "new SSD" })
    return try #require(try store.rebuilds(of: "home").first)
  }

  @Test("killed, or the control node booted, in any phase: the clock goes on, and the result is the same")
  func interrupted() throws {
    let undisturbed = try play(nil, before: -1, in: "\(folder.path)/whole.db")
    #expect(undisturbed.outcome == .converged)
    #expect(undisturbed.ends.keys.sorted() == RebuildPhase.allCases)
    for interruption in Interruption.allCases {
      for place in Self.sightings.indices {
        let rebuild = try play(interruption, before: place, in: "\(folder.path)/\(interruption)-\(place).db")
        #expect(rebuild.outcome == .converged && rebuild.origin == .ordered, "\(interruption) before \(place)")
        #expect(rebuild.ends.keys.sorted() == RebuildPhase.allCases)
        #expect(
          rebuild.durations.map(\.seconds) == undisturbed.durations.map(\.seconds), "\(interruption) before \(place)")
      }
    }
  }

  @Test("a sighting twice, as a step and a look both bring it, changes and tells nothing more")
  func twice() throws {
    let store = try FleetStore(at: folder.store)
    let time = ControlClock()
    for sighting in Self.sightings.dropFirst(3) {
      _ = try store.see(sighting, of: "pi3", in: "home", now: time.now, target: 3600)
      #expect(try store.see(sighting, of: "pi3", in: "home", now: time.now, target: 3600) == [])
    }
    #expect(try store.rebuilds().map(\.outcome) == [.converged])
  }

  @Test("a second order finds the first; called off, nothing runs, and a third begins anew")
  func abandoned() throws {
    let store = try FleetStore(at: folder.store)
    var time = ControlClock()
    #expect(try store.order("pi3", in: "home", because: "", now: time.now, target: 60) == [.begun(.ordered)])
    #expect(try store.order("pi3", in: "home", because: "", now: time.now, target: 60) == [])
    #expect(try store.abandon("pi3", in: "home", because: "not today", now: time.now) == [.abandoned])
    #expect(try store.abandon("pi3", in: "home", because: "", now: time.now) == [])
    time.advance(10)
    #expect(try store.order("pi3", in: "home", because: "", now: time.now, target: 60) == [.begun(.ordered)])
    #expect(try store.rebuilds().map(\.outcome) == [.running, .abandoned])
  }

  @Test("what only the node shows counts as its availability, and nothing else does")
  func availability() throws {
    let store = try FleetStore(at: folder.store)
    var time = ControlClock()
    for isUp in [true, true, nil, false] {
      _ = try store.see(.unclear, isUp: isUp, of: "pi3", in: "home", now: time.now, target: 60)
      time.advance(60)
    }
    #expect(
      try store.availability(of: "home", at: time.now).map(\.availability) == [Availability(up: 60, down: 120)])
  }
}
