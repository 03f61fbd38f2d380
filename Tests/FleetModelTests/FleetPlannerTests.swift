import Testing

@testable import FleetModel

@Suite("the plan of the fleet")
struct FleetPlannerTests {
  /// An older release, that `K3sFixture.wanted` may follow.
  private static let older = "v1.33.3+k3s1"

  private func disturbed(_ plan: FleetPlan) -> [[String]] { plan.waves.map { $0.nodes.map(\.node) } }

  @Test("a fleet in sync has no waves")
  func inSync() throws {
    let plan = try K3sNodes().plan()
    #expect(plan.nodes.map(\.node) == ["agent", "server"] && plan.nodes.allSatisfy(\.isInSync))
    #expect(plan.waves.isEmpty)
  }

  @Test("the server is disturbed before the agents, one node at a time")
  func order() throws {
    var nodes = K3sNodes()
    nodes.serverAnswer = nodes.serverAnswer.installed(Self.older)
    nodes.agentAnswer = nodes.agentAnswer.installed(Self.older)
    let plan = try nodes.plan()
    #expect(disturbed(plan) == [["server"], ["agent"]])
    #expect(plan.nodes.allSatisfy { $0.findings.isEmpty })
  }

  @Test("a blank fleet is founded server first; its agents join in the next round of the same run")
  func blank() throws {
    var nodes = K3sNodes()
    nodes.serverAnswer = .blank
    nodes.agentAnswer = .blank
    let first = try nodes.plan()
    #expect(disturbed(first) == [["server"]])
    let held = first.nodes.first { $0.node == "agent" }?.changeSets.map { $0.held?.reason } ?? []
    #expect(Set(held) == [.waitsForServer])
    #expect(first.nodesWithMoreToCome.isEmpty)
    var founded = nodes
    founded.serverAnswer = K3sNodes().serverAnswer
    let second = try founded.plan()
    #expect(second.freed(after: [first], without: []).nodes.map(\.node) == ["agent"])
    #expect(second.freed(after: [first, second], without: []).nodes.isEmpty)
    #expect(second.freed(after: [first], without: ["agent"]).nodes.isEmpty)
  }

  @Test("a blank server founds nothing where an agent carries a cluster's CA, or a cluster is remembered")
  func noSecondCluster() throws {
    var carried = K3sNodes()
    carried.serverAnswer = .blank
    var remembered = carried
    remembered.agentAnswer = .blank
    remembered.past = ClusterPast(authority: K3sFixture.authority)
    for nodes in [carried, remembered] {
      let plan = try nodes.plan()
      #expect(plan.waves.isEmpty)
      #expect(plan.nodes.first { $0.node == "server" }?.findings.map(\.reason) == [.foundingRefused])
    }
    remembered.past = ClusterPast(authority: K3sFixture.authority, isFoundingOrdered: true)
    #expect(disturbed(try remembered.plan()) == [["server"]])
  }

  @Test("agents never pass a server that this run does not upgrade")
  func agentsWait() throws {
    var nodes = K3sNodes()
    nodes.serverAnswer = nodes.serverAnswer.installed(Self.older)
    nodes.agentAnswer = nodes.agentAnswer.installed(Self.older)
    nodes.selection = NodeSelection(names: ["agent"], labels: [:])
    let narrow = try nodes.plan()
    #expect(narrow.waves.isEmpty)
    #expect(narrow.nodes.first?.changeSets.first?.held?.reason == .waitsForServer)
    nodes.selection = .all
    nodes.away = ["server"]
    #expect(try nodes.plan().waves.isEmpty)
  }

  @Test("a file that k3s reads restarts it when it is the node's turn, and not before")
  func notifiedK3s() throws {
    var nodes = K3sNodes()
    nodes.agentSpec = "files: [{path: /a, content: a, notify: k3s-agent}]"
    nodes.agentFiles = ["/a": .absent]
    let plan = try nodes.plan()
    let agent = try #require(plan.nodes.first { $0.node == "agent" })
    #expect(agent.changes.map(\.kind) == [Files.kind, K3s.kind])
    #expect(agent.undisturbing.flatMap(\.changes).map(\.kind) == [Files.kind])
    #expect(disturbed(plan) == [["agent"]])
  }

  @Test("a node that is away does not stop the others")
  func away() throws {
    var nodes = K3sNodes()
    nodes.away = ["agent"]
    nodes.serverAnswer = nodes.serverAnswer.installed(Self.older)
    let plan = try nodes.plan()
    #expect(disturbed(plan) == [["server"]])
    #expect(plan.summary.notObserved == 1)
  }

  @Test("a narrowed run observes all nodes and changes the selected ones")
  func selection() throws {
    var nodes = K3sNodes()
    nodes.serverAnswer = nodes.serverAnswer.installed(Self.older)
    nodes.agentAnswer = nodes.agentAnswer.installed(Self.older)
    nodes.selection = NodeSelection(names: ["server"], labels: [:])
    let plan = try nodes.plan()
    #expect(disturbed(plan) == [["server"]])
    #expect(plan.nodes.allSatisfy { $0.observed != nil && !$0.changes.isEmpty })
    #expect(plan.summary.changedNodes == 1 && plan.summary.nodes == 2)
  }

  @Test("names widen a selection, labels narrow it")
  func selectionRule() throws {
    let fleet = try #require(
      InventoryText.decode(
        InventoryText.fleet,
        InventoryText.node("pi1").replacing("{name: pi1}", with: "{name: pi1, labels: {rack: a, disk: ssd}}"),
        InventoryText.node("pi2", address: "192.0.2.2").replacing(
          "{name: pi2}", with: "{name: pi2, labels: {rack: a}}"),
        InventoryText.node("pi3", address: "192.0.2.3")
      ).fleet
    )
    func selected(_ names: Set<String>, _ labels: [String: String]) -> [String] {
      fleet.nodes.filter(NodeSelection(names: names, labels: labels).contains).map(\.name)
    }
    #expect(selected([], [:]) == ["pi1", "pi2", "pi3"] && !NodeSelection.all.isNarrow)
    #expect(selected(["pi1", "pi3"], [:]) == ["pi1", "pi3"])
    #expect(selected([], ["rack": "a"]) == ["pi1", "pi2"])
    #expect(selected([], ["rack": "a", "disk": "ssd"]) == ["pi1"])
    #expect(selected(["pi2"], ["disk": "ssd"]).isEmpty)
  }

  @Test("the numbers of the last line are those of the plan")
  func summary() {
    let change = Change(.add, Files.kind, "/a")
    let held = Finding(.held, .clockSkew, Packages.kind, "the clock is off")
    let refused = Finding(.refused, .cmdlineUnsafe, Boot.kind, "no root=")
    let blocked = Finding(.blocked, .unitNotFound, Services.kind, "no unit")
    let summary = RendererFixture.plan([
      RendererFixture.node("a", [RendererFixture.set(change, change)]),
      RendererFixture.node("b", [RendererFixture.set(change, held: held)], [refused, blocked]),
      RendererFixture.node("c"), RendererFixture.away("d", RendererFixture.refusedConnection),
      RendererFixture.node("e", [RendererFixture.set(change)], isSelected: false),
    ]).summary
    #expect((summary.changes, summary.changedNodes, summary.nodes) == (3, 2, 5))
    #expect((summary.inSync, summary.notObserved, summary.held) == (1, 1, 1))
    #expect((summary.refused, summary.blocked) == (1, 1))
  }
}
