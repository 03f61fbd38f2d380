import Testing
import YAMLSource

@testable import FleetModel

/// Three servers, s1 to s3, and an agent; each test changes what it is about.
struct RemovalFixture {
  var target = "agent"
  var members = ["s1", "s2", "s3"]
  var notReady: Set<String> = []
  /// Nodes of the cluster besides the members.
  var others = ["agent"]
  var cordoned: Set<String> = []
  var isAnswering = true
  var options = Removal.Options()
  var host: [String: String] = [:]
  var away = false
  var isDeclared = true
  var answer = Answer()
  var rollout = ""

  /// Annotations of the target's Node object.
  var annotations: [String: String] = [:]

  func removal() throws -> Removal {
    let fleet = try fleet()
    let spec = isDeclared ? fleet.node(named: target) : nil
    return Removal(
      of: target, spec, in: fleet, observation: try spec.map(observation), cluster: cluster, options: options)
  }

  func rebuildOrder(pause: Finding? = nil) throws -> RebuildOrder {
    let fleet = try fleet()
    let spec = try #require(fleet.node(named: target))
    return RebuildOrder(of: spec, in: fleet, observation: try observation(of: spec), cluster: cluster, pause: pause)
  }

  private func fleet() throws -> Fleet {
    let k3s = "k3s: {version: \(K3sFixture.wanted), source: {directory: /srv/k3s}, token: {secret: k3s-token}}"
    let documents =
      [InventoryText.fleet("{\(k3s)\(rollout)}")]
      + ["s1", "s2", "s3"].enumerated().map {
        InventoryText.node($1, address: "192.0.2.1\($0)", spec: "role: server")
      } + [InventoryText.node("agent", address: "192.0.2.2", spec: "role: agent")]
    let (decoded, messages) = InventoryText.decode(files: ["fleet.yaml": documents.joined(separator: "---\n")])
    return try #require(decoded, "\(messages)")
  }

  private var cluster: ClusterObservation {
    guard isAnswering else { return ClusterObservation(view: nil, problems: ["s1": "connection refused"]) }
    let member = ["node-role.kubernetes.io/etcd": "true", "node-role.kubernetes.io/control-plane": "true"]
    let nodes = members.map { node($0, member) } + others.map { node($0, [:]) }
    return ClusterObservation(
      view: ClusterView(server: "s2", clock: 0, authority: nil, problem: nil, nodes: nodes))
  }

  private func node(_ name: String, _ labels: [String: String]) -> KubernetesNode {
    KubernetesNode(
      name: name, uid: "u-\(name)", isUnschedulable: cordoned.contains(name), labels: labels,
      annotations: name == target ? annotations : [:],
      conditions: ["Ready": notReady.contains(name) ? "Unknown" : "True"], kubeletVersion: K3sFixture.wanted,
      machineID: "m-\(name)")
  }

  private func observation(of node: NodeSpec) throws -> NodeObservation {
    guard !away else {
      return NodeObservation(answer: .failure(RendererFixture.refusedConnection), sent: 0, received: 0)
    }
    let k3s = try #require(node.resource(of: K3s.self))
    let section = try ProbeTranscript(parsing: try answer.bytes(for: k3s, K3sFixture())).section(K3s.kind)
    var fixture = ModelFixture("")
    fixture.host = host
    fixture.sections["k3s"] = section.records.map { ($0.key, String(decoding: $0.bytes, as: UTF8.self)) }
    let transcript = try ProbeTranscript(parsing: try fixture.bytes(for: node))
    return NodeObservation(answer: .success(transcript), sent: ModelFixture.clock, received: ModelFixture.clock)
  }
}
