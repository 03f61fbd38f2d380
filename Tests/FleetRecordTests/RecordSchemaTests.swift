import FleetRecord
import FleetTestSupport
import Testing

@testable import FleetModel

@Suite("what programs read of the store, against the published schemas")
struct RecordSchemaTests {
  private func violations(_ json: JSONText, _ schema: String) throws -> [String] {
    try SchemaFile(schema).violations(in: try JSONValue(parsing: json.text()))
  }

  /// One node that differs and one that is away.
  private var plan: FleetPlan {
    let change = Change(
      .change, ResourceKind("package"), "jq", from: .text("1.6"), to: .text("1.7"), diff: ["-a", "+b"], note: "a note")
    let finding = Finding(.refused, .diskFull, ResourceKind("file"), "no room", next: "df -h")
    return FleetPlan(
      fleet: "home", revision: .commit("3f", isModified: false), observedAt: 1_800_000_000,
      nodes: [
        NodePlan(
          node: "pi1", address: "192.0.2.1", role: .server,
          state: .observed(
            .init(
              facts: .sample, changeSets: [ChangeSet([change], steps: [Step("step", .verifyAccess)])],
              findings: [finding]))),
        NodePlan(
          node: "pi2", address: "192.0.2.2", role: .agent,
          state: .notObserved(NodeFailure(.connectionRefused, "connection refused", next: "is it up?"))),
      ])
  }

  private var runs: [RunRecord] {
    let rendered = RenderedPlan(plan)
    let outcome = NodeOutcome(
      node: "pi1", outcome: "failed", reason: "step-failed", message: "no room", next: "df -h",
      changes: [
        ChangeOutcome(
          action: "~", kind: "packages", name: "jq", before: "1.6", after: "1.7", note: nil, result: .made)
      ])
    return [
      RunRecord(
        beginning: RunBeginning(
          id: "b", fleet: "home", kind: .pass, revision: .commit("3f", isModified: false), startedAt: 1_800_000_000,
          version: "0.1.0", plan: rendered),
        ending: RunEnding(
          endedAt: 1_800_000_060, exitCode: 1, summary: "1 failed", left: rendered, outcomes: [outcome])),
      RunRecord(
        beginning: RunBeginning(
          id: "a", fleet: "home", kind: .once, revision: .unknown("no checkout"), startedAt: 1_800_000_000,
          version: "0.1.0", plan: rendered), ending: nil),
    ]
  }

  @Test("history and show")
  func runsAndEvents() throws {
    let event = RecordedEvent(at: 1_800_000_000, fleet: "home", node: "pi1", reason: "rebuild-begun", message: "blank")
    #expect(try violations(RunHistoryJSON.list(of: runs, [event]), "history.schema.json") == [])
    for run in runs { #expect(try violations(RunHistoryJSON.detail(of: run), "show.schema.json") == []) }
    #expect(try violations(RunHistoryJSON.list(of: runs).setting(["runs"], to: .null), "history.schema.json") != [])
  }
}
