import Testing

@testable import FleetModel

/// A cluster of values: three servers and two agents that answer the probe, and on which steps have their effect. What a
/// run that is killed leaves behind is what the steps before did.
struct SimulatedCluster {
  struct Node {
    let role: Role
    var installed: String
    var running: String
    var isRestartOwed = false
    var isUnschedulable = false
    var owner: String?
    var pods = 2
    /// Beats at every look.
    var heartbeat = 0
  }

  static let old = "v1.33.4+k3s1"
  static let new = "v1.34.1+k3s1"

  var nodes: [String: Node]
  /// What went wrong: a gate that did not open, a node that was disturbed with its pods on it.
  private(set) var violations: [String] = []
  /// Nodes that neither answer nor beat.
  var away: Set<String> = []
  private let fleet: Fleet
  private let fixture = K3sFixture(version: new)

  init() throws {
    nodes = [:]
    var documents = [
      InventoryText.fleet("{k3s: {version: \(Self.new), source: {directory: /srv/k3s}, token: {secret: k3s-token}}}")
    ]
    for (index, name) in ["a1", "a2", "s1", "s2", "s3"].enumerated() {
      let role: Role = name.hasPrefix("s") ? .server : .agent
      nodes[name] = Node(role: role, installed: Self.old, running: Self.old)
      documents.append(InventoryText.node(name, address: "192.0.2.\(index + 1)", spec: "role: \(role.rawValue)"))
    }
    let (fleet, messages) = InventoryText.decode(files: ["fleet.yaml": documents.joined(separator: "---\n")])
    #expect(messages.isEmpty)
    self.fleet = try #require(fleet)
  }

  // MARK: - Seen

  var view: ClusterView {
    ClusterView(
      server: "s1", clock: 10, authority: K3sFixture.authority, problem: nil,
      nodes: nodes.sorted { $0.key < $1.key }.map { name, node in
        KubernetesNode(
          name: name, isUnschedulable: node.isUnschedulable,
          labels: node.role == .server ? ["node-role.kubernetes.io/etcd": "true"] : [:],
          annotations: node.owner.map { [Cordon.annotation: $0] } ?? [:],
          conditions: ["Ready": away.contains(name) ? "Unknown" : "True"], kubeletVersion: node.running,
          bootID: "b2", heartbeat: "\(node.heartbeat)")
      })
  }

  func plan() throws -> FleetPlan {
    var observations: [String: NodeObservation] = [:]
    for spec in fleet.nodes { observations[spec.name] = try observation(of: spec) }
    let artifact = try #require(fixture.artifact.artifact)
    return FleetPlanner(vault: fixture.vault, artifacts: [.arm64: K3sArtifacts(binary: .ready(artifact))]).plan(
      fleet, observations: observations, cluster: ClusterObservation(view: view), revision: .unknown("a test"),
      observedAt: ModelFixture.clock)
  }

  private func observation(of spec: NodeSpec) throws -> NodeObservation {
    let node = try #require(nodes[spec.name])
    guard !away.contains(spec.name) else {
      return NodeObservation(answer: .failure(RendererFixture.refusedConnection), sent: 0, received: 0)
    }
    var answer = Answer().installed(node.installed)
    if node.installed == Self.new { answer.stamp = "\(Self.new) \(K3sFixture.sum)" }
    answer.data = node.role == .server ? "etcd agent" : "agent"
    let k3s = try #require(spec.resource(of: K3s.self))
    let section = try ProbeTranscript(parsing: try answer.bytes(for: k3s, fixture)).section(K3s.kind)
    var model = ModelFixture("")
    model.host = ["hostname": spec.name + "\n"]
    if node.isRestartOwed { model.host["pending"] = "\(node.role.unit).service" }
    model.sections = ["k3s": section.records.map { ($0.key, String(decoding: $0.bytes, as: UTF8.self)) }]
    let transcript = try ProbeTranscript(parsing: try model.bytes(for: spec))
    return NodeObservation(answer: .success(transcript), sent: ModelFixture.clock, received: ModelFixture.clock)
  }

  // MARK: - Changed

  /// It had its turn of the upgrade.
  mutating func upgrade(_ name: String) {
    nodes[name]?.installed = Self.new
    nodes[name]?.running = Self.new
  }

  /// Does what a plan says, as the applier does; `most`: it is killed after so many steps.
  ///
  /// - Returns: how many steps were done.
  mutating func run(most: Int = .max) throws -> Int {
    let plan = try plan()
    var done = 0
    let quiet = plan.nodes.map { ($0.node, $0.undisturbing.flatMap(\.steps)) }
    let turns = plan.waves.flatMap(\.turns).map { ($0.node.node, $0.steps) }
    for (name, steps) in quiet + turns {
      for step in steps {
        guard done < most else { return done }
        perform(step, on: name)
        done += 1
      }
    }
    return done
  }

  private mutating func perform(_ step: Step, on name: String) {
    switch step.action {
    case .await(let gate):
      let first = view
      for name in Array(nodes.keys) { nodes[name]?.heartbeat += 1 }
      let views = Dictionary(uniqueKeysWithValues: ["s1", "s2", "s3"].map { ($0, seen(from: $0)) })
      if case .waiting(let why) = gate.verdict(on: views, since: first) { violations.append("\(step.title): \(why)") }
    case .onServer(let script, let input, _):
      perform(script, input.lines.first ?? [])
    case .run(.installK3s, _):
      nodes[name]?.installed = Self.new
      nodes[name]?.isRestartOwed = true
    case .runAsUnit(.startK3s, _):
      if nodes[name]?.owner == nil, nodes[name]?.isUnschedulable == false {
        violations.append("\(name) was upgraded without a cordon")
      }
      if let node = nodes[name], node.pods > 0, node.running != node.installed {
        violations.append("\(name) went to another minor with its pods on it")
      }
      let installed = nodes[name]?.installed ?? ""
      nodes[name]?.running = installed
      nodes[name]?.isRestartOwed = false
    case .run, .runAsUnit, .push, .reboot, .verifyAccess, .snapshot: break
    }
  }

  private func seen(from server: String) -> ClusterView {
    let all = view
    return ClusterView(server: server, clock: all.clock, authority: all.authority, problem: nil, nodes: all.nodes)
  }

  private mutating func perform(_ script: StepScript, _ words: [String]) {
    guard let name = words.first, let node = nodes[name] else { return }
    switch script {
    case .cordon where !node.isUnschedulable:
      nodes[name]?.isUnschedulable = true
      nodes[name]?.owner = words[1]
    case .drain: nodes[name]?.pods = 0
    case .uncordon where node.owner == words[1]:
      nodes[name]?.isUnschedulable = false
      nodes[name]?.owner = nil
    default: break
    }
  }
}
