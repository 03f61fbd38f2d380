import Testing

@testable import FleetModel

@Suite("k3s: whom a node joins, and with which token")
struct K3sPlacementTests {
  private static let other = "https://192.0.2.9:6443"

  private func context(_ start: Founding.Start?, running: [String] = [], authority: String? = nil) -> ClusterContext {
    ClusterContext(view: nil, start: start, running: running, authority: authority)
  }

  private func fixture(_ role: Role, _ cluster: ClusterContext, endpoint: Bool = false) -> K3sFixture {
    var fixture = K3sFixture(role: role)
    fixture.cluster = cluster
    fixture.isEndpointGiven = endpoint
    return fixture
  }

  /// What would be written to a path.
  private func written(_ plan: KindPlan, _ path: String) -> Content? {
    plan.steps.compactMap { step -> Content? in
      guard case .run(.writeFile, let input) = step.action, input.lines.first?.first == path else { return nil }
      return input.payload
    }.first
  }

  private static let secure = Content([
    .text("K10\(K3sFixture.authority)::server:"), .secret(SecretReference("k3s-token")),
  ])
  private static let short = Content(secret: SecretReference("k3s-token"))

  @Test("the founder starts with cluster-init and the token in its short form")
  func founder() throws {
    let plan = try fixture(.server, context(.founds)).plan(.blank)
    #expect(written(plan, K3sPaths.config)?.text?.contains("cluster-init: true") == true)
    #expect(written(plan, K3sPaths.config)?.text?.contains("server:") == false)
    #expect(written(plan, K3sPaths.token) == Self.short)
    #expect(plan.changes.last?.note == "start; it founds the cluster")
  }

  @Test("a joining server points at a member that runs, without cluster-init, with a token that names the CA")
  func joiner() throws {
    let cluster = context(.joins([Self.other]), running: [Self.other], authority: K3sFixture.authority)
    let plan = try fixture(.server, cluster).plan(.blank)
    #expect(written(plan, K3sPaths.config)?.text?.contains("server: \"\(Self.other)\"") == true)
    #expect(written(plan, K3sPaths.config)?.text?.contains("cluster-init") == false)
    #expect(written(plan, K3sPaths.token) == Self.secure)
    #expect(plan.changes.last?.note == "start; it joins the cluster")
    #expect(plan.changeSets.allSatisfy { $0.held == nil })
  }

  @Test("the endpoint of the inventory goes before any server")
  func endpoint() throws {
    let cluster = context(.joins([Self.other]), running: [Self.other], authority: K3sFixture.authority)
    for role in Role.allCases {
      let plan = try fixture(role, cluster, endpoint: true).plan(.blank)
      #expect(written(plan, K3sPaths.config)?.text?.contains("server: \"https://k3s.lan:6443\"") == true)
    }
  }

  @Test("what waits for another server is shown and held; what must not found is refused")
  func waiting() throws {
    let waiting = try fixture(.server, context(.waits("it joins when s1 has founded the cluster"))).plan(.blank)
    #expect(waiting.changeSets.compactMap(\.held).map(\.reason) == [.waitsForServer])
    let agent = try fixture(.agent, context(nil)).plan(.blank)
    #expect(agent.changeSets.compactMap(\.held).map(\.reason) == [.waitsForServer])
    let refused = try fixture(.server, context(.refused("s2 could not be observed"))).plan(.blank)
    #expect(refused.changeSets.isEmpty && refused.refusals == [.foundingRefused])
    #expect(refused.findings.first?.next?.contains("--found-new-cluster") == true)
  }

  @Test("an agent may point at any declared server, and losing one restarts nobody")
  func anyServer() throws {
    for url in ["https://192.0.2.1:6443", Self.other] {
      let file = "node-name: pi3\nserver: \"\(url)\"\ntoken-file: /etc/rancher/k3s/fleetd-token\n"
      let cluster = context(nil, running: ["https://192.0.2.1:6443"], authority: K3sFixture.authority)
      let fixture = fixture(.agent, cluster)
      // The same keys in fleetd's own layout: nothing is written.
      let text = try fixture.configText().replacing("https://k3s.lan:6443", with: url)
      #expect(try fixture.plan(Answer().having(K3sPaths.config, .text(text))).changeSets.isEmpty)
      // In another layout it is written anew, and the server stays.
      let plan = try fixture.plan(Answer().having(K3sPaths.config, .text(file)))
      #expect(written(plan, K3sPaths.config)?.text?.contains(url) == true)
    }
    let strange = "node-name: pi3\nserver: https://elsewhere:6443\n"
    let cluster = context(nil, running: [Self.other], authority: K3sFixture.authority)
    let plan = try fixture(.agent, cluster).plan(Answer().having(K3sPaths.config, .text(strange)))
    #expect(written(plan, K3sPaths.config)?.text?.contains(Self.other) == true)
  }

  @Test("a member keeps what it was started with: cluster-init, or the server that it joined")
  func member() throws {
    var answer = Answer()
    answer.data = "etcd agent"
    let fixture = fixture(.server, context(.goesOn, running: [Self.other], authority: K3sFixture.authority))
    #expect(try fixture.plan(answer).changeSets.isEmpty)
    let joined = try fixture.k3s().configuration.without(["cluster-init"])
      .overlaid(with: K3sConfiguration([("server", Self.other)])).text
    #expect(try fixture.plan(answer.having(K3sPaths.config, .text(joined))).changeSets.isEmpty)
  }

  @Test("a token in either form is as wanted; a new one names the CA")
  func tokenForms() throws {
    let fixture = fixture(.agent, context(nil, running: [Self.other], authority: K3sFixture.authority), endpoint: true)
    let secure = "K10\(K3sFixture.authority)::server:\(K3sFixture.token)"
    #expect(try fixture.plan(Answer().having(K3sPaths.token, .text(secure))).changeSets.isEmpty)
    #expect(try fixture.plan(Answer()).changeSets.isEmpty)
    #expect(written(try fixture.plan(Answer().having(K3sPaths.token, .absent)), K3sPaths.token) == Self.secure)
    let otherCluster = "K10\(String(repeating: "dd", count: 32))::server:\(K3sFixture.token)"
    #expect(
      written(try fixture.plan(Answer().having(K3sPaths.token, .text(otherCluster))), K3sPaths.token) == Self.secure)
  }
}
