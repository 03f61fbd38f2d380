import FleetApply
import FleetModel
import FleetReconcile
import Testing

@Suite("pauses")
struct PauseStoreTests {
  @Test("a pause outlives the process, holds its node, and ends by itself")
  func kept() throws {
    let folder = try TemporaryFolder()
    let store = PauseStore(ControlNodeState(at: folder.path + "/state"), of: "home")
    #expect(try store.read().inForce(at: 0).isEmpty)
    try store.write(
      PauseList([
        Pause(node: "pi3", reason: "new \"SSD\"", since: 100, until: 7300),
        Pause(node: "pi1", reason: "", since: 100, until: nil),
      ]), at: 100)
    let pauses = try store.read()
    #expect(pauses.inForce(at: 200).map(\.node) == ["pi1", "pi3"])
    #expect(pauses.holds(at: 200)["pi3"]?.reason == .paused)
    #expect(pauses.holds(at: 200)["pi3"]?.message == "paused until 1970-01-01 02:01 UTC: new \"SSD\"")
    #expect(pauses.inForce(at: 7300).map(\.node) == ["pi1"])
  }

  @Test("a file that cannot be read ends no pause: it is an error")
  func garbled() throws {
    let folder = try TemporaryFolder()
    try folder.write("state/pauses/home", "{")
    #expect(throws: RunFailure.self) { try PauseStore(ControlNodeState(at: folder.path + "/state"), of: "home").read() }
  }

  @Test("a pause replaces the one before, and its end is told once")
  func replaced() {
    var pauses = PauseList([Pause(node: "pi3", reason: "a", since: 0, until: nil)])
    pauses.set(Pause(node: "pi3", reason: "b", since: 0, until: nil))
    #expect(pauses.inForce(at: 1).map(\.reason) == ["b"])
    let first = pauses.remove("pi3")
    let second = pauses.remove("pi3")
    #expect(first && !second)
  }
}
