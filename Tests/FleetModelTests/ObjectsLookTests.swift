import Testing

@testable import FleetModel

@Suite("the cluster's objects as a key that may only look sees them")
struct ObjectsLookTests {
  private static func secret(_ data: String, name: String = "s", more: String = "") -> String {
    "apiVersion: v1\nkind: Secret\nmetadata: {name: \(name), namespace: web\(more)}\n\(data)\n"
  }

  private static func fixture(_ files: [String: String]) -> ObjectsFixture {
    var fixture = ObjectsFixture(files)
    fixture.access = .check
    fixture.namespaces = ["default", "kube-system", "web"]
    return fixture
  }

  /// The plan, when these objects are there and nothing of the rest is.
  private static func plan(
    _ fixture: ObjectsFixture, live: [JSONText] = [], denied: [ObjectIdentity] = []
  ) throws -> ObjectsPlan {
    let draft = try fixture.draft()
    var answer = ObjectsLook(draft).answer
    for object in live { answer.live[try #require(ObjectIdentity(of: object)).key] = object }
    for identity in denied { answer.notCompared[identity.key] = .denied }
    return ObjectsPlanner(settings: fixture.settings, fleet: "home").plan(
      draft, draft.dryRun.predicted(from: answer), from: "pi1")
  }

  /// As fleetd applied it and the server has it.
  private static func kept(
    _ apiVersion: String, _ kind: String, _ name: String, _ members: [JSONText.Member], _ fields: String
  )
    throws -> JSONText
  {
    let identity = ObjectIdentity(apiVersion: apiVersion, kind: kind, namespace: "web", name: name)
    let managed = """
      [{"manager":"fleetd","operation":"Apply","apiVersion":"\(apiVersion)","fieldsType":"FieldsV1","fieldsV1":
      {"f:metadata":{"f:labels":{"f:fleetd/fleet":{}}},\(fields)}}]
      """
    let labelled = identity.skeleton.setting(["metadata", "labels", "fleetd/fleet"], to: .string("home"))
      .setting(["metadata", "uid"], to: .string("uid"))
      .setting(["metadata", "managedFields"], to: try JSONText(parsing: Array(managed.utf8)))
    return members.reduce(labelled) { $0.setting([$1.key], to: $1.value) }
  }

  private static func digest(_ text: String) throws -> String {
    "fleetd-digest:" + (try #require(Content(text).digest(with: SecretVault())))
  }

  @Test("what is in sync, differs, is not there, and cannot be looked at")
  func compared() throws {
    var fixture = Self.fixture([
      "cluster/same.yaml": ObjectsFixture.configMap("same"), "cluster/other.yaml": ObjectsFixture.configMap("other"),
      "cluster/new.yaml": ObjectsFixture.configMap("new"), "cluster/hidden.yaml": ObjectsFixture.configMap("hidden"),
    ])
    fixture.inventory = ["same", "other", "gone", "hidden"].map { "v1 ConfigMap web/\($0)" }
    let value = { (text: String) in [JSONText.Member("data", .object([.init("x", .string(text))]))] }
    let live = try [("same", "1"), ("other", "2"), ("gone", "1")].map { name, text in
      try Self.kept("v1", "ConfigMap", name, value(text), #""f:data":{"f:x":{}}"#)
    }
    let hidden = ObjectIdentity(apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "hidden")
    let plan = try Self.plan(fixture, live: live, denied: [hidden])
    #expect(
      Set(plan.shown) == ["~ v1 ConfigMap web/other data.x", "+ v1 ConfigMap web/new", "- v1 ConfigMap web/gone"])
    #expect(plan.findings.map(\.reason) == [.notCompared, .notice])
    #expect(plan.findings[0].message.hasPrefix("v1 ConfigMap web/hidden: not compared"))
    #expect(plan.findings.allSatisfy { $0.severity == .note })
  }

  @Test("a fleet in sync is in sync, with one note that nothing was tried")
  func inSync() throws {
    var fixture = Self.fixture(["cluster/a.yaml": ObjectsFixture.configMap("a")])
    fixture.inventory = ["v1 ConfigMap web/a"]
    let live = try Self.kept(
      "v1", "ConfigMap", "a", [.init("data", .object([.init("x", .string("1"))]))], #""f:data":{"f:x":{}}"#)
    let plan = try Self.plan(fixture, live: [live])
    #expect(plan.isInSync && plan.findings.map(\.reason) == [.notice])
  }

  @Test("what was not compared makes the exit code 3 or 4, and a prediction alone does not")
  func exitCode() throws {
    var fixture = Self.fixture(["cluster/a.yaml": ObjectsFixture.configMap("a")])
    fixture.inventory = ["v1 ConfigMap web/a"]
    let identity = ObjectIdentity(apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "a")
    let live = try Self.kept(
      "v1", "ConfigMap", "a", [.init("data", .object([.init("x", .string("1"))]))], #""f:data":{"f:x":{}}"#)
    let code = { (plan: ObjectsPlan) in ExitCode(checking: RendererFixture.plan([]).adding(plan)) }
    #expect(code(try Self.plan(fixture, live: [live])) == .inSync)
    #expect(code(try Self.plan(fixture)) == .drift)
    #expect(code(try Self.plan(fixture, denied: [identity])) == .notAllObserved)
    fixture.files["cluster/b.yaml"] = ObjectsFixture.configMap("b")
    #expect(code(try Self.plan(fixture, denied: [identity])) == .driftNotAllObserved)
  }

  @Test("a Secret is compared by digests, and shown without its length")
  func secrets() throws {
    for data in ["data: {a: aHVudGVyMg==}", "stringData: {a: hunter2}"] {
      var fixture = Self.fixture(["cluster/s.yaml": Self.secret(data)])
      fixture.inventory = ["v1 Secret web/s"]
      let plain = try Self.digest("hunter2")
      #expect(try ObjectsLook(fixture.draft()).questions.map(\.known) == [[String(plain.dropFirst(14))]])
      for (digest, differs) in [(plain, false), ("fleetd-digest:" + CheckProgramFixture.sealed("x"), true)] {
        let live = try Self.kept(
          "v1", "Secret", "s",
          [.init("data", .object([.init("a", .string(digest))])), .init("type", .string("Opaque"))],
          #""f:data":{"f:a":{}}"#)
        let plan = try Self.plan(fixture, live: [live])
        #expect(plan.shown == (differs ? ["~ v1 Secret web/s data.a"] : []))
        #expect(plan.changes.flatMap(\.fields).allSatisfy { $0.before == .secret && $0.after == .secret })
      }
    }
  }

  @Test("what was decrypted is asked about by nobody")
  func confidential() throws {
    var fixture = Self.fixture(["cluster/s.yaml": Self.secret("stringData: {a: hunter2}")])
    fixture.decrypted = ["cluster/s.yaml"]
    #expect(try ObjectsLook(fixture.draft()).questions.isEmpty)
    let plan = try Self.plan(fixture)
    #expect(plan.shown == [] && plan.findings.map(\.reason) == [.notCompared, .notice])
    #expect(plan.findings[0].message.contains("v1 Secret web/s: not compared; it was decrypted"))
  }

  @Test("kustomizations and encrypted files are not compared, and nothing is said to have left Git")
  func incomplete() throws {
    var fixture = Self.fixture(["cluster/kustomization.yaml": "resources: []\n"])
    fixture.inventory = ["v1 ConfigMap web/of-the-kustomization"]
    let plan = try Self.plan(fixture)
    #expect(plan.shown == [] && plan.findings.map(\.reason) == [.notCompared])
    fixture.files = ["cluster/a.yaml": ObjectsFixture.configMap("a")]
    fixture.failures = [Finding(.blocked, .manifestDecryptFailed, .objects, "cluster/s.yaml.age is encrypted")]
    let encrypted = try Self.plan(fixture)
    #expect(encrypted.shown == ["+ v1 ConfigMap web/a"] && !encrypted.needsAttention)
    #expect(encrypted.findings.map(\.reason) == [.notCompared, .notice])
  }

  @Test("many objects, and many values of Secrets, are many questions, each of which is bounded")
  func bounded() throws {
    let values = { (count: Int) in
      "stringData: {" + (0..<count).map { "k\($0): v\($0)" }.joined(separator: ", ") + "}"
    }
    var files: [String: String] = [:]
    for number in 0..<250 { files["cluster/\(number).yaml"] = ObjectsFixture.configMap("c\(number)") }
    for (name, count) in [("a", 40), ("b", 60), ("c", 65)] {
      files["cluster/\(name).yaml"] = Self.secret(values(count), name: name)
    }
    let look = ObjectsLook(try Self.fixture(files).draft())
    #expect(look.questions.flatMap(\.asked).count == 252)
    #expect(look.questions.allSatisfy { $0.asked.count <= 200 && $0.known.count <= 64 })
    #expect(Array(look.answer.notCompared.values) == [.manyValues])
    for question in look.questions { #expect(ProbeScript.input(question.requests).count < 262_144) }
  }
}
