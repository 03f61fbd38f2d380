import Testing

@testable import FleetModel

@Suite("what a node remembers")
struct NodeRecordTests {
  private static func fixture(_ spec: String, remembers record: String) -> ModelFixture {
    var fixture = ModelFixture(spec)
    fixture.host = ["declared": record, "board": "10000000abcdef01\n"]
    return fixture
  }

  private func lines(of script: StepScript, in plan: NodePlan) -> [[String]] {
    plan.changeSets.flatMap(\.steps).flatMap { step -> [[String]] in
      guard case .run(script, let input) = step.action else { return [] }
      return input.lines
    }
  }

  @Test("what was applied and is no longer declared is listed, by kind and name, and nothing is changed")
  func listed() throws {
    let plan = try Self.fixture(
      "sysctl: {vm.swappiness: 10}", remembers: "package\tjq\nfile\t/a\nsysctl\tvm.swappiness\n"
    )
    .plan()
    #expect(plan.isInSync && plan.hasNews && ExitCode(checking: RendererFixture.plan([plan])) == .inSync)
    #expect(
      plan.findings.map(\.message) == [
        "file /a: declared once, no longer; left on the node as it is",
        "package jq: declared once, no longer; left on the node as it is",
      ]
    )
    #expect(plan.findings.map(\.kind.name) == ["file", "package"])
    #expect(plan.findings.compactMap(\.next).count == 1)
    #expect(plan.findings.last?.next?.contains("fleetd forget pi1 KIND NAME") == true)
  }

  @Test("a kind that this version does not know is listed too")
  func unknownKind() throws {
    let plan = try Self.fixture("", remembers: "hologram\tx\n").plan()
    #expect(plan.findings.map(\.message) == ["hologram x: declared once, no longer; left on the node as it is"])
  }

  @Test("what is declared absent is not listed, nor what this very plan removes")
  func absent() throws {
    var fixture = Self.fixture(
      "files: [{path: /a, state: absent}, {path: /b, state: absent}]", remembers: "file\t/a\nfile\t/b\n")
    fixture.files = ["/a": .absent, "/b": .regular("x", mode: "0644")]
    let plan = try fixture.plan()
    #expect(plan.findings.isEmpty && plan.changes.map(\.name) == ["/b"])
    // What is gone already is struck off first, what is removed when it is gone.
    #expect(
      plan.changeSets.flatMap(\.steps).map(\.title) == [
        "strike off what is gone", "remove /b", "strike off what is gone",
      ])
    #expect(lines(of: .forget, in: plan) == [["file", "/a"], ["file", "/b"]])
  }

  @Test("all that is declared is written down before the first change, and only what is new")
  func written() throws {
    var fixture = Self.fixture("files: [{path: /a, content: a}, {path: /b, content: b}]", remembers: "file\t/a\n")
    fixture.files = ["/b": .absent]
    let plan = try fixture.plan()
    #expect(plan.changeSets.flatMap(\.steps).map(\.title) == ["write down what is declared", "write /b"])
    #expect(lines(of: .record, in: plan) == [[""], ["file", "/b"]])
  }

  @Test("the board is written down with the first change")
  func board() throws {
    var fixture = ModelFixture("files: [{path: /a, content: a}]")
    fixture.files = ["/a": .absent]
    #expect(try lines(of: .record, in: fixture.plan()) == [["10000000abcdef01"], ["file", "/a"]])
    fixture.host = ["serial": "no serial"]
    #expect(try lines(of: .record, in: fixture.plan()) == [[""], ["file", "/a"]])
  }

  @Test("a node in sync is not written to, whatever it remembers", arguments: ["", "file\t/other\n"])
  func inSync(_ record: String) throws {
    let plan = try Self.fixture("files: [{path: /a, content: a}]", remembers: record).plan()
    #expect(plan.isInSync && plan.changeSets.isEmpty)
  }

  @Test("while every change is held, nothing is written down either")
  func held() throws {
    var fixture = Self.fixture("files: [{path: /a, content: a}]", remembers: "")
    fixture.files = ["/a": .absent]
    fixture.host["cloud-init"] = "running"
    let plan = try fixture.plan()
    #expect(!plan.changeSets.isEmpty && plan.actionable.isEmpty && lines(of: .record, in: plan).isEmpty)
  }

  @Test("of a hostile record nothing is taken for an entry that is none, and nothing acts on a terminal")
  func hostile() throws {
    let record = "no tab\n\tno kind\nfile\t\nfile\t\u{1B}[31mred\n" + String(repeating: "x", count: 9999) + "\ty\n"
    let plan = try Self.fixture("", remembers: record).plan()
    #expect(plan.findings.count == 2)
    let text = TextRenderer(style: .plain).render(RendererFixture.plan([plan]))
    #expect(!text.unicodeScalars.contains("\u{1B}") && text.contains("\\x1b[31mred"))
  }

  @Test("many of them are folded on a terminal and in Markdown, and whole in JSON and with --verbose")
  func folded() throws {
    let record = (10..<40).map { "file\t/\($0)\n" }.joined()
    let plan = RendererFixture.plan([try Self.fixture("", remembers: record).plan()])
    for text in [TextRenderer(style: .plain).render(plan), MarkdownRenderer().render(plan)] {
      #expect(text.contains("/21") && !text.contains("/22") && text.contains("and 18 more"))
      #expect(text.contains("fleetd forget pi1 KIND NAME"))
    }
    for text in [TextRenderer(style: .plain, isVerbose: true).render(plan), JSONRenderer().render(plan)] {
      #expect(text.contains("/39: declared once") && !text.contains("more; --verbose"))
    }
  }
}

