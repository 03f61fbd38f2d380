import Testing

@testable import FleetModel

@Suite("a predicted object has the form that a server gives it")
struct ServerFormTests {
  private static let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
  private static let live = """
    \(pod)spec:
      restartPolicy: Always
      containers:
      - name: c
        image: c:1
        imagePullPolicy: IfNotPresent
        resources: {limits: {cpu: '1', memory: 1Gi}}
        ports: [{containerPort: 80, protocol: TCP}]
        env: [{name: N, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}}]
      volumes:
      - {name: t, projected: {defaultMode: 420, sources: [{serviceAccountToken: {expirationSeconds: 3600, path: t}}]}}

    """

  private func changes(_ container: String, spec: String = "") throws -> [String] {
    try PredictionFixture(Self.live).owned(by: "fleetd", "f:spec: {f:hostname: {}}")
      .changes(Self.pod + "spec: {\(spec)containers: [{name: c, \(container)}]}\n")
  }

  @Test(
    "quantities that are equal are one",
    arguments: ["cpu: 1000m, memory: 1024Mi", "cpu: 1, memory: 1048576Ki", "cpu: 1.0, memory: '1.0Gi'"])
  func quantities(_ limits: String) throws {
    #expect(try changes("resources: {limits: {\(limits)}}") == [])
  }

  @Test("others are spelled as the server does")
  func spelling() throws {
    #expect(
      try changes("resources: {limits: {cpu: 0.5}, requests: {cpu: '1e3', memory: 2048Mi}}") == [
        "containers[c].resources.limits.cpu: 1 -> 500m",
        #"containers[c].resources.requests: - -> {"cpu":"1e3","memory":"2Gi"}"#,
      ])
  }

  @Test(
    "texts that look like numbers are texts",
    arguments: [("'1'", "'1.0'"), ("'1000m'", "'1'"), ("1Gi", "1024Mi")])
  func texts(_ old: String, _ new: String) throws {
    let kind = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    let live = try PredictionFixture(kind + "data: {x: \(old)}\n").owned(by: "fleetd", "f:data: {f:x: {}}")
    #expect(try live.changes(kind + "data: {x: \(new)}\n").count == 1)
  }

  @Test("a key of a list that the manifest leaves out has its default")
  func keys() throws {
    #expect(try changes("ports: [{containerPort: 80}]") == [])
    #expect(
      try changes("ports: [{containerPort: 80}, {containerPort: 81}]") == [
        #"containers[c].ports[1]: - -> {"containerPort":81,"protocol":"TCP"}"#
      ])
  }

  @Test("what is replaced as a whole has its defaults back")
  func atomic() throws {
    #expect(try changes("env: [{name: N, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]") == [])
    #expect(
      try changes(
        "image: c:1", spec: "volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}], ")
        == [])
  }

  @Test(
    "what is new has the defaults of its kind",
    arguments: [
      ("d", "Always"), ("r:5000/d:latest", "Always"), ("d:1", "IfNotPresent"), ("r:5000/d", "Always"),
      ("d@sha256:0", "IfNotPresent"),
    ])
  func defaults(_ image: String, _ policy: String) throws {
    let live = try PredictionFixture(Self.live).owned(by: "fleetd", "f:spec: {f:hostname: {}}")
    guard
      case .object(let object) = try live.outcome(
        Self.pod
          + "spec: {containers: [{name: c}, {name: d, image: '\(image)', livenessProbe: {exec: {command: [ls]}}}]}\n"
      )
    else {
      Issue.record("a conflict")
      return
    }
    let container = object.at("spec", "containers")?.items?.last
    #expect(container?["imagePullPolicy"]?.string == policy)
    #expect(container?.at("livenessProbe", "periodSeconds") == .integer(10))
    #expect(container?["resources"] == .object([]))
  }

  @Test("what this server does not fill in where it could have is not filled in")
  func newDefaults() throws {
    // The live container has no terminationMessagePath, though it has a default.
    #expect(try changes("image: c:2") == ["containers[c].image: c:1 -> c:2"])
  }

  @Test("a Secret's texts are data")
  func secret() throws {
    let kind = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    let live = try PredictionFixture(kind + "type: Opaque\ndata: {a: aGVsbG8=}\n").owned(
      by: "fleetd", "f:stringData: {f:a: {}}")
    #expect(try live.changes(kind + "stringData: {a: hello}\n") == [])
    #expect(try live.changes(kind + "stringData: {a: hullo}\n") == ["data.a: aGVsbG8= -> aHVsbG8="])
    #expect(try live.changes(kind + "data: {a: \"aGVs\\nbG8=\\n\"}\n") == [])
  }

  @Test("an account is said by both of its names, and the older one keeps it")
  func account() throws {
    let live = try PredictionFixture(Self.pod + "spec: {serviceAccount: a, serviceAccountName: a}\n").owned(
      by: "fleetd", "f:spec: {f:serviceAccountName: {}}")
    #expect(
      try live.changes(Self.pod + "spec: {serviceAccountName: b}\n") == [
        "serviceAccount: a -> b", "serviceAccountName: a -> b",
      ])
    #expect(try live.changes(Self.pod + "spec: {}\n") == [])
  }

  @Test("a DaemonSet whose Pods change counts")
  func daemonSet() throws {
    let head = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a"
    let live = try PredictionFixture(
      "\(head), annotations: {deprecated.daemonset.template.generation: '4'}}\nspec: {template: {spec: {hostPID: true}}}\n"
    )
    .owned(by: "fleetd", "f:spec: {f:template: {f:spec: {f:hostPID: {}}}}")
    #expect(try live.changes("\(head)}\nspec: {template: {spec: {hostPID: true}}}\n") == [])
    #expect(
      try live.changes("\(head)}\nspec: {template: {spec: {hostPID: false}}}\n") == [
        "metadata.annotations[deprecated.daemonset.template.generation]: 4 -> 5",
        "template.spec.hostPID: true -> false",
      ])
  }

  @Test("a list of an unknown kind is replaced; an item that says no more than the one at its place stays")
  func custom() throws {
    let kind = "apiVersion: example.com/v1\nkind: X\nmetadata: {name: a}\n"
    let live = try PredictionFixture(kind + "spec: {list: [{a: 1, preset: 7}, {a: 2}], place: {row: r, room: m}}\n")
      .owned(by: "fleetd", "f:spec: {f:list: {}, f:place: {}}")
    #expect(
      try live.changes(kind + "spec: {list: [{a: 1}, {a: 3}], place: {row: r, room: m}}\n") == ["list[1].a: 2 -> 3"])
    #expect(try live.changes(kind + "spec: {list: [{a: 1}, {a: 2}], place: {row: r}}\n") == ["place.room: m -> -"])
  }

  @Test("a set is merged by its values")
  func sets() throws {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a"
    let live = try PredictionFixture("\(head), finalizers: [a/a, b/b]}\n").owned(
      by: "fleetd", #"f:metadata: {f:finalizers: {'v:"a/a"': {}}}"#)
    #expect(try live.changes("\(head), finalizers: [a/a]}\n") == [])
    #expect(try live.changes("\(head), finalizers: [c/c]}\n").count == 2)
  }
}

