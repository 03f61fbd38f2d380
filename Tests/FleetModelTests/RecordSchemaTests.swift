import FleetApply
import FleetRecord
import FleetTestSupport
import Testing

@testable import FleetModel
@testable import FleetReconcile

@Suite("what programs read of the store and of the daemon, against the published schemas")
struct RecordSchemaTests {
  private func violations(_ json: JSONText, _ schema: String) throws -> [String] {
    try SchemaFile(schema).violations(in: try JSONValue(parsing: json.text()))
  }

  private var runs: [RunRecord] {
    let plan = RenderedPlan(RendererFixture.everything())
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
          version: "0.1.0", plan: plan),
        ending: RunEnding(
          endedAt: 1_800_000_060, exitCode: 1, summary: "1 failed", left: plan, outcomes: [outcome])),
      RunRecord(
        beginning: RunBeginning(
          id: "a", fleet: "home", kind: .once, revision: .unknown("no checkout"), startedAt: 1_800_000_000,
          version: "0.1.0", plan: plan), ending: nil),
    ]
  }

  @Test("history and show")
  func runsAndEvents() throws {
    let event = RecordedEvent(at: 1_800_000_000, fleet: "home", node: "pi1", reason: "rebuild-begun", message: "blank")
    #expect(try violations(RunHistoryJSON.list(of: runs, [event]), "history.schema.json") == [])
    for run in runs { #expect(try violations(RunHistoryJSON.detail(of: run), "show.schema.json") == []) }
    #expect(try violations(RunHistoryJSON.list(of: runs).setting(["runs"], to: .null), "history.schema.json") != [])
  }

  @Test("report reprovision, with what runs, what has converged, and nothing at all")
  func rebuilds() throws {
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
    #expect(try violations(whole.json, "reprovision.schema.json") == [])
    let empty = ReprovisionReport(fleet: "home", rebuilds: [], availability: [], at: clock.now)
    #expect(try violations(empty.json, "reprovision.schema.json") == [])
  }

  @Test("a node of status, in every state")
  func nodes() throws {
    let pause = Pause(node: "pi1", reason: "new SSD", since: 0, until: nil)
    let schedule = NodeSchedule(interval: 300, firstDue: 1_800_000_000)
    var document = JSONText.object([
      .init("schemaVersion", .integer(1)), .init("fleet", .string("home")), .init("mode", .string("enforce")),
      .init("commit", .null), .init("rejected", .null), .init("sourceProblem", .null), .init("problem", .null),
      .init("activity", .string("observing")), .init("passes", .integer(0)),
    ])
    var nodes: [JSONText] = []
    for plan in RendererFixture.everything().nodes {
      var status = NodeStatus(at: 1_800_000_000)
      status.take(plan, at: 1_800_000_060)
      nodes.append(
        status.json(
          plan.node, mode: .observe, pause: nodes.isEmpty ? pause : nil, schedule, attempts: 1, at: 1_800_000_060))
    }
    document = document.setting(["nodes"], to: .array(nodes))
    #expect(nodes.count > 3)
    #expect(try violations(document, "status.schema.json") == [])
  }

  @Test("status before the first commit, as the daemon says it")
  func empty() async throws {
    struct NoWork: FleetWork {
      func pass(over desired: DesiredState, holds: @escaping FleetPass.Holds) async throws -> FleetPass {
        throw RunFailure("no work")
      }
      func alone<Value: Sendable>(in fleet: String, _ work: @Sendable () async -> Value) async throws -> Value {
        await work()
      }
      func remember(_ plan: FleetPlan) {}
    }
    let keeper = FleetKeeper(
      work: NoWork(), mode: .observe, interval: 300, state: ControlNodeState(at: "/nonexistent"), stop: StopFlag(),
      now: { 0 })
    #expect(try violations(await keeper.status(), "status.schema.json") == [])
  }
}
