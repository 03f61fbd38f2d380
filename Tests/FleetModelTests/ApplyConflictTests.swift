import Testing

@testable import FleetModel

@Suite("conflicts of a predicted apply")
struct ApplyConflictTests {
  private static let head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: web}\n"

  private func live(_ spec: String = "replicas: 5") throws -> PredictionFixture {
    try PredictionFixture(Self.head + "spec: {\(spec)}\n").owned(by: "fleetd", "f:spec: {f:paused: {}}")
  }

  @Test("a field that another manager owns, and that would change, is named as kubectl names it")
  func field() throws {
    let live = try live().owned(by: "kubectl-edit", "f:spec: {f:replicas: {}}", as: "Update")
    #expect(
      try live.outcome(Self.head + "spec: {replicas: 2}\n")
        == .conflict(managers: ["kubectl-edit"], fields: [".spec.replicas"]))
  }

  @Test("an equal value is no conflict, nor is another field, nor one that is overruled")
  func none() throws {
    let live = try live().owned(by: "argocd", "f:spec: {f:replicas: {}}")
    #expect(try live.changes(Self.head + "spec: {replicas: 5}\n") == [])
    #expect(try live.changes(Self.head + "spec: {minReadySeconds: 1}\n") == ["minReadySeconds: - -> 1"])
    #expect(try live.changes(Self.head + "spec: {replicas: 2}\n", isForced: true) == ["replicas: 5 -> 2"])
  }

  @Test("several managers and fields, an item of a list among them")
  func several() throws {
    let manifest = """
      spec:
        replicas: 1
        template: {spec: {containers: [{name: web, image: 'a:2', ports: [{containerPort: 80, name: x}]}]}}

      """
    let live = try live(
      "replicas: 5, template: {spec: {containers: [{name: web, image: 'a:1', ports: [{containerPort: 80, protocol: TCP, name: h}]}]}}"
    )
    .owned(by: "zoe", "f:spec: {f:replicas: {}}", at: "scale")
    .owned(
      by: "anna",
      #"""
      f:spec: {f:template: {f:spec: {f:containers: {'k:{"name":"web"}': {f:image: {}, f:ports: {'k:{"containerPort":80,"protocol":"TCP"}': {f:name: {}}}}}}}}
      """#)
    #expect(
      try live.outcome(Self.head + manifest)
        == .conflict(
          managers: ["anna", "zoe"],
          fields: [
            #".spec.template.spec.containers[name="web"].image"#,
            #".spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"].name"#,
            ".spec.replicas",
          ]))
  }

  @Test("another spelling of a quantity that another manager owns is one, as a server has it")
  func spelling() throws {
    let template = "template: {spec: {containers: [{name: web, resources: {limits: {cpu: '1'}}}]}}"
    let live = try live(template).owned(
      by: "argocd",
      #"f:spec: {f:template: {f:spec: {f:containers: {'k:{"name":"web"}': {f:resources: {f:limits: {f:cpu: {}}}}}}}}"#)
    guard case .conflict = try live.outcome(Self.head + "spec: {\(template.replacing("'1'", with: "1000m"))}\n") else {
      Issue.record("no conflict")
      return
    }
  }

  @Test("an object of which the server kept no account belongs to who was before")
  func unknown() throws {
    let live = try PredictionFixture(Self.head + "spec: {replicas: 5}\n")
    #expect(
      try live.outcome(Self.head + "spec: {replicas: 2, paused: true}\n")
        == .conflict(managers: ["before-first-apply"], fields: [".spec.replicas"]))
    #expect(try live.changes(Self.head + "spec: {replicas: 5, paused: true}\n") == ["paused: - -> true"])
  }

  @Test("fields that nobody would read all are counted out")
  func many() throws {
    let names = (10..<40).map { "k\($0)" }
    let live = try PredictionFixture(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {\(names.map { "\($0): a" }.joined(separator: ", "))}\n"
    ).owned(by: "other", "f:data: {\(names.map { "f:\($0): {}" }.joined(separator: ", "))}")
    let manifest =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {\(names.map { "\($0): b" }.joined(separator: ", "))}\n"
    #expect(
      try live.outcome(manifest) == .conflict(managers: ["other"], fields: names.prefix(12).map { ".data.\($0)" }))
  }

  @Test(
    "an account that is malformed is nobody's",
    arguments: [
      "1", "null", "{}", "{fieldsV1: []}", "{fieldsV1: {'f:data': 1}}",
      "{fieldsV1: {'k:{': {}, 'v:': {}, 'i:x': {}, x: {}}}",
      "{manager: 3, operation: [], fieldsV1: {'f:data': {'f:x': null}}}",
    ])
  func malformed(_ entry: String) throws {
    let live = try PredictionFixture("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: a, z: a}\n")
      .managed(by: [try PredictionFixture.object(entry)])
    #expect(
      try live.changes("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: b}\n") == ["data.x: a -> b"])
  }

  @Test("managed fields that are nested as deep as a server's answer may be")
  func deep() throws {
    let depth = 240
    let text =
      String(repeating: #"{"f:a":"#, count: depth) + "{}" + String(repeating: "}", count: depth)
    let value = String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
    let fields = try JSONText(parsing: Array(text.utf8))
    let spec = try JSONText(parsing: Array(value.utf8))
    let live = try PredictionFixture("apiVersion: example.com/v1\nkind: X\nmetadata: {name: a}\n")
    let object = live.managed(by: [
      .object([.init("manager", .string("fleetd")), .init("operation", .string("Apply")), .init("fieldsV1", fields)])
    ]).live.setting(["a"], to: spec)
    let outcome = ApplyPrediction.outcome(of: object.setting(["a"], to: nil), on: object, isForced: false)
    #expect(outcome != .object(object))
  }
}