@Suite("quantities")
struct QuantityTests {
  @Test(
    "have one spelling",
    arguments: [
      ("1", "1"), ("1000m", "1"), ("0.5", "500m"), (".5", "500m"), ("5.", "5"), ("1500m", "1500m"), ("1000", "1k"),
      ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"), ("1025Ki", "1025Ki"), ("1e3", "1e3"), ("1E3", "1e3"),
      ("1E", "1E"), ("12345678", "12345678"), ("0", "0"), ("0Mi", "0"), ("-1000m", "-1"), ("+2k", "2k"), ("1n", "1n"),
      ("0.1n", "1n"), ("9223372036854775807", "9223372036854775807"), ("2048", "2048"), ("100000000000000000n", "100M"),
    ])
  func spelling(_ text: String, _ canonical: String) { #expect(Quantity(text)?.text == canonical) }

  @Test(
    "are nothing else",
    arguments: [
      "", "a", "1.2.3", "1 ", " 1", "1Kb", "1ki", "--1", "1e", "1e1.5", ".", "-", "9223372036854775808",
      "1e99999999999",
      "1e-99999", "9999999Ei", "123456789012345678901234567890", "٣",
    ])
  func none(_ text: String) { #expect(Quantity(text) == nil) }

  @Test("resources are counted in thousandths, rounded up")
  func thousandths() { #expect(Quantity("1u")?.inThousandths.text == "1m") }
}