@Suite("which board a node is")
struct BoardTests {
  private static let drifted = "files: [{path: /a, content: a}]"

  private func plan(_ spec: String, board: String?, serial: String = "10000000abcdef01") throws -> NodePlan {
    var fixture = ModelFixture(spec.isEmpty ? Self.drifted : "\(Self.drifted), \(spec)")
    fixture.files = ["/a": .absent]
    fixture.host = ["serial": serial + "\n"]
    if let board { fixture.host["board"] = board + "\n" }
    return try fixture.plan()
  }

  @Test("a card in another board than fleetd set it up in is refused with both serials, before anything is touched")
  func moved() throws {
    let plan = try plan("", board: "10000000abcdef02")
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.boardChanged])
    let finding = try #require(plan.findings.first)
    #expect(finding.severity == .refused)
    #expect(finding.message.contains("10000000abcdef01") && finding.message.contains("10000000abcdef02"))
    #expect(finding.next?.contains("spec.serial: \"10000000abcdef01\"") == true)
  }

  @Test("a board that is not the pinned one is refused", arguments: [nil, "10000000abcdef01"])
  func notPinned(_ board: String?) throws {
    let plan = try plan(#"serial: "10000000ABCDEF09""#, board: board)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.boardChanged])
    #expect(plan.findings.first?.message.contains("10000000abcdef09") == true)
  }

  @Test("a pinned machine that tells no serial number is refused")
  func silent() throws {
    let plan = try plan(#"serial: "10000000abcdef01""#, board: nil, serial: "unknown")
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.boardChanged])
  }

  @Test("the pin says that a move is meant: the record follows, visibly")
  func meant() throws {
    let plan = try plan(#"serial: "10000000abcdef01""#, board: "10000000abcdef02")
    #expect(plan.findings.isEmpty && plan.changes.map(\.name) == ["board", "/a"])
    #expect(plan.changes.first?.before == .text("10000000abcdef02"))
  }

  @Test("the same board is no matter", arguments: ["", #"serial: "10000000abcdef01""#])
  func same(_ pin: String) throws {
    let plan = try plan(pin, board: "10000000ABCDEF01")
    #expect(plan.findings.isEmpty && plan.changes.map(\.name) == ["/a"])
  }

  @Test("a serial number is 16 hexadecimal digits, and one board is one node")
  func diagnostics() {
    let wrong = InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: #"serial: "12345""#)).messages
    #expect(wrong.count == 1 && wrong[0].contains("16 hexadecimal digits"))
    let pin = #"serial: "10000000abcdef01""#
    let twice = InventoryText.decode(
      InventoryText.fleet, InventoryText.node(spec: pin),
      InventoryText.node("pi2", address: "192.0.2.2", spec: pin)
    ).messages
    #expect(twice.count == 1 && twice[0].contains("pi2 is the board 10000000abcdef01, which is pi1 too"))
  }
}
