import Testing

@testable import FleetModel

@Suite("layers of the inventory")
struct LayerMergeTests {
  private func node(_ documents: String...) throws -> NodeSpec {
    let (fleet, messages) = InventoryText.decode(documents.joined(separator: "---\n"))
    #expect(messages.isEmpty)
    return try #require(fleet?.nodes.first)
  }

  /// A node of a fleet with one profile.
  private func node(profile: String, own spec: String) throws -> NodeSpec {
    try node(
      InventoryText.fleet("{profiles: [base]}"),
      InventoryText.profile("base", profile),
      InventoryText.node(spec: spec)
    )
  }

  @Test("maps merge, and the node's values win")
  func maps() throws {
    let node = try node(profile: "{sysctl: {a.b: 1, c.d: 2}}", own: "sysctl: {c.d: 3, e.f: 4}")
    let settings = try #require(node.resource(of: Sysctl.self)).settings.map { "\($0.key)=\($0.value)" }
    #expect(settings == ["a.b=1", "c.d=3", "e.f=4"])
  }

  @Test("sets are united in the order of first mention")
  func sets() throws {
    let node = try node(
      profile: "{boot: {cmdline: {present: [b=1, a=1]}}}", own: "boot: {cmdline: {present: [c=1, a=1]}}")
    #expect(node.resource(of: Boot.self)?.present == ["b=1", "a=1", "c=1"])
  }

  @Test("files merge by path, key by key")
  func keyedLists() throws {
    let node = try node(
      profile: "{files: [{path: /a, content: one, mode: \"0600\"}, {path: /b, content: b}]}",
      own: "files: [{path: /a, content: two}]")
    let files = try #require(node.resource(of: Files.self)).files
    #expect(files.map(\.path) == ["/a", "/b"])
    #expect(files.first?.content == Content("two"))
    #expect(files.first?.mode == "0600")
  }

  @Test("a command is replaced, never mixed")
  func atomicLists() throws {
    let node = try node(
      profile: "{files: [{path: /a, content: a, validate: [old, -c, \"%s\"]}]}",
      own: "files: [{path: /a, validate: [new, \"%s\"]}]")
    #expect(node.resource(of: Files.self)?.files.first?.validate == ["new", "%s"])
  }

  @Test("a value of another shape is replaced as a whole")
  func shapes() throws {
    let node = try node(
      profile: "{files: [{path: /a, content: {secret: s}, notify: [a, b]}]}",
      own: "files: [{path: /a, content: plain, notify: c}]")
    let file = try #require(node.resource(of: Files.self)?.files.first)
    #expect(file.content == Content("plain"))
    #expect(file.notify == ["c.service"])
  }

  @Test("the fleet's profiles come before the node's, each once")
  func order() throws {
    let node = try node(
      InventoryText.fleet("{profiles: [one]}"),
      InventoryText.profile("two", "{boot: {cmdline: {present: [two=1]}}}"),
      InventoryText.profile("one", "{boot: {cmdline: {present: [one=1]}}}"),
      InventoryText.node(spec: "profiles: [two, one]")
    )
    #expect(node.resource(of: Boot.self)?.present == ["one=1", "two=1"])
  }

  private static let disagreeing = [
    InventoryText.profile("a", "{sysctl: {vm.swappiness: 10}}"),
    InventoryText.profile("b", "{sysctl: {vm.swappiness: 60}}"),
  ]

  @Test("two profiles that disagree are reported with both places")
  func conflict() {
    let messages = InventoryText.decode(files: [
      "fleet.yaml": InventoryText.fleet, "a.yaml": Self.disagreeing[0], "b.yaml": Self.disagreeing[1],
      "pi1.yaml": InventoryText.node(spec: "profiles: [a, b]"),
    ]).messages
    #expect(
      messages == [
        """
        b.yaml:4:32: spec.sysctl.vm.swappiness: two profiles of pi1 disagree; the other value is in a.yaml:4:32
          spec: {sysctl: {vm.swappiness: 60}}
                                         ^
          = give the value in the Node, or in one of the profiles only
        """
      ]
    )
  }

  @Test("the node's own value settles it")
  func settled() throws {
    let node = try node(
      InventoryText.fleet, Self.disagreeing[0], Self.disagreeing[1],
      InventoryText.node(spec: "profiles: [a, b], sysctl: {vm.swappiness: 30}")
    )
    #expect(node.resource(of: Sysctl.self)?.settings.map(\.value) == ["30"])
  }

  @Test("the node settles one file and not another")
  func settledFile() {
    let messages = InventoryText.decode(
      InventoryText.fleet,
      InventoryText.profile("a", "{files: [{path: /x, content: a}, {path: /y, content: a}]}"),
      InventoryText.profile("b", "{files: [{path: /x, content: b}, {path: /y, content: b}]}"),
      InventoryText.node(spec: "profiles: [a, b], files: [{path: /x, content: c}]")
    ).messages
    #expect(messages.count == 1)
    #expect(messages.first?.contains("spec.files./y.content: two profiles of pi1 disagree") == true)
  }

  @Test("the same value in two profiles is no disagreement, however it is written")
  func agreement() throws {
    let node = try node(
      InventoryText.fleet,
      InventoryText.profile("a", "{services: {ssh: {state: started}}}"),
      InventoryText.profile("b", "{services: {ssh: {state: \"started\"}}}"),
      InventoryText.node(spec: "profiles: [a, b]")
    )
    #expect(node.resource(of: Services.self)?.wishes.map(\.started) == [true])
  }
}
