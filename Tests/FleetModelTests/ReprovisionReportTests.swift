import FleetModel
import FleetTestSupport
import Testing

@Suite("the report of rebuilds")
struct ReprovisionReportTests {
  /// A rebuild whose phases took so many seconds each, in order.
  private func rebuild(_ node: String, _ seconds: [Int], target: Int = 3600) -> Rebuild {
    var clock = ControlClock()
    let lost = clock.now
    clock.advance(300)
    var rebuild = Rebuild(
      fleet: "home", node: node, origin: .blank, begun: clock.now, lost: lost, target: target, hasLeft: true)
    for (phase, seconds) in zip(RebuildPhase.allCases, seconds) {
      clock.advance(seconds)
      rebuild.ends[phase] = clock.now
    }
    if seconds.count == RebuildPhase.allCases.count { rebuild.outcome = .converged }
    return rebuild
  }

  private var report: ReprovisionReport {
    var clock = ControlClock()
    clock.advance(1000)
    return ReprovisionReport(
      fleet: "home",
      rebuilds: [
        rebuild("pi3", [10, 500]), rebuild("pi2", [60, 600, 60, 120, 30, 60, 30]),
        rebuild("pi1", [60, 4000, 60, 120, 30, 60, 30]),
      ],
      availability: [("api", Availability(up: 9_999, down: 1)), ("node/pi1", Availability(up: 9, down: 1))],
      at: clock.now)
  }

  @Test("it tells what runs with its budget, what was met and missed, the outage beside it, and availability")
  func text() {
    let text = report.text
    #expect(text.contains("1 of 2 rebuilds within the target; 1 running"), "\(text)")
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for row in [
      "pi3 2027-01-15 08:05 UTC blank on track until rebooted 11m40s 1h 16m40s 48m20s left, 4m more by history",
      "pi2 2027-01-15 08:05 UTC blank met converged 16m 1h 21m",
      "pi1 2027-01-15 08:05 UTC blank breached converged 1h12m40s 1h 1h17m40s",
      "baseline 2 10m 1h6m40s", "the whole 2 16m 1h12m40s", "api 99.99 % met", "node/pi1 90.00 % missed",
    ] { #expect(rows.contains(row), "\(row) in \(text)") }
  }

  @Test("as Markdown it has a timeline of every rebuild, each phase with its end")
  func markdown() {
    let text = report.markdown
    #expect(text.hasPrefix("# Rebuilds of the fleet home\n"))
    #expect(text.contains("## pi2, 2027-01-15 08:05 UTC"), "\(text)")
    #expect(text.contains("| k3s installed | 2027-01-15T08:19:00Z | 2m | 14m |"), "\(text)")
    #expect(text.contains("It goes on: until rebooted"), "\(text)")
    #expect(text.contains("| node/pi1 | 90.00 % | missed |"), "\(text)")
  }

  @Test("a name cannot break out of a cell")
  func hostile() {
    let report = ReprovisionReport(
      fleet: "a|b<script>", rebuilds: [], availability: [], at: ClockReading(wall: 0, boot: "b", ticks: 0))
    #expect(report.markdown.contains("a\\|b&lt;script>"))
    #expect(report.text.contains("no rebuild has converged yet"))
  }

  @Test("as JSON it has every number in seconds")
  func json() throws {
    let json = report.json
    let rebuilds = try #require(json["rebuilds"]?.items)
    #expect(rebuilds.map { $0["state"]?.string } == ["on track", "met", "breached"])
    #expect(rebuilds.first?["estimateSeconds"] == .integer(240))
    #expect(rebuilds.last?["outageSeconds"] == .integer(4660))
    #expect(json.at("total", "p95Seconds") == .integer(4360))
    #expect(json["availability"]?.items?.last?["meetsTarget"] == .boolean(false))
  }

  @Test("its JSON keeps to the published schema, with what runs, what has converged, and nothing at all")
  func schema() throws {
    var clock = ControlClock()
    var converged = Rebuild(fleet: "home", node: "pi2", origin: .ordered, begun: clock.now, target: 60, hasLeft: true)
    for phase in RebuildPhase.allCases {
      clock.advance(20)
      converged.ends[phase] = clock.now
    }
    converged.outcome = .converged
    let running = Rebuild(
      fleet: "home", node: "pi1", origin: .blank, begun: clock.now, lost: clock.now, target: 3600, hasLeft: true)
    clock.advance(10)
    let availability = [("api", Availability(up: 9, down: 1)), ("node/pi1", Availability())]
    let whole = ReprovisionReport(
      fleet: "home", rebuilds: [running, converged], availability: availability, at: clock.now)
    #expect(try violations(whole) == [])
    let empty = ReprovisionReport(fleet: "home", rebuilds: [], availability: [], at: clock.now)
    #expect(try violations(empty) == [])
  }

  private func violations(_ report: ReprovisionReport) throws -> [String] {
    try SchemaFile("reprovision.schema.json").violations(in: try JSONValue(parsing: report.json.text()))
  }
}
