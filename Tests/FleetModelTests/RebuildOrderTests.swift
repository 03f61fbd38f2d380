import Testing

@testable import FleetModel

@Suite("reprovision: what an order means, and what is refused")
struct RebuildOrderTests {
  private func titles(_ fixture: RemovalFixture) throws -> [String] {
    let order = try fixture.rebuildOrder()
    #expect(order.obstacles.isEmpty, "\(order.obstacles)")
    return order.steps.map(\.title)
  }

  private func refusal(_ fixture: RemovalFixture) throws -> Reason? {
    let order = try fixture.rebuildOrder()
    #expect(order.steps.isEmpty && order.changes.isEmpty)
    return order.obstacles.first?.reason
  }

  @Test("the node is cordoned and emptied, and nothing of it is cleared yet")
  func agent() throws {
    let order = try RemovalFixture().rebuildOrder()
    #expect(order.steps.map(\.title) == ["cordon agent", "drain agent"])
    #expect(order.changes.map(\.name) == ["cordon", "drain"])
    for step in order.steps {
      if case .onServer(_, _, let spared) = step.action { #expect(spared == nil) }
    }
  }

  @Test("the cordon is none that a later run takes for left behind, and calling off ends this one alone")
  func owner() throws {
    let order = try RemovalFixture().rebuildOrder()
    guard case .onServer(_, let input, sparing: _)? = order.steps.first?.action else {
      Issue.record("no cordon")
      return
    }
    #expect(input.lines == [["agent", "fleet/home/rebuild"]])
    guard case .onServer(.uncordon, let back, sparing: _) = RebuildOrder.abandoning("agent", in: "home").action else {
      Issue.record("no uncordon")
      return
    }
    #expect(back.lines == [["agent", "fleet/home/rebuild"]])
  }

  @Test("a cordon that a run of this fleet left is taken over; somebody else's, and an order's own, stay")
  func cordoned() throws {
    func fixture(_ owner: String?) -> RemovalFixture {
      RemovalFixture(cordoned: ["agent"], annotations: owner.map { [Cordon.annotation: $0] } ?? [:])
    }
    #expect(
      try titles(fixture("fleet/home")) == ["end the cordon of an earlier run", "cordon agent", "drain agent"])
    #expect(try titles(fixture("fleet/home/rebuild")) == ["drain agent"])
    let foreign = try fixture(nil).rebuildOrder()
    #expect(foreign.steps.map(\.title) == ["drain agent"])
    #expect(foreign.warnings.contains { $0.hasPrefix("somebody cordoned it") })
  }

  @Test("a node that is away, or not Ready, is ordered without a drain")
  func away() throws {
    #expect(try titles(RemovalFixture(notReady: ["agent"], away: true)) == ["cordon agent"])
    let order = try RemovalFixture(notReady: ["agent"], away: true).rebuildOrder()
    #expect(order.warnings.contains { $0.hasPrefix("it was not observed") })
  }

  @Test("a server may go while the others keep quorum; the last one, and one of two, may not")
  func servers() throws {
    #expect(try titles(RemovalFixture(target: "s3")) == ["cordon s3", "drain s3"])
    #expect(try refusal(RemovalFixture(target: "s1", members: ["s1"])) == .quorumAtRisk)
    #expect(try refusal(RemovalFixture(target: "s3", notReady: ["s2"])) == .quorumAtRisk)
    let allowed = RemovalFixture(
      target: "s2", members: ["s1", "s2"], rollout: ", rollout: {servers: {allowQuorumLoss: true}}")
    let order = try allowed.rebuildOrder()
    #expect(order.obstacles.first?.reason == .quorumAtRisk)
    #expect(order.obstacles.first?.next?.contains("fleetd remove s2") == true)
  }

  @Test("nobody tells of the cluster, a pause, a running step, another board: refused")
  func refused() throws {
    #expect(try refusal(RemovalFixture(isAnswering: false)) == .apiUnreachable)
    #expect(try refusal(RemovalFixture(host: ["running": "apt 1700000000"])) == .stepRunning)
    #expect(try refusal(RemovalFixture(host: ["board": "10000000ffffffff"])) == .boardChanged)
    let pause = Finding(.held, .paused, Host.kind, "paused: new SSD")
    let paused = try RemovalFixture().rebuildOrder(pause: pause)
    #expect(paused.obstacles.map(\.reason) == [.paused] && paused.steps.isEmpty)
  }

  @Test("a board that nobody knows is said before the card is written; one that the Node object names is not")
  func board() throws {
    func warns(_ fixture: RemovalFixture) throws -> Bool {
      try fixture.rebuildOrder().warnings.contains { $0.contains("spec.serial") }
    }
    #expect(try warns(RemovalFixture()))
    #expect(try !warns(RemovalFixture(annotations: [NodeOwnership.boardAnnotation: "10000000abcdef01"])))
  }

  @Test("what is shown names the steps, the clock and the way back; a node's text cannot act on the terminal")
  func text() throws {
    let order = try RemovalFixture().rebuildOrder()
    let text = RebuildOrderText(style: .plain)
    let shown = text.render(order, from: "home", target: 3600)
    #expect(shown.contains("agent  is rebuilt, within 1h") && shown.contains("! cordon") && shown.contains("! clock"))
    #expect(text.next(order, isNew: true, hasPinnedKey: false).contains("fleetd trust agent"))
    #expect(text.next(order, isNew: false, hasPinnedKey: true).contains("runs already"))
    let hostile = Finding(.held, .paused, Host.kind, "a\u{1B}[31mb")
    let refused = try RemovalFixture().rebuildOrder(pause: hostile)
    #expect(!text.render(refused, from: "home", target: 60).contains("\u{1B}"))
  }
}
