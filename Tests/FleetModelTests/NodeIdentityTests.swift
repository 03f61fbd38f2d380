import Testing
import YAMLSource

@testable import FleetModel

@Suite("identity: a card that was written anew")
struct NodeIdentityTests {
  private static let board = "10000000abcdef01"

  /// A blank node named pi3 in a cluster that knows a Node of that name.
  private struct Fixture {
    var role = Role.agent
    var answer = Answer.blank
    var hasPassword = false
    var past: KubernetesNode? = NodeIdentityTests.past()
    var others: [KubernetesNode] = []
    /// What the inventory pins, and what the machine says.
    var pinned: String? = NodeIdentityTests.board
    var board: String? = NodeIdentityTests.board
    var machineID = "new"
    var skew = 0

    func plan() throws -> NodePlan {
      var fixture = K3sFixture(role: role)
      fixture.serverVersion = K3sFixture.wanted
      let k3s = try fixture.k3s()
      let section = try ProbeTranscript(parsing: try answer.bytes(for: k3s, fixture)).section(K3s.kind)
      var model = ModelFixture("")
      model.host = ["machine-id": machineID + "\n", "clock": "\(ModelFixture.clock + skew)", "hostname": "pi3\n"]
      if let board { model.host["serial"] = board + "\n" } else { model.missing = ["serial"] }
      model.sections["k3s"] = section.records.map { ($0.key, String(decoding: $0.bytes, as: UTF8.self)) }
      if hasPassword { model.sections["identity"] = [("password", "present")] }
      let host = Host(
        hostname: "pi3", minimumFreeSpace: 0, architecture: .arm64, serial: pinned)
      var node = NodeSpec(
        name: "pi3", labels: [:], address: "192.0.2.3", ssh: SSHSettings(user: "fleet", port: 22), hostKeys: [],
        role: role, architecture: .arm64,
        resources: [
          host, Health(), k3s, NodeIdentity(name: "pi3", role: role),
          NodeObject(name: "pi3", owner: "fleet/home", labels: [:], taints: []),
        ], mark: try K3sFixture.yaml("{}").mark)
      node.serial = pinned
      let view = ClusterView(
        server: "pi1", clock: ModelFixture.clock, authority: K3sFixture.authority, problem: nil,
        nodes: others + (past.map { [$0] } ?? []))
      let url = "https://192.0.2.1:6443"
      let cluster = ClusterContext(
        view: view, start: role == .server ? .joins([url]) : nil, running: [url], authority: view.authority)
      let transcript = try ProbeTranscript(parsing: try model.bytes(for: node))
      return NodePlanner(
        vault: fixture.vault, artifacts: [.arm64: K3sArtifacts(binary: fixture.artifact)],
        serverVersion: K3sVersion(K3sFixture.wanted),
        cluster: cluster
      ).plan(
        node,
        from: NodeObservation(answer: .success(transcript), sent: ModelFixture.clock, received: ModelFixture.clock))
    }
  }

  private static func past(
    isMember: Bool = false, machineID: String = "0123456789abcdef", board: String? = nil
  ) -> KubernetesNode {
    KubernetesNode(
      name: "pi3", uid: "u3", labels: isMember ? ["node-role.kubernetes.io/etcd": "true"] : [:],
      annotations: board.map { [NodeOwnership.boardAnnotation: $0] } ?? [:], conditions: ["Ready": "Unknown"],
      kubeletVersion: K3sFixture.wanted, machineID: machineID)
  }

  private static func member(_ name: String, isReady: Bool = true) -> KubernetesNode {
    KubernetesNode(
      name: name, uid: name, labels: ["node-role.kubernetes.io/etcd": "true"],
      conditions: ["Ready": isReady ? "True" : "False"], kubeletVersion: K3sFixture.wanted, machineID: name)
  }

  private func clearing(_ plan: NodePlan) -> ChangeSet? {
    plan.changeSets.first { $0.changes.contains { $0.kind == NodeIdentity.kind } }
  }

