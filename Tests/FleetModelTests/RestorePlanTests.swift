import Testing

@testable import FleetModel

@Suite("a restore, before it begins")
struct RestorePlanTests {
  private static let token = K3sHidden.digest(of: K3sFixture.token)

  private static func snapshot(version: String = K3sFixture.wanted, fleet: String = "home") throws -> K3sSnapshot {
    let text = """
      {"fleet":"\(fleet)","name":"fleetd-x","node":"pi1","sha256":"\(K3sFixture.sum)","size":4096,"takenAt":1700000000,\
      "version":"\(version)"}
      """
    return try #require(K3sSnapshot(parsing: Array(text.utf8)))
  }

  private static func source(
    _ snapshot: K3sSnapshot, isIntact: Bool = true, token: String? = token
  ) -> RestorePlan.Source {
    .init(snapshot, path: "/state/snapshots/home/x.db", isIntact: isIntact, tokenDigest: token)
  }

  private static func restore(
    _ source: RestorePlan.Source, over nodes: K3sNodes, first: String? = nil, without: Set<String> = []
  ) throws -> RestorePlan {
    try RestorePlan(
      of: source, over: try nodes.fleet(), try nodes.plan(), wantedToken: token, first: first, without: without)
  }

  /// Every one of them in one list.
  private static func refusals(_ source: RestorePlan.Source, over nodes: K3sNodes = K3sNodes()) throws -> [String] {
    do {
      _ = try restore(source, over: nodes)
      return []
    } catch let refusal as RestorePlan.Refusal {
      #expect(refusal.reasons.allSatisfy { $0.reason == .restoreRefused && $0.next != nil })
      return refusal.reasons.map(\.message)
    }
  }

  @Test("a server that lives takes it: stopped, given the token and the snapshot, started, awaited")
  func steps() throws {
    let restore = try Self.restore(Self.source(try Self.snapshot()), over: K3sNodes())
    #expect(restore.first == "server")
    #expect(
      restore.steps.map(\.step.title) == [
        "stop k3s for the restore", "give k3s the snapshot's token", "send the snapshot",
        "restore 20231114T221320Z-pi1", "start k3s", "await the API server of server",
      ])
    #expect(restore.finishing.map(\.step.title) == ["end the restore"])
    #expect(Set(restore.steps.map(\.node)) == ["server"])
    #expect(restore.losses.contains { $0.contains("2023-11-14 22:13 UTC") && $0.contains("is lost") })
  }

  @Test("no step shows the token, and only the wanted file is sent")
  func secrets() throws {
    let restore = try Self.restore(Self.source(try Self.snapshot()), over: K3sNodes())
    #expect(!"\(restore.steps)".contains(K3sFixture.token))
    let sent = restore.steps.compactMap {
      if case .push(let artifact, _, let mode) = $0.step.action { (artifact, mode) } else { nil }
    }
    #expect(sent.count == 1 && sent.first?.0.sha256 == K3sFixture.sum && sent.first?.1 == "0600")
  }

  @Test("an older minor release is refused, an older patch is not")
  func releases() throws {
    #expect(try Self.refusals(Self.source(try Self.snapshot(version: "v1.33.9+k3s1"))).isEmpty)
    #expect(try Self.refusals(Self.source(try Self.snapshot(version: "v1.32.1+k3s1"))).isEmpty)
    let refusals = try Self.refusals(Self.source(try Self.snapshot(version: "v1.34.0+k3s1")))
    #expect(refusals.count == 1 && refusals[0].contains("server has v1.33.4+k3s1"))
  }

  @Test("everything that speaks against it is said at once")
  func all() throws {
    let source = Self.source(try Self.snapshot(version: "v1.34.0+k3s1", fleet: "work"), isIntact: false, token: nil)
    let refusals = try Self.refusals(source)
    #expect(refusals.count == 4)
    for word in ["the fleet work", "SHA-256 differs", "token beside it is gone", "v1.34.0+k3s1"] {
      #expect(refusals.contains { $0.contains(word) }, "\(word)")
    }
  }

  @Test("a token of another time is refused where a secret says which is wanted")
  func token() throws {
    let refusals = try Self.refusals(Self.source(try Self.snapshot(), token: K3sHidden.digest(of: "older")))
    #expect(refusals.count == 1 && refusals[0].contains("another token than the secret k3s-token"))
  }

  @Test("a server that was not seen is in the way, unless somebody says that it is gone")
  func away() throws {
    var nodes = K3sNodes()
    nodes.away = ["server"]
    let refusals = try Self.refusals(Self.source(try Self.snapshot()), over: nodes)
    #expect(refusals.count == 1 && refusals[0].hasPrefix("server was not observed"))
    #expect(throws: RestorePlan.Refusal.self) {
      try Self.restore(Self.source(try Self.snapshot()), over: nodes, without: ["server"])
    }
  }

  @Test("on a blank server k3s is set up first, and started after the snapshot is in place")
  func blank() throws {
    var nodes = K3sNodes()
    nodes.serverAnswer = .blank
    nodes.past = ClusterPast(authority: nil, isFoundingOrdered: true)
    let restore = try Self.restore(Self.source(try Self.snapshot()), over: nodes)
    let titles = restore.steps.map(\.step.title)
    let install = try #require(titles.firstIndex(of: "install k3s v1.33.4+k3s1"))
    let reset = try #require(titles.firstIndex { $0.hasPrefix("restore ") })
    #expect(titles.filter { $0 == "start k3s" }.count == 1)
    #expect(install < reset && reset < (titles.firstIndex(of: "start k3s") ?? 0))
  }
}

