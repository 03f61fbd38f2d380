import Testing

@testable import FleetModel

@Suite("the Node object: plans")
struct NodeObjectTests {
  @Test("labels and taints that are as declared need nothing, whoever set them")
  func inSync() throws {
    var fixture = NodeObjectFixture(labels: ["rack": "a"], taints: ["gpu=yes:NoSchedule"])
    fixture.node = NodeObjectFixture.node(labels: ["rack": "a", "other": "x"], taints: ["gpu=yes:NoSchedule"])
    #expect(try fixture.plan().changeSets.isEmpty)
  }

  @Test("what is declared is added and changed, by one request that says whose it is, and disturbs nothing")
  func added() throws {
    var fixture = NodeObjectFixture(labels: ["rack": "b", "disk": "ssd"], taints: ["gpu=yes:NoSchedule"])
    fixture.node = NodeObjectFixture.node(labels: ["rack": "a"], taints: ["gpu=no:NoSchedule", "gpu=no:NoExecute"])
    let plan = try fixture.plan()
    #expect(plan.shown == ["+ label disk: ssd", "~ label rack: a -> b", "~ taint gpu:NoSchedule: no -> yes"])
    #expect(plan.changeSets.map(\.disturbance) == [.none])
    #expect(
      plan.serverLines(of: .nodeObject) == [
        ["pi3", "0", "u1"],
        [
          #""annotations":{"fleetd/managed":"{\"labels\":[\"disk\",\"rack\"],\"taints\":[\"gpu:NoSchedule\"]}"},"#
            + #""labels":{"disk":"ssd","rack":"b"}"#
        ],
        ["gpu:NoSchedule"], [#"{"key":"gpu","effect":"NoSchedule","value":"yes"}"#],
      ])
  }

