import FleetTestSupport
import Testing

@testable import FleetModel

@Suite("Kubernetes objects in plans and reports")
struct ObjectsRendererTests {
  private static func identity(_ text: String) throws -> ObjectIdentity { try #require(ObjectIdentity(parsing: text)) }

  private static func objects(isSelected: Bool = true, findings: [Finding] = []) throws -> ObjectsPlan {
    let changes = [
      ObjectChange(
        .change, try identity("apps/v1 Deployment web/front"),
        fields: [ObjectField("replicas", from: .text("1"), to: .text("2"))]),
      ObjectChange(
        .change, try identity("v1 Secret web/s"),
        fields: [
          ObjectField("data.a", from: .text("(secret, 3 bytes)"), to: .text("(secret, 4 bytes)")),
          ObjectField("data.b", from: .none, to: .secret),
        ]),
      ObjectChange(
        .change, try identity("v1 ConfigMap web/c"),
        fields: [ObjectField("data.f", from: .none, to: .none, lines: [" a", "-b", "+\u{1B}[31m"])]),
      ObjectChange(.remove, try identity("v1 ConfigMap web/old"), note: "no longer in Git", held: .tooManyDeletions),
    ]
    let steps = [Step("apply", .onServer(.applyObjects, StepInput(), sparing: nil))]
    return ObjectsPlan(
      isSelected: isSelected,
      state: .observed(.init(server: "pi1", wanted: 9, changes: changes, findings: findings, steps: steps)))
  }

  private static func plan(_ objects: ObjectsPlan?) -> FleetPlan {
    FleetPlan(fleet: "home", revision: .commit("3f9c2e1", isModified: false), observedAt: 0, nodes: []).adding(objects)
  }

  @Test("text has a section of its own, one line for each object")
  func text() throws {
    let text = TextRenderer(style: .plain).render(Self.plan(try Self.objects()))
    let section = text.split(separator: "\n").drop { $0 != "cluster" }.prefix(9).map(String.init)
    #expect(
      section == [
        "cluster",
        "  ~ apps/v1 Deployment web/front  replicas 1 -> 2",
        "  ~ v1 Secret web/s               2 values",
        "        data.a (secret, 3 bytes) -> (secret, 4 bytes)",
        "        data.b (secret)",
        "  ~ v1 ConfigMap web/c            1 value",
        "        data.f",
        "          a",
        "      -   b",
      ])
    #expect(text.contains("      +   \\x1b[31m\n"))
    #expect(text.contains("  - v1 ConfigMap web/old          no longer in Git; held: too-many-deletions\n"))
    #expect(text.contains("Plan: 4 objects (1 deletion) · 0 in sync · 1 held\n"))
  }

  @Test("what is in sync takes no line, unless everything is wanted")
  func inSync() {
    let objects = ObjectsPlan(
      isSelected: true, state: .observed(.init(server: "pi1", wanted: 9, changes: [], findings: [], steps: [])))
    let plan = Self.plan(objects)
    #expect(!TextRenderer(style: .plain).render(plan).contains("cluster"))
    #expect(TextRenderer(style: .plain, isVerbose: true).render(plan).contains("cluster    in sync  9 objects\n"))
    #expect(ExitCode(checking: plan) == .inSync)
  }

  @Test("objects count in the exit code as nodes do")
  func exitCodes() throws {
    let refused = Finding(.refused, .objectRejected, .objects, "no")
    #expect(ExitCode(checking: Self.plan(try Self.objects())) == .drift)
    #expect(ExitCode(checking: Self.plan(try Self.objects(findings: [refused]))) == .failed)
    #expect(ExitCode(checking: Self.plan(try Self.objects(isSelected: false))) == .inSync)
    let unseen = ObjectsPlan(isSelected: true, state: .notObserved(NodeFailure(.apiUnreachable, "away")))
    #expect(ExitCode(checking: Self.plan(unseen)) == .notAllObserved)
    #expect(ExitCode(checking: Self.plan(ObjectsPlan(unasked: .none, isNarrow: false))) == .drift)
  }