@Suite("a rotation of the token, before it begins")
struct TokenRotationTests {
  private static let next = K3sHidden.digest(of: K3sFixture.token)

  private static func rotation(_ change: (inout K3sNodes) -> Void = { _ in }) throws -> TokenRotation {
    var nodes = K3sNodes()
    // The nodes have the old token, the inventory wants the fixture's.
    nodes.past.isRotatingToken = true
    nodes.serverAnswer.tokens[K3sPaths.serverToken] = K3sHidden.digest(of: "old")
    for path in [\K3sNodes.serverAnswer, \K3sNodes.agentAnswer] {
      nodes[keyPath: path] = nodes[keyPath: path].having(K3sPaths.token, .text("old"))
    }
    change(&nodes)
    return try TokenRotation(over: try nodes.fleet(), try nodes.plan(), to: next)
  }

  private static func refusals(_ change: (inout K3sNodes) -> Void) throws -> [String] {
    do {
      _ = try rotation(change)
      return []
    } catch let refusal as TokenRotation.Refusal {
      return refusal.reasons.map(\.message)
    }
  }

  @Test("the token's file and a restart on every node, and nothing else that is owed")
  func plan() throws {
    let rotation = try Self.rotation()
    #expect(!rotation.isClusterTold && rotation.missing.isEmpty)
    for node in rotation.plan.nodes {
      #expect(node.changes.map(\.kind) == [K3s.kind, K3s.kind])
      #expect(node.changes.first?.name == K3sPaths.token && node.changes.first?.after == .secret)
    }
    #expect(rotation.plan.waves.map { $0.nodes.map(\.node) } == [["server"], ["agent"]])
  }

  @Test("a server that has the new one in server/token has told the datastore")
  func told() throws {
    #expect(try Self.rotation { $0.serverAnswer.tokens[K3sPaths.serverToken] = Self.next }.isClusterTold)
  }

  @Test("every server must run, and nothing else of k3s may be owed")
  func refused() throws {
    let stopped = try Self.refusals { $0.serverAnswer.state = "failed" }
    #expect(stopped.contains { $0.contains("server is no running server") })
    let other = try Self.refusals { $0.agentAnswer = $0.agentAnswer.having(K3sPaths.config, .text("debug: true\n")) }
    #expect(other.contains { $0.contains("agent is owed another change of k3s") })
  }

  @Test("a rotation to another token that has not ended is ended first")
  func underWay() throws {
    func begun(to digest: String) throws -> TokenRotation {
      let rotation = try Self.rotation()
      return try TokenRotation(over: try K3sNodes().fleet(), rotation.plan, to: Self.next, underWay: digest)
    }
    #expect(try begun(to: Self.next).isClusterTold)
    #expect(throws: TokenRotation.Refusal.self) { try begun(to: K3sHidden.digest(of: "third")) }
  }

  @Test("agents wait for a server that has to wait")
  func held() throws {
    let rotation = try Self.rotation { nodes in
      nodes.serverSkew = 3600
    }
    #expect(rotation.plan.nodes.map(\.node) == ["server"] && rotation.plan.waves.isEmpty)
  }

  @Test("an agent that is away gets it later, and keeps the previous one from being forgotten")
  func away() throws {
    let rotation = try Self.rotation { $0.away = ["agent"] }
    #expect(rotation.missing == ["agent"])
    #expect(TokenRotation.lagging(in: rotation.plan) == ["agent", "server"])
  }
}