  @Test("what fleetd set and nobody declares any more is removed; what others set stays")
  func removed() throws {
    var fixture = NodeObjectFixture()
    fixture.node = NodeObjectFixture.node(
      labels: ["rack": "a", "theirs": "x"], taints: ["gpu:NoSchedule", "theirs:NoExecute"],
      owned: #"{"labels":["rack","gone"],"taints":["gpu:NoSchedule","gone:NoExecute"]}"#)
    let plan = try fixture.plan()
    #expect(plan.shown == ["- label rack: a", "- taint gpu:NoSchedule: \"\""])
    #expect(
      plan.serverLines(of: .nodeObject)[1...] == [
        [#""annotations":{"fleetd/managed":null},"labels":{"rack":null}"#], ["gpu:NoSchedule"], [""],
      ])
  }

  @Test("a label of the cluster's own is never taken away, whatever the annotation says")
  func clustersOwn() throws {
    var fixture = NodeObjectFixture()
    let role = "node-role.kubernetes.io/etcd"
    fixture.node = NodeObjectFixture.node(labels: [role: "true"], owned: #"{"labels":["\#(role)"]}"#)
    #expect(try fixture.plan().changeSets.isEmpty)
  }

  @Test(
    "an annotation that nobody can read owns nothing",
    arguments: ["", "null", "[]", "{\"labels\":1}", "{\"labels\":[{}]}", String(repeating: "[", count: 5000)])
  func hostileAnnotation(text: String) throws {
    var fixture = NodeObjectFixture()
    fixture.node = NodeObjectFixture.node(labels: ["rack": "a"], owned: text)
    #expect(try fixture.plan().changeSets.isEmpty)
  }

  @Test("what fleetd's config.yaml told k3s to register with is fleetd's, also without an annotation")
  func registered() throws {
    var earlier = K3sFixture()
    earlier.labels = ["rack=a"]
    earlier.taints = ["gpu=yes:NoSchedule"]
    var fixture = NodeObjectFixture()
    fixture.answer = Answer().having(K3sPaths.config, .text(try earlier.configText()))
    fixture.node = NodeObjectFixture.node(labels: ["rack": "a"], taints: ["gpu=yes:NoSchedule"])
    #expect(try fixture.plan().shown == ["- label rack: a", "- taint gpu:NoSchedule: yes"])
  }

  @Test("a node that joins in this pass has them set when its Node object is there, in its turn")
  func joining() throws {
    var fixture = NodeObjectFixture(labels: ["rack": "a"], taints: ["gpu:NoSchedule"])
    (fixture.answer, fixture.node) = (.blank, nil)
    for isAnswering in [true, false] {
      fixture.isAnswering = isAnswering
      let set = try #require(try fixture.plan().changeSets.first)
      #expect(set.disturbance == .restartsK3s)
      // While no server tells of the cluster, k3s itself waits for one.
      let expected: Reason? = isAnswering ? nil : .waitsForServer
      #expect(set.held?.reason == expected)
      #expect(set.changes.map(\.name) == ["label rack", "taint gpu:NoSchedule"])
      #expect(try fixture.plan().serverLines(of: .nodeObject)[0] == ["pi3", "120", "any"])
    }
    (fixture.isAnswering, fixture.k3s.facts) = (true, K3sFixture.facts(skew: 3600))
    #expect(try fixture.plan().changeSets.first?.held?.reason == .clockSkew)
    fixture.changeSets = []
    #expect(try fixture.plan().changeSets.isEmpty)
  }

  @Test("the Node object of a node's past tells nothing of the node that joins now")
  func past() throws {
    var fixture = NodeObjectFixture(labels: ["rack": "a"])
    fixture.answer = .blank
    fixture.node = NodeObjectFixture.node(labels: ["rack": "a"], cordonedBy: "home", machineID: "other")
    let set = try #require(try fixture.plan().changeSets.first)
    #expect(set.disturbance == .restartsK3s && set.held?.reason == .identityUnproven)
  }

  @Test("nothing is said of a cluster that does not answer")
  func silent() throws {
    var fixture = NodeObjectFixture(labels: ["rack": "a"])
    fixture.isAnswering = false
    #expect(try fixture.plan().changeSets.isEmpty)
  }

  // MARK: - Cordons

  @Test("a cordon that a run of this fleet left is undone when the node is Ready")
  func leftCordon() throws {
    var fixture = NodeObjectFixture()
    fixture.node = NodeObjectFixture.node(cordonedBy: "home", isCordoned: true)
    let plan = try fixture.plan()
    #expect(plan.shown == ["! uncordon"] && plan.changeSets.map(\.disturbance) == [.none])
    #expect(plan.serverLines(of: .uncordon) == [["pi3", "home"]])
    fixture.node = NodeObjectFixture.node(cordonedBy: "home", isCordoned: true, isReady: false)
    let waiting = try fixture.plan()
    #expect(waiting.changeSets.isEmpty && waiting.findings.map(\.severity) == [.note])
  }

  @Test("fleetd's mark goes where somebody made the node schedulable by hand")
  func leftMark() throws {
    var fixture = NodeObjectFixture()
    fixture.node = NodeObjectFixture.node(cordonedBy: "home", isReady: false)
    #expect(try fixture.plan().shown == ["! uncordon"])
  }

  @Test("a cordon of an operator's, or of another fleet's, stays")
  func othersCordon() throws {
    var fixture = NodeObjectFixture()
    for owner in [nil, "office"] {
      fixture.node = NodeObjectFixture.node(cordonedBy: owner, isCordoned: true)
      let plan = try fixture.plan()
      #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
    }
  }

  @Test("where the node is disturbed again in this pass, its roll-out undoes the cordon")
  func disturbedAgain() throws {
    var fixture = NodeObjectFixture()
    fixture.node = NodeObjectFixture.node(cordonedBy: "home", isCordoned: true)
    let reboot = Change(.act, Reboot.kind, "")
    fixture.changeSets = [RendererFixture.set(reboot, disturbance: .reboots)]
    #expect(try fixture.plan().changeSets.isEmpty)
    fixture.changeSets = [RendererFixture.set(reboot, disturbance: .reboots, held: RendererFixture.skew)]
    #expect(try fixture.plan().shown == ["! uncordon"])
  }

  // MARK: - Desired

  private func messages(_ kubernetes: String) -> [String] {
    let k3s = "{k3s: {version: \(K3sFixture.wanted), source: {directory: /srv/k3s}, token: {secret: k3s-token}}}"
    return InventoryText.decode(
      InventoryText.fleet(k3s), InventoryText.node(spec: "role: server, kubernetes: \(kubernetes)")
    ).messages
  }

  @Test("what k3s and Kubernetes set by themselves, and a taint with two values, are told")
  func ownedByOthers() {
    #expect(messages("{labels: {node-role.kubernetes.io/worker: \"true\"}, taints: [\"a=b:NoExecute\"]}").isEmpty)
    for kubernetes in [
      "{labels: {kubernetes.io/hostname: x}}", "{taints: [\"node.kubernetes.io/unschedulable:NoSchedule\"]}",
      "{taints: [\"a=1:NoExecute\", \"a=2:NoExecute\"]}",
    ] { #expect(messages(kubernetes).count == 1, "\(kubernetes)") }
  }

  @Test("the owner of cordons is the fleet")
  func owner() throws {
    let object = try #require(
      try K3sNodes().fleet().node(named: "agent")?.resource(of: NodeObject.self))
    #expect(object.owner == "fleet/home" && object.name == "agent")
  }
}