  @Test("an agent's past is cleared through a server, before k3s is started, in the node's turn")
  func agent() throws {
    let plan = try Fixture().plan()
    #expect(plan.findings.filter { $0.severity != .note }.isEmpty, "\(plan.findings)")
    let set = try #require(plan.changeSets.first { $0.disturbance != .none })
    #expect(set.changes.map(\.kind) == [NodeIdentity.kind])
    #expect(set.changes[0].note == "clears its past: Node object (machine id 01234567…), node password")
    #expect(
      set.steps.map(\.title).suffix(2) == [
        "see that no other machine answers as pi3", "clear the past of pi3 from the cluster",
      ])
    guard case .onServer(.clearNode, let input, let spared)? = set.steps.last?.action else { throw Missing() }
    #expect(input.lines == [["pi3", "u3", "0123456789abcdef", "120"]] && spared == "pi3")
    #expect(plan.changeSets.last?.changes.contains { $0.kind == K3s.kind } == true)
    #expect(plan.disturbing.flatMap(\.changes).first?.kind == NodeIdentity.kind)
  }

  @Test("a server's member of etcd is removed first, where etcd can do without it")
  func server() throws {
    var fixture = Fixture(role: .server, past: Self.past(isMember: true))
    fixture.others = [Self.member("pi1"), Self.member("pi2")]
    let set = try #require(clearing(try fixture.plan()))
    #expect(set.held == nil && set.changes[0].note?.hasSuffix("node password, etcd member") == true)
    guard case .await(let gate)? = set.steps.dropLast().last?.action else { throw Missing() }
    #expect(gate.conditions == [.quorumAfterRemoval(of: "pi3")])
  }

  @Test("it waits where the other members are not healthy, and k3s with it")
  func quorum() throws {
    var fixture = Fixture(role: .server, past: Self.past(isMember: true))
    fixture.others = [Self.member("pi1"), Self.member("pi2", isReady: false)]
    let plan = try fixture.plan()
    #expect(clearing(plan) == nil)
    #expect(plan.findings.map(\.reason).contains(.quorumAtRisk))
    #expect(plan.changeSets.filter { $0.disturbance != .none }.allSatisfy { $0.held?.reason == .quorumAtRisk })
    #expect(plan.disturbing.isEmpty)
  }

  @Test("five members, two of them gone: the three that are healthy are enough")
  func twoGone() throws {
    var fixture = Fixture(role: .server, past: Self.past(isMember: true))
    fixture.others = ["a", "b", "c"].map { Self.member($0) } + [Self.member("d", isReady: false)]
    #expect(clearing(try fixture.plan()) != nil)
  }

  @Test("a member without its data is cleared, also where the system and its password are the same")
  func wipedDatastore() throws {
    var fixture = Fixture(role: .server, hasPassword: true, past: Self.past(isMember: true, machineID: "new"))
    (fixture.pinned, fixture.board) = (nil, nil)
    fixture.others = [Self.member("pi1"), Self.member("pi2")]
    #expect(clearing(try fixture.plan()) != nil)
  }

  @Test("nothing is cleared of a node that lives, that kept its password, or that has no past")
  func nothingToClear() throws {
    #expect(clearing(try Fixture(answer: Answer()).plan()) == nil)
    #expect(clearing(try Fixture(hasPassword: true).plan()) == nil)
    let fresh = try Fixture(past: nil).plan()
    #expect(clearing(fresh) == nil && !fresh.disturbing.isEmpty)
  }

  @Test("the same system without its password is cleared, whatever its board")
  func samePassword() throws {
    var fixture = Fixture(past: Self.past(machineID: "new"))
    (fixture.pinned, fixture.board) = (nil, nil)
    #expect(clearing(try fixture.plan()) != nil)
  }

  @Test("the cluster's own note of the board proves it as the inventory's pin does")
  func noteInCluster() throws {
    #expect(clearing(try Fixture(past: Self.past(board: Self.board), pinned: nil).plan()) != nil)
  }

  @Test(
    "without a proof nothing is cleared and nothing started",
    arguments: [
      (nil, board, nil), (nil, board, "10000000ffffffff"), (nil, nil, board), (nil, board, "\u{1B}[31m"),
    ] as [(String?, String?, String?)])
  func unproven(pinned: String?, board: String?, noted: String?) throws {
    let plan = try Fixture(past: Self.past(board: noted), pinned: pinned, board: board).plan()
    let finding = try #require(plan.findings.first { $0.kind == NodeIdentity.kind })
    #expect(finding.reason == .identityUnproven && finding.severity == .refused && finding.next != nil)
    #expect(!finding.message.contains("\u{1B}"))
    #expect(clearing(plan) == nil && plan.disturbing.isEmpty)
    #expect(plan.changeSets.filter { $0.disturbance != .none }.allSatisfy { $0.held == finding })
  }

  @Test("another board than the pinned one is refused before anything else")
  func otherBoard() throws {
    let plan = try Fixture(board: "10000000ffffffff").plan()
    #expect(plan.findings.map(\.reason) == [.boardChanged] && plan.changeSets.isEmpty)
  }

  @Test("what keeps k3s from starting keeps the past, too")
  func held() throws {
    let plan = try Fixture(skew: 3600).plan()
    #expect(clearing(plan)?.held?.reason == .clockSkew)
  }

  @Test("a node without a pin has its board noted in the cluster, once it has joined")
  func notesBoard() throws {
    let blank = try Fixture(past: nil, pinned: nil).plan()
    #expect(blank.changeSets.last?.changes.map(\.name) == ["board"])
    let living = try Fixture(answer: Answer(), past: Self.past(machineID: "new"), pinned: nil).plan()
    #expect(living.changes.isEmpty)
    #expect(try Fixture(answer: Answer(), past: Self.past(machineID: "new")).plan().changes.isEmpty)
  }

  private struct Missing: Error {}
}
