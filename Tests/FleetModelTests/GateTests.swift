import Testing

@testable import FleetModel

@Suite("gates of a roll-out")
struct GateTests {
  static func member(_ name: String, ready: String = "True", voter: String? = "True") -> KubernetesNode {
    var conditions = ["Ready": ready]
    if let voter { conditions["EtcdIsVoter"] = voter }
    return KubernetesNode(
      name: name, labels: ["node-role.kubernetes.io/etcd": "true"], conditions: conditions,
      kubeletVersion: K3sFixture.wanted, bootID: "b1", heartbeat: "2026-11-21T03:12:07.000000Z")
  }

  static func view(_ nodes: [KubernetesNode], from server: String = "s1", problem: String? = nil) -> ClusterView {
    ClusterView(server: server, clock: 10, authority: nil, problem: problem, nodes: nodes)
  }

  private func missing(_ condition: Gate.Condition, _ views: [ClusterView], since first: ClusterView? = nil) -> String?
  {
    let views = Dictionary(views.map { ($0.server, $0) }) { one, _ in one }
    guard case .waiting(let why) = Gate([condition]).verdict(on: views, since: first) else { return nil }
    return why
  }

  @Test(
    "etcd can do without a member while the others are a quorum",
    arguments: [(1, 0, false), (2, 0, false), (3, 0, true), (3, 1, false), (4, 0, true), (5, 1, true), (5, 2, false)])
  func quorum(_ count: Int, _ away: Int, _ isOpen: Bool) {
    let members = (1...count).map { Self.member("s\($0)", ready: $0 > count - away ? "Unknown" : "True") }
    let why = missing(.quorum(without: "s1"), [Self.view(members)])
    #expect((why == nil) == isOpen)
    if away > 0, !isOpen { #expect(why?.contains("not healthy: s\(count - away + 1)") == true) }
  }

  @Test("a member that still learns does not count, one of an older release that does not say does")
  func learner() {
    let learning = [Self.member("s1"), Self.member("s2"), Self.member("s3", voter: "False")]
    #expect(missing(.quorum(without: "s1"), [Self.view(learning)]) != nil)
    let silent = [Self.member("s1"), Self.member("s2", voter: nil), Self.member("s3", voter: nil)]
    #expect(missing(.quorum(without: "s1"), [Self.view(silent)]) == nil)
  }

  @Test("a node is ready with its version, another boot id and a heartbeat that is newer than the gate")
  func ready() {
    let before = Self.view([Self.member("s1")])
    func after(_ change: (inout KubernetesNode) -> Void = { _ in }) -> [ClusterView] {
      var node = Self.member("s1")
      node.heartbeat = "2026-11-21T03:12:17.000000Z"
      change(&node)
      return [Self.view([node])]
    }
    let ready = Gate.Condition.nodeReady("s1", version: nil, notBoot: nil)
    #expect(missing(ready, after(), since: before) == nil)
    #expect(missing(ready, [before], since: before)?.contains("not fresh") == true)
    #expect(missing(ready, after(), since: nil) == nil)
    #expect(
      missing(.nodeReady("s2", version: nil, notBoot: nil), after(), since: before) == "the cluster has no Node s2")
    #expect(
      missing(.nodeReady("s1", version: "v1.34.1+k3s1", notBoot: nil), after(), since: before)
        == "the kubelet of s1 runs v1.33.4+k3s1 and not v1.34.1+k3s1")
    #expect(missing(.nodeReady("s1", version: nil, notBoot: "b1"), after(), since: before)?.contains("boot id") == true)
    #expect(missing(.nodeReady("s1", version: nil, notBoot: "b0"), after(), since: before) == nil)
    let lost = [Self.view([Self.member("s1", ready: "Unknown")])]
    #expect(missing(ready, lost, since: before) == "the Node s1 is not Ready (Unknown)")
    #expect(missing(ready, after { $0.heartbeat = nil }, since: before) == "the Node s1 has no Lease")
  }

  @Test("every server must answer for itself")
  func servers() {
    let up = Self.view([], from: "s1")
    let down = Self.view([], from: "s2", problem: "etcd failed")
    #expect(missing(.serversHealthy(["s1"]), [up]) == nil)
    #expect(missing(.serversHealthy(["s1", "s2"]), [up, down]) == "the API server of s2 does not answer: etcd failed")
    #expect(missing(.serversHealthy(["s1", "s3"]), [up]) == "s3 cannot be asked")
    #expect(Gate([.serversHealthy(["s1", "s3"]), .quorum(without: "s1")]).asked == ["s1", "s3"])
  }

  @Test("where no API server answers, nothing is ready")
  func silence() {
    let down = Self.view([], problem: "connection refused")
    #expect(missing(.quorum(without: "s1"), [down]) == "no API server answers")
    #expect(missing(.nodeReady("s1", version: nil, notBoot: nil), []) == "no API server answers")
  }
}
