import FleetApply
import FleetModel
import FleetReconcile
import FleetRecord
import FleetSimulation
import Foundation
import Logging
import Synchronization
import Testing

@testable import FleetDaemon

@Suite("what the daemon keeps")
struct DaemonRecorderTests {
  @Test("what is old goes daily, also where the daemon only observes and no pass ever does anything")
  func bounded() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-recorder-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let clock = Mutex(1_800_000_000)
    let now: @Sendable () -> Int = { clock.withLock { $0 } }
    let path = "\(directory)/fleetd.db"
    let recorder = DaemonRecorder(
      at: path, version: "0", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      now: { ClockReading(wall: now(), boot: "boot", ticks: now()) }, turned: { _, _ in }, notify: { _ in })
    let fleet = try SimulatedFleet(in: directory, stop: StopFlag(), now: now)
    let pass = try await fleet.pass(over: fleet.desired, holds: { _ in [:] })
    func observe() async {
      let view = await pass.look()
      await recorder.looked(at: view.plan, of: fleet.desired.fleet)
      await recorder.record(
        FinishedPass(run: "a", began: now(), ended: now(), causes: [], plan: view.plan, report: nil))
    }
    await observe()
    let store = try FleetStore(at: path)
    try store.record(RecordedEvent(at: now(), fleet: "simulated", reason: "paused", message: "old"))
    for day in 1...StoreLimits().days {
      clock.withLock { $0 += 86_400 }
      await observe()
      let isKept = try store.events(last: 9).contains { $0.message == "old" }
      #expect(isKept, "gone on day \(day)")
    }
    clock.withLock { $0 += 86_400 }
    await observe()
    #expect(try store.events(last: 9).allSatisfy { $0.message != "old" })
    #expect(recorder.errors == 0)
  }
}
