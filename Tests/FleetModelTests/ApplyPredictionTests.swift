import Testing

@testable import FleetModel

@Suite("what an apply would make of an object")
struct ApplyPredictionTests {
  private static let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: web"

  private static func map(_ data: String, _ metadata: String = "") -> String {
    "\(head)\(metadata)}\ndata: {\(data)}\n"
  }

  private func map(_ data: String, _ fields: String) throws -> PredictionFixture {
    try PredictionFixture(Self.map(data)).owned(by: "fleetd", "f:data: {\(fields)}")
  }

  @Test("fields of the manifest are laid over it, and what the server counts is left out")
  func merge() throws {
    let live = try map("x: '1'", "f:x: {}")
    #expect(try live.changes(Self.map("x: '2', y: '3'")) == ["data.x: 1 -> 2", "data.y: - -> 3"])
    #expect(try live.changes(Self.map("x: '1'", ", creationTimestamp: null, uid: '7'") + "status: {a: 1}\n") == [])
  }

  @Test("what fleetd applied and the manifest no longer has goes, and only that")
  func removal() throws {
    let live = try map("x: '1', y: '2', z: '3'", "f:x: {}, f:y: {}")
    #expect(try live.changes(Self.map("x: '1'")) == ["data.y: 2 -> -"])
  }

  @Test("what another manager owns too stays")
  func shared() throws {
    let live = try map("x: '1', y: '2'", "f:x: {}, f:y: {}").owned(by: "kubectl", "f:data: {f:y: {}}", as: "Update")
    #expect(try live.changes(Self.map("x: '1'")) == [])
  }

  @Test("of an object that fleetd never applied nothing goes")
  func adoption() throws {
    let live = try PredictionFixture(Self.map("x: '1', y: '2'")).owned(
      by: "kubectl", "f:data: {'.': {}, f:x: {}, f:y: {}}", as: "Update")
    #expect(try live.changes(Self.map("x: '1'")) == [])
  }

  @Test("a field that was updated under fleetd's name is not what fleetd applied")
  func operation() throws {
    let live = try PredictionFixture(Self.map("x: '1', y: '2'")).owned(by: "fleetd", "f:data: {f:y: {}}", as: "Update")
    #expect(try live.changes(Self.map("x: '1'")) == [])
  }

  @Test("an object goes with the last field that was applied in it, and takes defaults along; another's field keeps it")
  func holders() throws {
    let spec = """
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
        - {name: c, image: 'c:1', livenessProbe: {httpGet: {port: 80, path: /, scheme: HTTP}, timeoutSeconds: 1}}

      """
    let owned = """
      f:spec: {f:containers: {'k:{"name":"c"}': {'.': {}, f:name: {}, f:image: {}, f:livenessProbe: {f:httpGet: {f:port: {}}}}}}
      """
    let manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: 'c:1'}]}\n"
    let live = try PredictionFixture(spec).owned(by: "fleetd", owned)
    #expect(
      try live.changes(manifest).map { String($0.prefix { $0 != " " }) } == ["containers[c].livenessProbe:"])
    let shared = try live.owned(
      by: "tuner", #"f:spec: {f:containers: {'k:{"name":"c"}': {f:livenessProbe: {f:timeoutSeconds: {}}}}}"#)
    #expect(
      try shared.changes(manifest).map { String($0.prefix { $0 != " " }) } == [
        "containers[c].livenessProbe.httpGet:"
      ])
  }

  @Test("an item of a list that was applied goes, with what others have in it, unless they own the item")
  func items() throws {
    let kind = "apiVersion: example.com/v1\nkind: Shelf\nmetadata: {name: a}\n"
    let live = try PredictionFixture(kind + "spec: {books: [{name: a, pages: 1}, {name: b}]}\n").owned(
      by: "fleetd",
      #"f:spec: {f:books: {'k:{"name":"a"}': {'.': {}, f:name: {}}, 'k:{"name":"b"}': {'.': {}, f:name: {}}}}"#)
    let manifest = kind + "spec: {books: [{name: b}]}\n"
    #expect(try live.changes(manifest) == [#"books[a]: {"name":"a","pages":1} -> -"#])
    let shared = try live.owned(
      by: "kubectl", #"f:spec: {f:books: {'k:{"name":"a"}': {'.': {}, f:pages: {}, f:name: {}}}}"#, as: "Update")
    #expect(try shared.changes(manifest) == [])
  }

  @Test("a name that somebody chose is a field of its own: who applied it takes it away with what others put into it")
  func chosenNames() throws {
    let kind = "apiVersion: example.com/v1\nkind: Loose\nmetadata: {name: a}\n"
    let live = try PredictionFixture(kind + "spec: {size: 1, owner: {name: nick, x: z}}\n")
      .owned(by: "fleetd", "f:spec: {'.': {}, f:size: {}, f:owner: {'.': {}, f:name: {}}}")
      .owned(by: "somebody", "f:spec: {f:owner: {f:x: {}}}", as: "Update")
    #expect(try live.changes(kind + "spec: {size: 1}\n") == [#"owner: {"name":"nick","x":"z"} -> -"#])
  }

  @Test("another version of the API is compared as if it were one, and keeps the live one's name")
  func version() throws {
    let live = try PredictionFixture("apiVersion: example.com/v2\nkind: Shelf\nmetadata: {name: a}\nspec: {size: 1}\n")
      .owned(by: "fleetd", "f:spec: {f:size: {}}")
    let manifest = "apiVersion: example.com/v1\nkind: Shelf\nmetadata: {name: a}\nspec: {size: 2}\n"
    #expect(try live.changes(manifest) == ["size: 1 -> 2"])
  }

  @Test("what is laid over it says nothing where it is null or empty")
  func nothing() throws {
    let live = try map("x: '1'", "f:x: {}")
    #expect(try live.changes("\(Self.head), labels: {}, annotations: null, finalizers: []}\ndata: {x: '1'}\n") == [])
    #expect(try live.changes("\(Self.head)}\ndata: null\n") == ["data: {\"x\":\"1\"} -> -"])
  }

  @Test("a list has the manifest's order; what only others have stays behind what it stood behind")
  func order() {
    func merged(_ live: String, _ manifest: String, _ order: ListOrder = .applied) -> String {
      func elements(_ text: String) -> [FieldElement] { text.map { .field(String($0)) } }
      return order.merged(live: elements(live), manifest: elements(manifest)).compactMap(\.name).joined()
    }
    #expect(merged("abc", "cba") == "cba")
    #expect(merged("axb", "ab") == "axb")
    #expect(merged("axb", "ba") == "xba")
    #expect(merged("ab", "acb") == "acb")
    #expect(merged("", "ab") == "ab" && merged("ab", "") == "ab")
    #expect(merged("abx", "cab", .live) == "abxc")
  }
}