  @Test("JSON is as the published schema says, in every state")
  func json() throws {
    let schema = try SchemaFile("plan.schema.json")
    let finding = Finding(.held, .pruneHeld, .objects, "waits", next: "mend it")
    let unseen = ObjectsPlan(isSelected: true, state: .notObserved(NodeFailure(.apiUnreachable, "away", next: "look")))
    for objects in [try Self.objects(findings: [finding]), try Self.objects(isSelected: false), unseen, nil] {
      let document = try JSONValue(parsing: JSONRenderer().render(Self.plan(objects)))
      #expect(try schema.violations(in: document) == [])
    }
    let document = try JSONValue(parsing: JSONRenderer().render(Self.plan(try Self.objects())))
    #expect(document["objects", "changes", "0", "fields", "0", "path"]?.string == "replicas")
    #expect(document["objects", "changes", "3", "held"]?.string == "too-many-deletions")
    #expect(document["summary", "deletedObjects"]?.integer == 1)
  }

  @Test("Markdown has a table of them, and the same words")
  func markdown() throws {
    let text = MarkdownRenderer().render(Self.plan(try Self.objects()))
    #expect(text.contains("#### cluster\n"))
    #expect(text.contains("<code>apps/v1 Deployment web/front</code> | <code>replicas 1 → 2</code>"))
    #expect(text.contains("<details><summary><code>v1 ConfigMap web/c</code></summary>"))
  }

  @Test("very many changes are folded to one line for each kind")
  func folded() throws {
    let changes = try (0..<60).map { ObjectChange(.add, try Self.identity("v1 ConfigMap web/c\($0)")) }
    let objects = ObjectsPlan(
      isSelected: true, state: .observed(.init(server: "pi1", wanted: 60, changes: changes, findings: [], steps: [])))
    let text = TextRenderer(style: .plain).render(Self.plan(objects))
    #expect(text.contains("  + 60 v1 ConfigMap: web/c0, web/c1, web/c2, web/c3, …\n"))
    #expect(
      TextRenderer(style: .plain, isVerbose: true).render(Self.plan(objects)).contains("  + v1 ConfigMap web/c59\n"))
  }

  @Test("a report says what became of them")
  func report() throws {
    let before = Self.plan(try Self.objects())
    let settled = ObjectsPlan(
      isSelected: true, state: .observed(.init(server: "pi1", wanted: 9, changes: [], findings: [], steps: [])))
    let converged = RunReport(before: before, after: Self.plan(settled), failures: [:])
    #expect(TextRenderer(style: .plain).render(converged).contains("the cluster  converged (3 changes)\n"))
    #expect(ExitCode(after: converged) == .inSync)
    let failure = StepFailure(step: "apply 3 objects", failure: NodeFailure(.stepFailed, "no"))
    let failed = RunReport(before: before, after: before, failures: [ObjectsPlan.turn: failure])
    #expect(
      TextRenderer(style: .plain).render(failed).contains("the cluster  failed: apply 3 objects: no  [step-failed]\n"))
    #expect(ExitCode(after: failed) == .failed)
    let stalled = RunReport(before: before, after: before, failures: [:])
    #expect(ExitCode(after: stalled) == .failed)
    for report in [converged, failed, stalled] {
      let document = try JSONValue(parsing: JSONRenderer().render(report))
      #expect(try SchemaFile("report.schema.json").violations(in: document) == [])
    }
  }

  @Test("objects are applied in one round of a run, and in a later one when the cluster comes up in between")
  func rounds() throws {
    let withObjects = Self.plan(try Self.objects())
    let waiting = Self.plan(ObjectsPlan(unasked: .none, isNarrow: false))
    #expect(withObjects.hasSteps && !waiting.hasSteps)
    #expect(withObjects.freed(after: [waiting], without: []).hasSteps)
    #expect(!withObjects.freed(after: [withObjects], without: []).hasSteps)
    #expect(!withObjects.freed(after: [waiting], without: [ObjectsPlan.turn]).hasSteps)
  }
}
