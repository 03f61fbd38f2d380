import Testing

@testable import FleetModel

@Suite("the cluster's token, compared before it is given to a node")
struct K3sClusterTokenTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let digests: [String: String]
    var server: String?
    var isGiven = false
    var isRotating = false
    let verdict: K3sClusterToken.Verdict
  }

  static let cases = [
    Case(description: "a blank fleet", digests: [:], verdict: .agrees),
    Case(
      description: "a living server in sync", digests: ["pi1": "wanted"], server: "pi1", isGiven: true, verdict: .agrees
    ),
    Case(
      description: "fleetd's file drifted, the datastore did not: the change restarts into what it is encrypted with",
      digests: ["pi1": "wanted"], server: "pi1", verdict: .agrees),
    Case(
      description: "somebody rotated by hand: the file is still the wanted one, and a restart would end",
      digests: ["pi1": "other"], server: "pi1", isGiven: true, verdict: .differsHere),
    Case(
      description: "the secret was changed: the change would restart into it",
      digests: ["pi1": "other"], server: "pi1", verdict: .differsHere),
    Case(
      description: "of three servers one was rotated by hand: the others wait too",
      digests: ["pi1": "wanted", "pi2": "other", "pi3": "wanted"], server: "pi1", isGiven: true,
      verdict: .differs(["pi2"])),
    Case(description: "an agent would be locked out", digests: ["pi1": "other"], verdict: .differs(["pi1"])),
    Case(
      description: "a blank server would be refused", digests: ["pi2": "other", "pi1": "other"],
      verdict: .differs(["pi1", "pi2"])),
    Case(description: "an agent of a cluster in sync", digests: ["pi1": "wanted"], verdict: .agrees),
    Case(
      description: "server/token is gone, and k3s is given the wanted one", digests: [:], server: "pi1", isGiven: true,
      verdict: .agrees),
    Case(description: "server/token is gone, and k3s is given another", digests: [:], server: "pi1", verdict: .unknown),
    Case(
      description: "server/token is gone here, and another server tells", digests: ["pi2": "wanted"], server: "pi1",
      verdict: .agrees),
    Case(
      description: "a rotation under way: this server was not restarted since",
      digests: ["pi1": "wanted", "pi2": "old"],
      server: "pi2", isRotating: true, verdict: .agrees),
    Case(
      description: "a rotation under way, and the server that knows is away", digests: ["pi2": "old"], server: "pi2",
      isRotating: true, verdict: .agrees),
  ]

  @Test("each case", arguments: cases)
  func verdicts(_ example: Case) {
    let token = K3sClusterToken(digests: example.digests, isRotating: example.isRotating)
    #expect(token.verdict(on: "wanted", server: example.server, isGiven: example.isGiven) == example.verdict)
  }

  @Test("the secure form loses its hash; another secret stays as it is")
  func bare() {
    let reference = SecretReference("t")
    for (given, password) in [
      ("K10\(String(repeating: "a", count: 64))::server:pass", "pass"), ("pass\n", "pass"), ("K10pass", "K10pass"),
      ("K10aa::server:pa:ss", "pa:ss"),
    ] {
      let vault = K3sToken.bare(SecretVault(["t": Secret(Array(given.utf8))]), reference)
      #expect(vault[reference]?.withBytes { String(decoding: $0, as: UTF8.self) } == password)
    }
  }

  private static func server(_ change: (inout Answer) -> Void) throws -> FleetPlan {
    var nodes = K3sNodes()
    change(&nodes.serverAnswer)
    return try nodes.plan()
  }

  private static func refusals(_ plan: FleetPlan, _ node: String) -> [Finding] {
    plan.nodes.first { $0.node == node }?.findings.filter { $0.severity == .refused } ?? []
  }

  @Test("a server whose datastore has another token is refused, and its agents with it")
  func refused() throws {
    let plan = try Self.server { $0.tokens[K3sPaths.serverToken] = K3sHidden.digest(of: "another") }
    let server = try #require(Self.refusals(plan, "server").first)
    #expect(server.reason == .k3sTokenDrift && server.message.contains("the secret k3s-token"))
    #expect(server.next?.contains("fleetd token rotate") == true && server.next?.contains("cut -d: -f4") == true)
    #expect(Self.refusals(plan, "agent").map(\.reason) == [.k3sTokenDrift])
    #expect(plan.nodes.allSatisfy { $0.changes.filter { $0.kind == K3s.kind }.isEmpty })
  }

  @Test("a server whose datastore has the wanted one is not")
  func agrees() throws {
    let plan = try Self.server { $0.tokens[K3sPaths.serverToken] = K3sHidden.digest(of: K3sFixture.token) }
    #expect(Self.refusals(plan, "server").isEmpty && Self.refusals(plan, "agent").isEmpty)
  }
}
