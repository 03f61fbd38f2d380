import FleetModel
import FleetRecord
import Foundation
import Testing

@Suite("the store of runs")
struct RunStoreTests {
  private let folder: StoreFolder
  private let store: FleetStore

  init() throws {
    folder = try StoreFolder()
    store = try FleetStore(at: folder.store)
  }

  @Test("a run is kept to the letter, and found by the beginning of its id")
  func roundTrip() throws {
    let run = RunBeginning.sample("20270115T080000Z-0001")
    try store.begin(run)
    #expect(try store.runs(last: 5) == [RunRecord(beginning: run, ending: nil)])
    try store.end(run.id, .sample())
    let kept = RunRecord(beginning: run, ending: .sample())
    #expect(try store.runs(last: 5) == [kept])
    #expect(try store.runs(beginningWith: "20270115") == [kept])
    #expect(try store.runs(beginningWith: "2028").isEmpty)
    // A stranger's pattern is no pattern.
    #expect(try store.runs(beginningWith: "2027%").isEmpty)
  }

  @Test("the newest comes first, and a node's history leaves out where it was in sync")
  func order() throws {
    for number in 1...4 {
      try store.record(.sample("run-\(number)", at: 1_800_000_000 + number), .sample())
    }
    #expect(try store.runs(last: 2).map(\.id) == ["run-4", "run-3"])
    #expect(try store.runs(of: "pi1", last: 9).count == 4)
    #expect(try store.runs(of: "pi3", last: 9).isEmpty)
    #expect(try store.nodeNames() == ["pi1", "pi2", "pi3"])
  }

  @Test("a revision that is no commit keeps its reason")
  func noCommit() throws {
    let run = RunBeginning(
      id: "r", fleet: "home", kind: .pass, revision: .unknown("nothing is committed yet"), startedAt: 1,
      version: "0.1.0",
      plan: RenderedPlan(text: "", json: "{}"))
    try store.record(run, .sample())
    #expect(try store.runs(last: 1).first?.beginning == run)
  }

  @Test("events are kept, the newest first, of a node or of all")
  func events() throws {
    let events = [
      RecordedEvent(at: 1, fleet: "home", node: "pi1", run: "r", reason: "paused", message: "until noon"),
      RecordedEvent(at: 2, fleet: "home", reason: "bad-commit", message: "3f9c2e1 does not validate"),
    ]
    for event in events { try store.record(event) }
    #expect(try store.events(last: 9) == events.reversed())
    #expect(try store.events(of: "pi1", last: 9) == [events[0]])
  }

  @Test("it is for its owner alone, whatever the umask, and so are the files beside it")
  func modes() throws {
    try store.begin(.sample("r"))
    for suffix in ["", "-wal", "-shm"] { #expect(try folder.mode(of: folder.store + suffix) == 0o600, "\(suffix)") }
    #expect(try folder.mode(of: "\(folder.path)/state") == 0o700)
  }

  @Test("two that write at once wait for each other")
  func concurrent() async throws {
    let other = try FleetStore(at: folder.store)
    await withTaskGroup(of: Void.self) { group in
      for (name, store) in [("a", store), ("b", other)] {
        group.addTask { [store] in
          for number in 0..<50 { #expect(throws: Never.self) { try store.begin(.sample("\(name)\(number)")) } }
        }
      }
    }
    #expect(try store.runs(last: 200).count == 100)
  }

  @Test("who only reads needs a store that is there, and cannot write")
  func reading() throws {
    let missing = #expect(throws: RecordFailure.self) { try FleetStore(reading: "\(folder.path)/none.db") }
    #expect(missing?.kind == .missing)
    #expect(missing?.next?.contains("fleetd --once") == true)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/none.db"))

    try store.record(.sample("r"), .sample())
    let reader = try FleetStore(reading: folder.store)
    #expect(try reader.runs(last: 1).count == 1)
    #expect(throws: RecordFailure.self) { try reader.begin(.sample("s")) }
  }
}
