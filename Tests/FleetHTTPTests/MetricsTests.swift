import FleetModel
import Foundation
import Testing

@testable import FleetHTTP

@Suite("metrics, alerts and the dashboard")
struct MetricsTests {
  private static let hasPromtool = Tool.exists("promtool")

  private static func metrics(_ overview: FleetOverview) async throws -> String {
    let (texts, told) = AsyncStream<String>.makeStream()
    try await TestServer.run(source: ScriptedSource(overview)) { told.yield(try await $0.text("/metrics")) }
    told.finish()
    var text = ""
    for await one in texts { text += one }
    return text
  }

  /// All names, those that have no sample now too.
  private static var names: Set<String> {
    var text = SampleFleet.overview.metrics
    RequestCounts().add(to: &text, liveClients: 0, most: 1)
    return Set(text.names)
  }

  @Test("promtool accepts the metrics", .enabled(if: hasPromtool), arguments: [true, false])
  func accepted(_ isHostile: Bool) async throws {
    let text = try await Self.metrics(isHostile ? SampleFleet.hostileOverview : SampleFleet.overview)
    let outcome = try await Tool.run(["promtool", "check", "metrics"], input: text)
    #expect(outcome.isSuccess && outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome)")
  }

  @Test("each node has its state, its drift, its look and its temperature")
  func values() async throws {
    let lines = Set(try await Self.metrics(SampleFleet.overview).split(separator: "\n").map(String.init))
    for line in [
      #"fleetd_nodes{state="in-sync"} 1"#, #"fleetd_node_state{node="pi2",state="away"} 1"#,
      #"fleetd_node_state{node="pi2",state="in-sync"} 0"#, #"fleetd_node_changes{node="pi3"} 1"#,
      #"fleetd_node_last_look_timestamp_seconds{node="pi1"} 1799999940"#,
      #"fleetd_node_temperature_celsius{node="pi1"} 48.312"#, #"fleetd_node_undervoltage{node="pi3"} 1"#,
      #"fleetd_node_left_alone{node="pi2"} 1"#, #"fleetd_node_reason{node="pi5",reason="disk-full"} 1"#,
      #"fleetd_pass_duration_seconds_bucket{le="15"} 1"#, #"fleetd_pass_duration_seconds_bucket{le="5"} 0"#,
      "fleetd_pass_duration_seconds_sum 10", #"fleetd_rebuild_elapsed_seconds{node="pi6"} 1800"#,
      #"fleetd_rebuild_phase{node="pi6",phase="rebooted"} 1"#, #"fleetd_rebuild_target_seconds{node="pi1"} 3600"#,
      "fleetd_api_availability_ratio 0.998", #"fleetd_node_availability_ratio{node="pi1"} 0.97"#,
      #"fleetd_notifications_sent_total{receiver="chat"} 12"#,
      #"fleetd_notification_failures_total{receiver="chat"} 3"#,
      #"fleetd_notifications_dropped_total{receiver="chat"} 2"#, #"fleetd_notifications_queued{receiver="chat"} 1"#,
      #"fleetd_notifications_failing{receiver="chat"} 1"#, #"fleetd_notifications_failing{receiver="phone"} 0"#,
      "fleetd_object_changes 1", #"fleetd_build_info{version="1.2.3"} 1"#,
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test("what a node says can end no line and no label")
  func hostile() async throws {
    for line in try await Self.metrics(SampleFleet.hostileOverview).split(separator: "\n") {
      #expect(line.hasPrefix("#") || line.hasPrefix("fleetd_") || line.hasPrefix("process_"), "\(line)")
    }
  }

  @Test("promtool accepts the alert rules and their tests", .enabled(if: hasPromtool))
  func rules() async throws {
    let check = try await Tool.run([
      "promtool", "check", "rules", Checkout.path("packaging/prometheus/fleetd.rules.yaml"),
    ])
    #expect(check.isSuccess, "\(check)")
    let test = try await Tool.run(
      ["promtool", "test", "rules", "fleetd.rules.test.yaml"], in: Checkout.path("packaging/prometheus"))
    #expect(test.isSuccess, "\(test)")
  }

  @Test("every alert has its runbook, and every such page its alert")
  func runbooks() throws {
    let rules = try Checkout.text("packaging/prometheus/fleetd.rules.yaml")
    let named = rules.matches(of: /runbook: runbooks\/([a-z-]+\.md)/).map { String($0.1) }
    #expect(named.count == rules.matches(of: /alert: [A-Z]/).count && named.count > 10)
    let pages = try Checkout.names(in: "runbooks").filter { $0.hasPrefix("fleetd-") }
    #expect(named.sorted() == pages)
    let index = try Checkout.text("runbooks/README.md")
    for page in named {
      let headings = try Checkout.text("runbooks/\(page)").split(separator: "\n").filter { $0.hasPrefix("## ") }
      #expect(headings == ["## Symptom", "## What it means", "## Check", "## Repair", "## Confirm"], "\(page)")
      #expect(index.contains("(\(page))"), "\(page)")
    }
  }

  @Test(
    "whatever alerts and panels ask for is served",
    arguments: ["packaging/prometheus/fleetd.rules.yaml", "packaging/grafana/fleetd.json"])
  func existing(_ file: String) throws {
    let text = try Checkout.text(file)
    let asked = Set(text.matches(of: /\b(?:fleetd|process)_[a-z_]+/).map { String($0.0) })
    let served = Self.names
    for name in asked {
      let family = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
      #expect(served.contains(name) || family.map(served.contains) == true, "\(name)")
    }
    #expect(asked.count > 8)
  }

  @Test("the dashboard is one that Grafana can read")
  func dashboard() throws {
    let object = try JSONSerialization.jsonObject(with: Data(Checkout.text("packaging/grafana/fleetd.json").utf8))
    let dashboard = try #require(object as? [String: Any])
    let panels = try #require(dashboard["panels"] as? [[String: Any]])
    #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count && panels.count > 8)
    #expect(dashboard["uid"] as? String == "fleetd")
  }
}
