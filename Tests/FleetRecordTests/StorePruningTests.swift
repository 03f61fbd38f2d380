import FleetRecord
import Foundation
import Testing

@Suite("what the store forgets")
struct StorePruningTests {
  private let folder: StoreFolder
  private let now = 1_800_000_000
  private let day = 86_400

  init() throws { folder = try StoreFolder() }

  @Test("runs and events that are too old go, with all that hangs on them")
  func age() throws {
    let store = try FleetStore(at: folder.store, limits: StoreLimits(days: 30))
    for (id, age) in [("old", 31), ("new", 29)] {
      try store.record(.sample(id, at: now - age * day), .sample())
      try store.record(RecordedEvent(at: now - age * day, fleet: "home", reason: "r", message: id))
    }
    try store.prune(now: now)
    #expect(try store.runs(last: 9).map(\.id) == ["new"])
    #expect(try store.runs(of: "pi1", last: 9).map(\.id) == ["new"])
    #expect(try store.events(last: 9).map(\.message) == ["new"])
  }

  @Test("past its size the oldest go, and the disk gets the room back")
  func size() throws {
    let store = try FleetStore(at: folder.store, limits: StoreLimits(softBytes: 300_000))
    for number in 10..<60 {
      try store.record(.sample("run-\(number)", at: now + number, bytes: 20_000), .sample())
    }
    #expect(try store.usedBytes() > 1_000_000)
    try store.prune(now: now)
    let left = try store.runs(last: 100).map(\.id)
    #expect(left.first == "run-59" && left.count > 3 && left.count < 16, "\(left)")
    let size = try FileManager.default.attributesOfItem(atPath: folder.store)[.size] as? Int
    #expect(try #require(size) <= 300_000)
    #expect(try store.damage().isEmpty)
  }

  @Test("one run that is too large stays: it is the evidence of what was done last")
  func newest() throws {
    let store = try FleetStore(at: folder.store, limits: StoreLimits(softBytes: 100_000))
    try store.record(.sample("run", at: now, bytes: 500_000), .sample())
    try store.prune(now: now)
    #expect(try store.runs(last: 9).map(\.id) == ["run"])
  }
}
