import FleetApply
import FleetTestSupport
import Testing

@testable import FleetModel
@testable import FleetReconcile

@Suite("what programs read of the daemon, against the published schema")
struct StatusSchemaTests {
  private func violations(_ json: JSONText, _ schema: String) throws -> [String] {
    try SchemaFile(schema).violations(in: try JSONValue(parsing: json.text()))
  }

  /// One for each state that a node can be in once it was looked at.
  private static var plans: [NodePlan] {
    let kind = ResourceKind("package")
    func set(_ held: Finding? = nil) -> ChangeSet {
      ChangeSet([Change(.add, kind, "jq", to: .text("1.7"))], steps: [Step("step", .verifyAccess)], held: held)
    }
    let held = Finding(.held, .firstBoot, kind, "it boots for the first time", next: "wait")
    let refused = Finding(.refused, .diskFull, kind, "no room", next: "df -h")
    let seen: [([ChangeSet], [Finding])] = [([], []), ([set()], []), ([set(held)], []), ([], [refused])]
    let plans = seen.enumerated().map { index, part in
      NodePlan(
        node: "pi\(index)", address: "192.0.2.\(index)", role: .agent,
        state: .observed(.init(facts: .sample, changeSets: part.0, findings: part.1)))
    }
    let failure = NodeFailure(.connectionRefused, "connection refused", next: "is it up?")
    return plans + [NodePlan(node: "pi9", address: "192.0.2.9", role: .agent, state: .notObserved(failure))]
  }

  /// One rebuild goes on, since 29 seconds; another is over.
  private static var rebuilding: FleetOverview {
    var clock = ControlClock()
    let begun = clock.now
    var over = Rebuild(fleet: "home", node: "pi2", origin: .blank, begun: begun, target: 3600, hasLeft: true)
    over.outcome = .converged
    clock.advance(16)
    var running = Rebuild(fleet: "home", node: "pi1", origin: .ordered, begun: begun, target: 3600, hasLeft: true)
    running.ends[.reached] = clock.now
    clock.advance(13)
    var overview = FleetOverview(clock: clock.now, version: "0", startedAt: 0, mode: .enforce, interval: 300)
    overview.record.rebuilds = [running, over]
    return overview
  }

  @Test("status has the rebuilds that go on, and what each waits for")
  func rebuilds() {
    #expect(
      Self.rebuilding.runningRebuildsJSON
        == .array([
          .object([
            .init("node", .string("pi1")), .init("state", .string("on track")),
            .init("waitingFor", .string("baseline")),
            .init("elapsedSeconds", .integer(29)), .init("targetSeconds", .integer(3600)),
          ])
        ]))
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
    for plan in Self.plans {
      var status = NodeStatus(at: 1_800_000_000)
      status.take(plan, at: 1_800_000_060)
      nodes.append(
        status.json(
          plan.node, mode: .observe, pause: nodes.isEmpty ? pause : nil, schedule, attempts: 1, at: 1_800_000_060))
    }
    document = document.setting(["nodes"], to: .array(nodes))
    document = document.setting(["rebuilds"], to: Self.rebuilding.runningRebuildsJSON)
    let states = nodes.compactMap { $0["state"]?.string }
    #expect(Set(states) == ["in-sync", "drift", "held", "attention", "away"])
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
    let status = await keeper.status().setting(["rebuilds"], to: .array([]))
    #expect(try violations(status, "status.schema.json") == [])
  }
}
