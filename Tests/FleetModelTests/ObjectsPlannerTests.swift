import Testing

@testable import FleetModel

@Suite("what is done about Kubernetes objects")
struct ObjectsPlannerTests {
  private static let map = ObjectsFixture.configMap("a")
  private static let inventory = ["v1 ConfigMap web/a", "v1 Namespace web"]

  /// A cluster in which everything is as it shall be.
  private func settled() -> ObjectsFixture {
    var fixture = ObjectsFixture([
      "cluster/a.yaml": Self.map, "cluster/web.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n",
    ])
    fixture.live = [ObjectsFixture.kept("a"), ObjectsFixture.namespace]
    fixture.inventory = Self.inventory
    fixture.namespaces.insert("web")
    return fixture
  }

  @Test("objects that are as they shall be need nothing")
  func inSync() throws {
    let plan = try settled().plan()
    #expect(plan.isInSync && plan.steps.isEmpty)
    #expect(plan.shown == [] && plan.findings.isEmpty)
    #expect(plan.observed?.wanted == 2)
  }

  @Test("a value that differs is shown and applied, and only that object")
  func change() throws {
    var fixture = settled()
    fixture.files["cluster/a.yaml"] = ObjectsFixture.configMap("a", value: "2")
    let plan = try fixture.plan()
    #expect(plan.shown == ["~ v1 ConfigMap web/a data.x"])
    #expect(plan.changes[0].fields == [ObjectField("data.x", from: .text("1"), to: .text("2"))])
    // It is noted already.
    #expect(plan.scripts == ["objects-apply"])
    let input = try plan.input(of: .applyObjects)
    #expect(input.lines == [["1", "1"], ["1", "1", "plain"], ["v1 ConfigMap web/a", "shown"]])
    // Another object of the same name, made in between, is not touched.
    #expect(input.payload?.text?.contains(#""uid":"uid-0""#) == true)
  }

  @Test("an object that somebody else applied is taken over, and that is shown")
  func adoption() throws {
    var fixture = settled()
    fixture.live[0] = Self.map
    fixture.inventory = ["v1 Namespace web"]
    let plan = try fixture.plan()
    #expect(plan.shown == ["~ v1 ConfigMap web/a metadata.labels[fleetd/fleet]"])
    #expect(plan.changes[0].note == "fleetd keeps it from now on")
  }

  @Test("a namespace and what is in it are planned without asking, and the namespace is awaited")
  func newNamespace() throws {
    var fixture = settled()
    (fixture.live, fixture.inventory, fixture.namespaces) = ([], nil, ["default"])
    let draft = try fixture.draft()
    #expect(draft.dryRun.asked.map(\.identity.description) == ["v1 Namespace web"])
    let plan = try fixture.plan()
    #expect(plan.shown == ["+ v1 Namespace web", "+ v1 ConfigMap web/a"])
    #expect(plan.changes[1].note == "after its Namespace")
    #expect(plan.scripts == ["objects-note", "objects-apply", "objects-await", "objects-apply"])
    #expect(try plan.input(of: .awaitObjects).lines == [["90"], ["namespace", "web"]])
  }

