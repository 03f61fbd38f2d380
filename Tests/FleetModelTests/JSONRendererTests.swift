import FleetTestSupport
import Testing

@testable import FleetModel

@Suite("plans and reports as JSON")
struct JSONRendererTests {
  private typealias Fixture = RendererFixture

  private static let plans = [
    Fixture.plan([]), Fixture.sample, Fixture.everything(), Fixture.everything("\u{1B}\r\n\"\\/ü\u{202E}"),
    Fixture.plan(
      [Fixture.node("pi1", role: nil), Fixture.away("pi8", Fixture.changedHostKey)],
      reserved: ["spec.updates"]
    ),
  ]

  @Test("a plan is valid against its published schema", arguments: plans.indices)
  func planSchema(_ index: Int) throws {
    let document = try JSONValue(parsing: JSONRenderer().render(Self.plans[index]))
    #expect(try SchemaFile("plan.schema.json").violations(in: document) == [])
  }

  @Test("a report is valid against its published schema")
  func reportSchema() throws {
    let document = try JSONValue(parsing: JSONRenderer().render(Fixture.report()))
    #expect(try SchemaFile("report.schema.json").violations(in: document) == [])
  }

  @Test(
    "the schema refuses what it does not describe",
    arguments: [
      ("extra", .string("x")), ("schemaVersion", .integer(2)), ("fleet", .integer(1)), ("observedAt", .string("now")),
      ("exitCode", .integer(7)), ("nodes", nil), ("revision", .object([:])), ("summary.changes", .integer(-1)),
      ("nodes.0.changes.0.action", .string("+")), ("nodes.0.changes.0.after", .object(["secret": .string("s")])),
      ("nodes.0.findings.0.reason", .string("no-such-reason")), ("nodes.0.findings.0.reason", nil),
      ("nodes.0.role", .string("boss")), ("nodes.4.failure.isTransient", .string("yes")),
    ] as [(String, JSONValue?)]
  )
  func schemaRefuses(_ path: String, _ value: JSONValue?) throws {
    let document = try JSONValue(parsing: JSONRenderer().render(Fixture.everything()))
    let changed = document.replacing(path.split(separator: ".").map(String.init)[...], with: value)
    #expect(try !SchemaFile("plan.schema.json").violations(in: changed).isEmpty)
  }

  @Test("the schemas describe every object completely", arguments: ["plan.schema.json", "report.schema.json"])
  func schemasAreClosed(_ name: String) throws {
    let objects = try SchemaFile(name).root.descendants.filter { $0["type"]?.string == "object" }
    #expect(!objects.isEmpty)
    #expect(objects.allSatisfy { $0["additionalProperties"] == .boolean(false) && $0["properties"]?.object != nil })
  }

  @Test("the schemas know exactly the reasons, actions and outcomes that there are")
  func vocabularies() throws {
    let plan = try SchemaFile("plan.schema.json").root
    let report = try SchemaFile("report.schema.json").root
    func words(_ value: JSONValue?) -> [String] { (value?["enum"]?.array ?? []).compactMap(\.string).sorted() }
    #expect(words(plan["$defs", "reason"]) == Reason.allCases.map(\.rawValue).sorted())
    #expect(words(plan["$defs", "node", "properties", "role"]) == Role.allCases.map(\.rawValue).sorted())
    let outcomes = NodeResult.Outcome.Name.allCases.map(\.rawValue).sorted()
    #expect(words(report["$defs", "result", "properties", "outcome"]) == outcomes)
    #expect(report["properties", "summary", "properties"]?.object?.keys.sorted() == outcomes)
  }

  @Test("a small plan is this document, to the byte")
  func golden() {
    let change = Change(.change, Fixture.file, "/etc/a/b", from: .secret, to: .secret, note: "restarts \"x\"")
    let node = Fixture.away("pi7", Fixture.refusedConnection)
    let plan = Fixture.plan([Fixture.node("pi3", [Fixture.set(change, held: Fixture.skew)]), node])
    let text = JSONRenderer().render(plan)
    #expect(
      text.contains(
        """
              "changes" : [
                {
                  "action" : "change",
                  "after" : {
                    "secret" : true
                  },
                  "before" : {
                    "secret" : true
                  },
                  "diff" : [

                  ],
                  "disturbance" : "none",
                  "held" : {
                    "kind" : "package",
                    "message" : "packages wait for the node's clock, which is 90 s off",
                    "next" : "check time synchronisation on the node (timedatectl)",
                    "reason" : "clock-skew",
                    "severity" : "held"
                  },
                  "kind" : "file",
                  "name" : "/etc/a/b",
                  "note" : "restarts \\"x\\""
                }
              ],
        """
      )
    )
    #expect(text.hasPrefix("{\n  \"clusterFindings\" : [\n"))
    #expect(text.contains("\n  \"exitCode\" : 4,\n  \"fleet\" : \"home\",\n"))
    #expect(text.hasSuffix("\n}\n"))
    #expect(text.contains("\"observedAt\" : \"2026-11-21T03:12:07Z\""))
  }

  @Test("a report carries its exit code, the step that failed and both plans")
  func report() throws {
    let document = try JSONValue(parsing: JSONRenderer().render(Fixture.report("boom")))
    #expect(document["exitCode"] == .integer(1))
    #expect(document["summary", "failed"] == .integer(1))
    let failed = document["results"]?.array?.first { $0["node"] == .string("failed") }
    #expect(failed?["failure", "step"] == .string("boom"))
    #expect(failed?["failure", "reason"] == .string("step-failed"))
    #expect(document["before", "summary", "changes"] == .integer(6))
    #expect(document["after", "summary", "changes"] == .integer(3))
  }
}
