import Testing

@testable import FleetModel

/// A server and an agent of one k3s cluster, in sync unless a test says otherwise.
struct K3sNodes {
  var serverAnswer = K3sNodes.server
  var agentAnswer = Answer()
  /// Of the agent's document, besides its role.
  var agentSpec = K3sNodes.boot
  var agentHost: [String: String] = [:]
  var agentFiles: [String: FileAnswer] = [:]
  var agentSections: [String: [ModelFixture.Record]] = [:]
  var selection = NodeSelection.all
  /// How far the server's clock is off, in seconds.
  var serverSkew = 0
  /// Nodes that do not answer.
  var away: Set<String> = []
  var past = ClusterPast.none
  /// What the server tells of the cluster; with one that runs, its CA is known.
  var cluster: ClusterObservation?

  private static var server: Answer {
    var answer = Answer()
    answer.data = "etcd agent"
    return answer
  }

  private static let k3s = K3sFixture()

  func fleet() throws -> Fleet {
    let k3s = "{k3s: {version: \(K3sFixture.wanted), source: {directory: /srv/k3s}, token: {secret: k3s-token}}}"
    let (fleet, messages) = InventoryText.decode(
      InventoryText.fleet(k3s), InventoryText.node("agent", address: "192.0.2.2", spec: "role: agent, \(agentSpec)"),
      InventoryText.node("server", spec: "role: server")
    )
    #expect(messages.isEmpty)
    return try #require(fleet)
  }

  private static let boot = "boot: {cmdline: {present: [cgroup_enable=memory]}, cgroups: [memory]}"

  func plan() throws -> FleetPlan {
    let fleet = try fleet()
    var observations: [String: NodeObservation] = [:]
    for node in fleet.nodes { observations[node.name] = try observation(of: node) }
    let artifact = try #require(Self.k3s.artifact.artifact)
    let view = ClusterView(
      server: "server", clock: ModelFixture.clock, authority: K3sFixture.authority, problem: nil,
      nodes: (["server"] + (agentAnswer.data.isEmpty ? [] : ["agent"])).map {
        KubernetesNode(name: $0, kubeletVersion: K3sFixture.wanted)
      })
    let seen = ClusterObservation(view: serverAnswer.data.isEmpty || away.contains("server") ? nil : view)
    return FleetPlanner(vault: Self.k3s.vault, artifacts: [.arm64: K3sArtifacts(binary: .ready(artifact))], past: past)
      .plan(
        fleet,
        observations: observations,
        cluster: cluster ?? seen,
        selection: selection,
        revision: RendererFixture.revision,
        observedAt: ModelFixture.clock
      )
  }

  private func observation(of node: NodeSpec) throws -> NodeObservation {
    if away.contains(node.name) {
      return NodeObservation(answer: .failure(RendererFixture.refusedConnection), sent: 0, received: 0)
    }
    let isServer = node.role == .server
    let k3s = try #require(node.resource(of: K3s.self))
    let answer = isServer ? serverAnswer : agentAnswer
    let section = try ProbeTranscript(parsing: try answer.bytes(for: k3s, Self.k3s)).section(K3s.kind)

    var fixture = ModelFixture("")
    fixture.host = ["hostname": node.name + "\n"]
    fixture.sections = ["k3s": section.records.map { ($0.key, String(decoding: $0.bytes, as: UTF8.self)) }]
    if !isServer {
      fixture.host.merge(agentHost) { $1 }
      fixture.files = agentFiles
      fixture.sections["boot"] = [("file/1", "root=x cgroup_enable=memory\n")]
      fixture.sections.merge(agentSections) { $1 }
    }
    let transcript = try ProbeTranscript(parsing: try fixture.bytes(for: node))
    let now = ModelFixture.clock - (isServer ? serverSkew : 0)
    return NodeObservation(answer: .success(transcript), sent: now, received: now)
  }
}
