import Testing

@testable import FleetModel

@Suite("watchdog")
struct WatchdogTests {
  private static let path = "/etc/systemd/system.conf.d/60-fleetd-watchdog.conf"
  private static let file = "# Managed by fleetd.\n[Manager]\nRuntimeWatchdogSec=15s\n"

  private func fixture(
    _ watchdog: String = "timeout: 15s", file: FileAnswer = .regular(Self.file),
    live: String = "t 15000000\nt 600000000",
    hasDevice: Bool = true, settings: String = ""
  ) -> ModelFixture {
    var fixture = ModelFixture("watchdog: {\(watchdog)}")
    fixture.sections["watchdog"] =
      file.records(of: Self.path, 0) + [("live", live), ("settings", settings)] + (hasDevice ? [("device", "yes")] : [])
    return fixture
  }

  @Test("a watchdog that systemd feeds needs nothing")
  func inSync() throws {
    let plan = try fixture().plan(Watchdog.self)
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("it is written, and systemd reads it at once")
  func change() throws {
    let plan = try fixture("timeout: 15s, rebootTimeout: 2m", file: .absent, live: "t 0\nt 600000000").plan(
      Watchdog.self)
    #expect(plan.changes.map(\.name) == [Self.path, "timeout", "rebootTimeout"])
    #expect(plan.changes.map(\.before) == [.none, .text("off"), .text("10m")])
    #expect(plan.steps.map(\.title) == ["write \(Self.path)", "have systemd read it"])
    #expect(plan.requests.isEmpty)
    guard case .run(.writeFile, let input) = plan.steps.first?.action else { return }
    #expect(input.payload?.text == Self.file + "RebootWatchdogSec=120s\n")
  }

  @Test("a file that systemd has not read yet is read")
  func unread() throws {
    let plan = try fixture(live: "t 0\nt 0").plan(Watchdog.self)
    #expect(plan.steps.map(\.action) == [.run(.reexecuteSystemd, StepInput())])
  }

  @Test("a node without the device is blocked; off needs none")
  func missing() throws {
    let plan = try fixture(file: .absent, live: "t 0\nt 0", hasDevice: false).plan(Watchdog.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.watchdogMissing])
    #expect(plan.findings.first?.next?.contains("bcm2835_wdt") == true)
    let off = try fixture("timeout: off", file: .absent, live: "t 15000000\nt 0", hasDevice: false).plan(Watchdog.self)
    #expect(off.findings.isEmpty && off.changes.last?.after == .text("off"))
  }

  @Test("more than a Pi's hardware can wait is refused, and elsewhere it is not")
  func tooLong() throws {
    var fixture = fixture("timeout: 16s", file: .absent, live: "t 0\nt 0")
    #expect(try fixture.plan(Watchdog.self).findings.map(\.reason) == [.watchdogTooLong])
    fixture.missing = ["model"]
    #expect(try fixture.plan(Watchdog.self).findings.isEmpty)
  }

  @Test("a drop-in that is read later and says otherwise is told, and nothing is written")
  func overridden() throws {
    let later = "/etc/systemd/system.conf.d/watchdog.conf:RuntimeWatchdogSec=0\n"
    let plan = try fixture(file: .absent, live: "t 0\nt 0", settings: later).plan(Watchdog.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.settingOverridden])
  }

  @Test("a timeout is a duration or off", arguments: ["0s", "15", "never", "15 s"])
  func words(_ text: String) {
    let node = InventoryText.node(spec: "watchdog: {timeout: \"\(text)\"}")
    #expect(InventoryText.decode(InventoryText.fleet, node).fleet == nil)
  }

  @Test("an answer without the live values is an error", arguments: ["", "t 1", "s x\nt 1", "t -1\nt 1"])
  func garbled(_ live: String) throws {
    #expect(throws: ProbeError.self) { try fixture(live: live).plan(Watchdog.self) }
  }
}