  @Test("a CRD and an object of its kind come in one commit")
  func newKind() throws {
    var fixture = ObjectsFixture(["cluster/all.yaml": Self.customObject + "---\n" + Self.definition])
    let plan = try fixture.plan()
    #expect(
      plan.shown == [
        "+ apiextensions.k8s.io/v1 CustomResourceDefinition shelves.example.com", "+ example.com/v1 Shelf default/one",
      ])
    #expect(plan.changes[1].note == "after its CustomResourceDefinition")
    #expect(try plan.input(of: .awaitObjects).lines == [["90"], ["definition", "shelves.example.com"]])
    // Once the kind is there, the server is asked.
    fixture.definitions = [CustomKind(group: "example.com", kind: "Shelf", isNamespaced: true)]
    #expect(try fixture.draft().dryRun.asked.count == 2)
  }

  @Test("an object that its kind refuses as it is now is tried behind the kind that this commit changes")
  func changedKind() throws {
    var fixture = ObjectsFixture(["cluster/all.yaml": Self.customObject + "---\n" + Self.definition])
    fixture.live = [Self.definition.replacing("scope:", with: "preserveUnknownFields: false, scope:")]
    fixture.definitions = [CustomKind(group: "example.com", kind: "Shelf", isNamespaced: true)]
    fixture.refusals = ["example.com/v1 Shelf default/one": "error: unknown field \"books\""]
    let plan = try fixture.plan()
    #expect(plan.changes.map(\.object.kind) == ["CustomResourceDefinition", "Shelf"] && plan.findings.isEmpty)
    #expect(plan.scripts == ["objects-note", "objects-apply", "objects-await", "objects-apply"])
  }

  private static let definition = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: shelves.example.com}
    spec: {group: example.com, scope: Namespaced, names: {kind: Shelf, plural: shelves}}

    """
  private static let customObject = "apiVersion: example.com/v1\nkind: Shelf\nmetadata: {name: one}\n"

  @Test("what the server rejects is the object's finding, and the others are applied")
  func rejected() throws {
    var fixture = settled()
    fixture.files["cluster/b.yaml"] = ObjectsFixture.configMap("b")
    fixture.files["cluster/c.yaml"] = ObjectsFixture.configMap("c")
    fixture.refusals = [
      "v1 ConfigMap web/b": "Error from server (Invalid): error when creating \"STDIN\": no such luck"
    ]
    let plan = try fixture.plan()
    #expect(plan.shown == ["+ v1 ConfigMap web/c"])
    #expect(plan.reasons == [.objectRejected] && plan.needsAttention)
    #expect(plan.findings[0].message == "v1 ConfigMap web/b: no such luck")
    #expect(plan.findings[0].next == "mend it in cluster/b.yaml:1; the other objects are applied")
  }

  @Test("what needs a namespace that is refused is not tried")
  func needsTheRefused() throws {
    var fixture = settled()
    (fixture.live, fixture.inventory, fixture.namespaces) = ([], nil, ["default"])
    fixture.refusals = ["v1 Namespace web": "Error from server (Forbidden): no"]
    let plan = try fixture.plan()
    #expect(plan.changes.isEmpty && plan.steps.isEmpty)
    #expect(plan.reasons == [.objectRejected, .objectRejected])
    #expect(plan.findings[1].message == "v1 ConfigMap web/a: it needs the namespace that is refused itself")
  }

  @Test("a conflict names the other manager and the fields, and is not forced")
  func conflict() throws {
    var fixture = settled()
    fixture.files["cluster/a.yaml"] = ObjectsFixture.configMap("a", value: "2")
    fixture.refusals = [
      "v1 ConfigMap web/a": """
      error: Apply failed with 2 conflicts: conflicts with "argocd-controller" using v1:
      - .data.x
      - .data.y
      Please review the fields above--they currently have other managers. Here
      are the ways you can resolve this warning: ... .metadata
      """
    ]
    let plan = try fixture.plan()
    #expect(plan.changes.isEmpty && plan.reasons == [.objectConflict])
    #expect(plan.findings[0].message == "v1 ConfigMap web/a: argocd-controller sets .data.x, .data.y too")
    #expect(plan.findings[0].severity == .blocked)
  }

  @Test("only the object that says so overrules others")
  func forced() throws {
    var fixture = settled()
    fixture.files["cluster/b.yaml"] = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: b, namespace: web, annotations: {fleetd/force-conflicts: "true"}}

      """
    fixture.files["cluster/c.yaml"] = ObjectsFixture.configMap("c")
    let input = try fixture.plan().input(of: .applyObjects)
    #expect(
      input.lines == [
        ["2", "2"], ["1", "1", "forced"], ["2", "1", "plain"], ["v1 ConfigMap web/b", "shown"],
        ["v1 ConfigMap web/c", "shown"],
      ])
  }

  @Test("the inventory is written before anything is applied, and lacks nothing afterwards")
  func noted() throws {
    var fixture = settled()
    fixture.files["cluster/b.yaml"] = ObjectsFixture.configMap("b")
    let plan = try fixture.plan()
    #expect(plan.scripts.first == "objects-note")
    let input = try plan.input(of: .noteObjects)
    #expect(input.lines == [["home"]])
    let lines = (input.payload?.text ?? "").split(separator: "\n").map(String.init)
    #expect(lines.count == 2 && lines[0].contains("fleetd-inventory") && lines[1].contains("v1 ConfigMap web/b"))
    // Somebody deleted the inventory: what is in sync is noted anew.
    var lost = settled()
    lost.inventory = nil
    #expect(try lost.plan().shown == ["! v1 ConfigMap kube-system/fleetd-inventory"])
  }

  @Test("another fleet's cluster is left alone")
  func foreignInventory() throws {
    var fixture = settled()
    fixture.inventoryFleet = "office"
    fixture.files["cluster/b.yaml"] = ObjectsFixture.configMap("b")
    let plan = try fixture.plan()
    #expect(plan.changes.isEmpty && plan.steps.isEmpty && plan.reasons == [.inventoryForeign])
  }

  @Test("a run that is narrowed to nodes shows objects and changes none")
  func narrow() throws {
    var fixture = settled()
    fixture.isNarrow = true
    fixture.files["cluster/a.yaml"] = ObjectsFixture.configMap("a", value: "2")
    fixture.inventory = Self.inventory + ["v1 ConfigMap web/old"]
    fixture.live.append(ObjectsFixture.kept("old"))
    let plan = try fixture.plan()
    #expect(plan.shown == ["~ v1 ConfigMap web/a data.x", "- v1 ConfigMap web/old"])
    #expect(!plan.isSelected && plan.steps.isEmpty && plan.actionable.isEmpty)
  }

  @Test("a Secret's values are shown as their lengths, also in what the server says of it")
  func secrets() throws {
    var fixture = settled()
    let secret = { (value: String) in
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web, labels: {fleetd/fleet: home}}\n"
        + "data: {password: \(value)}\n"
    }
    fixture.live.append(secret("b2xkLXBhc3N3b3Jk"))
    fixture.files["cluster/s.yaml"] = secret("aHVudGVyMi1odW50ZXIy")
    fixture.inventory = Self.inventory + ["v1 Secret web/s"]
    let plan = try fixture.plan()
    #expect(
      plan.changes[0].fields == [
        ObjectField("data.password", from: .text("(secret, 12 bytes)"), to: .text("(secret, 15 bytes)"))
      ])
    #expect(try plan.input(of: .applyObjects).lines.last == ["v1 Secret web/s", "hidden"])
    fixture.refusals["v1 Secret web/s"] =
      "Error from server: cannot handle hunter2-hunter2: error found in #10 byte of ...|aHVudGVyMi1odW50ZXIy|..."
    let refusal = try fixture.plan().findings[0].message
    #expect(refusal == "v1 Secret web/s: cannot handle (secret): (what follows may hold the secret)")
  }

  @Test("nothing of what was decrypted is shown")
  func decrypted() throws {
    var fixture = settled()
    fixture.files["cluster/a.yaml"] = ObjectsFixture.configMap("a", value: "plain text of the vault")
    fixture.decrypted = ["cluster/a.yaml"]
    let plan = try fixture.plan()
    #expect(plan.changes[0].fields == [ObjectField("data.x", from: .secret, to: .secret)])
    #expect(!"\(plan.changes)\(plan.findings)".contains("vault"))
  }

  @Test("a chart whose job failed is the chart's finding, also when nothing is to be changed")
  func failedChart() throws {
    var fixture = settled()
    let chart =
      "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: db, namespace: web, labels: {fleetd/fleet: home}}\n"
    fixture.files["cluster/db.yaml"] = chart
    fixture.live += [
      chart,
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: helm-install-db, namespace: web}
      spec: {conditions: []}

      """,
    ]
    fixture.inventory = Self.inventory + ["helm.cattle.io/v1 HelmChart web/db"]
    #expect(try fixture.plan().isInSync)
    let failed = ServerErrorTests.failedJob
    let draft = try fixture.draft()
    let object = try #require(draft.wanted.first { $0.identity.kind == "HelmChart" })
    let plan = ObjectsPlanner(settings: ManifestSettings(), fleet: "home").plan(
      draft,
      .init(
        live: [object.identity.key: object.content, object.identity.installJob.key: failed],
        tried: Dictionary(uniqueKeysWithValues: draft.wanted.map { ($0.identity.key, $0.content) })), from: "pi1")
    #expect(plan.reasons.contains(.helmChartFailed))
    #expect(
      plan.findings.contains {
        $0.message == "helm.cattle.io/v1 HelmChart web/db: its job helm-install-db failed: Job has reached the limit"
      })
  }

  @Test("a new chart is awaited by its job, with the uid of the old one")
  func awaitedChart() throws {
    var fixture = settled()
    fixture.files["cluster/db.yaml"] =
      "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: db, namespace: web}\nspec: {chart: db}\n---\n"
      + "apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {name: db, namespace: web}\n"
    #expect(try fixture.plan().input(of: .awaitCharts).lines == [["600"], ["web", "db", "-"]])
  }
}
