import Crypto
import Testing

@testable import FleetModel

@Suite("links")
struct LinksTests {
  private func plan(_ entry: String, _ records: [ModelFixture.Record]) throws -> KindPlan {
    var fixture = ModelFixture("links: [{path: /opt/now, \(entry)}]")
    fixture.sections["link"] = records
    return try fixture.plan(Links.self)
  }

  private static let there: [ModelFixture.Record] = [("path", "link\t/opt/now"), ("targets", "v1\n")]

  private func digest(_ target: String) -> String { SHA256.hash(data: Array(target.utf8)).hexadecimal }

  @Test("a link that points where it shall needs nothing, and neither does one that is gone as it shall be")
  func inSync() throws {
    #expect(try plan("target: v1", Self.there).changeSets.isEmpty)
    #expect(try plan("state: absent", [("path", "absent\t/opt/now")]).changeSets.isEmpty)
  }

  @Test("a link is made, pointed elsewhere, removed; the step is told what it replaces")
  func changes() throws {
    let added = try plan("target: v1", [("path", "absent\t/opt/now")])
    #expect(added.changes == [Change(.add, Links.kind, "/opt/now", to: .text("v1"))])
    #expect(added.lines(of: .link) == [["/opt/now", "absent", "v1"]])
    let changed = try plan("target: v2", Self.there)
    #expect(changed.changes == [Change(.change, Links.kind, "/opt/now", from: .text("v1"), to: .text("v2"))])
    #expect(changed.lines(of: .link) == [["/opt/now", digest("v1"), "v2"]])
    let removed = try plan("state: absent", Self.there)
    #expect(removed.changes == [Change(.remove, Links.kind, "/opt/now", from: .text("v1"))])
    #expect(removed.lines(of: .removeLink) == [["/opt/now", digest("v1")]])
  }

  @Test("what is no link is refused, and not removed either", arguments: ["file", "directory", "special"])
  func occupied(_ type: String) throws {
    for entry in ["target: v1", "state: absent"] {
      let plan = try plan(entry, [("path", "\(type)\t/opt/now")])
      #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.pathOccupied])
    }
  }

  @Test("a target with a line break is one target")
  func lineBreak() throws {
    let plan = try plan("target: v1", [("path", "link\t/opt/now"), ("targets", "a\u{1}b\n")])
    #expect(plan.changes.map(\.before) == [.text("a\nb")])
  }

  @Test("what the node does not answer is not absent")
  func unanswered() throws {
    #expect(try plan("target: v1", []).findings.map(\.reason) == [.probeGarbled])
    #expect(throws: ProbeError.self) { try plan("target: v1", [("path", "link\t/opt/now")]) }
  }

  @Test(
    "a link without a target, or to itself, is a diagnostic", arguments: ["", ", target: /opt/now", ", target: \"\""])
  func diagnostics(_ rest: String) {
    let node = InventoryText.node(spec: "links: [{path: /opt/now\(rest)}]")
    #expect(InventoryText.decode(InventoryText.fleet, node).messages.count == 1)
  }
}
