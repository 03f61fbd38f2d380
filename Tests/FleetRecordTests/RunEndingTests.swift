import FleetRecord
import Testing

@testable import FleetModel

@Suite("what a run is remembered by")
struct RunEndingTests {
  private func plan(_ nodes: [NodePlan]) -> FleetPlan {
    FleetPlan(
      fleet: "home", revision: .commit("3f9c2e1", isModified: true), observedAt: 1_800_000_000, nodes: nodes)
  }

  private func node(_ name: String, _ sets: [ChangeSet], isSelected: Bool = true) -> NodePlan {
    NodePlan(
      node: name, address: "192.0.2.1", role: .agent, isSelected: isSelected,
      state: .observed(NodePlan.Observed(facts: .sample, changeSets: sets, findings: [])))
  }

  private func set(_ change: Change, held: Finding? = nil) -> ChangeSet {
    ChangeSet([change], steps: [Step("do it", .run(.record, StepInput([])))], held: held)
  }

  private let jq = Change(.change, ResourceKind("packages"), "jq", from: .text("1.6"), to: .text("1.7"))
  private let vim = Change(.add, ResourceKind("packages"), "vim")
  private let token = Change(.change, ResourceKind("files"), "/etc/token", from: .secret, to: .secret)

  @Test("a change that the second plan lacks was made; one that it has was not")
  func madeAndLeft() throws {
    let before = plan([node("pi1", [set(jq), set(vim)])])
    let report = RunReport(before: before, after: plan([node("pi1", [set(vim)])]), failures: [:])
    let ending = RunEnding(report, exitCode: .failed, isInterrupted: false, endedAt: 1_800_000_009)
    let outcome = try #require(ending.outcomes.first)
    #expect(outcome.outcome == "stalled" && outcome.reason == Reason.doesNotConverge.rawValue)
    #expect(outcome.changes.map(\.result) == [.made, .left])
    #expect(ending.exitCode == 1 && ending.summary == "1 stalled")
    #expect(ending.left?.text.contains("vim") == true && ending.left?.text.contains("jq") == false)
  }

  @Test("what converged leaves an empty plan behind")
  func converged() throws {
    let report = RunReport(before: plan([node("pi1", [set(jq)])]), after: plan([node("pi1", [])]), failures: [:])
    let ending = RunEnding(report, exitCode: .inSync, isInterrupted: false, endedAt: 0)
    #expect(ending.outcomes.first?.outcome == "converged")
    #expect(ending.left?.text.contains("1 in sync") == true, "\(ending.left?.text ?? "")")
  }

  @Test("what nobody looked at again is unknown, and what was not tried is held")
  func unknownAndHeld() throws {
    let before = plan([node("pi1", [set(jq)]), node("pi2", [set(vim)], isSelected: false)])
    let report = RunReport(before: before, after: before, failures: [:])
    let ending = RunEnding(report, exitCode: .interrupted, isInterrupted: true, endedAt: 0)
    #expect(ending.outcomes.flatMap(\.changes).map(\.result) == [.unknown, .held])
    #expect(ending.left == nil && ending.summary == "interrupted")
  }

  @Test("a secret is named and never shown, in results and in plans")
  func secrets() throws {
    let before = plan([node("pi1", [set(token)])])
    let beginning = RunBeginning(before, kind: .once, startedAt: 0, version: "0.1.0")
    let report = RunReport(before: before, after: plan([node("pi1", [])]), failures: [:])
    let change = RunEnding(report, exitCode: .inSync, isInterrupted: false, endedAt: 0).outcomes.first?.changes.first
    #expect(change?.before == "(secret)" && change?.after == "(secret)")
    #expect(beginning.plan.json.contains(#""secret" : true"#), "\(beginning.plan.json)")
  }

  @Test("the renderings name the run, its commit, each change and what became of it")
  func renderings() throws {
    let run = RunRecord(beginning: .sample("20270115T080000Z-0001"), ending: .sample())
    let killed = RunRecord(beginning: .sample("20270115T090000Z-0002"), ending: nil)
    let table = RunHistoryText.table(of: [killed, run])
    #expect(table.hasPrefix("RUN"))
    #expect(table.contains("3f3f3f3  1     1 converged · 1 failed"), "\(table)")
    #expect(table.contains("no end was recorded"), "\(table)")

    let detail = RunHistoryText.detail(of: run)
    for part in ["commit   3f3f", "after 1m4s", "~ packages  jq  1.6 -> 1.7  (made)", "= df -h", "Plan: nothing"] {
      #expect(detail.contains(part), "\(part) in \(detail)")
    }
    #expect(RunHistoryText.history(of: "pi1", in: [run]).contains("+ packages  vim  (left)"))

    let events = [RecordedEvent(at: 1_800_000_030, fleet: "home", node: "pi1", reason: "node-lost", message: "gone")]
    let history = RunHistoryText.history(of: "pi1", in: [run], events)
    #expect(history.hasPrefix("2027-01-15 08:00 UTC  node-lost: gone\n2027-01-15 08:00 UTC  failed"), "\(history)")

    let json = RunHistoryJSON.detail(of: run)
    #expect(json.at("plan", "changes") == .integer(1))
    #expect(json.at("left", "changes") == .integer(0))
    #expect(json["results"]?.items?.count == 3)
    #expect(RunHistoryJSON.list(of: [killed])["runs"]?.items?.first?["endedAt"] == .null)
  }

  @Test("what a disk gives back cannot act on a terminal")
  func hostile() {
    let run = RunRecord(
      beginning: RunBeginning(
        id: "r", fleet: "\u{1B}[2J", kind: .once, revision: .unknown("\u{1B}]0;x\u{7}"), startedAt: 0, version: "0",
        plan: RenderedPlan(text: "\u{1B}[2J", json: "not json")), ending: .sample())
    #expect(!RunHistoryText.detail(of: run).contains("\u{1B}"))
    #expect(!JSONRenderer().render(RunHistoryJSON.detail(of: run)).contains("\u{1B}"))
  }
}
