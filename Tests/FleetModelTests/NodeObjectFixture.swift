import Testing
import YAMLSource

@testable import FleetModel

/// A node that has joined, its Node object, and what is declared of it; each test changes what it is about.
struct NodeObjectFixture {
  var k3s = K3sFixture()
  var answer = Answer()
  var labels: [String: String] = [:]
  var taints: [String] = []
  /// As the API server has it; `nil`: it has none.
  var node: KubernetesNode? = NodeObjectFixture.node()
  /// Whether a server tells of the cluster.
  var isAnswering = true
  /// What the kinds before it change.
  var changeSets: [ChangeSet]?

  static func node(
    labels: [String: String] = [:], taints: [String] = [], owned: String? = nil, cordonedBy owner: String? = nil,
    isCordoned: Bool = false, isReady: Bool = true, machineID: String = "m"
  ) -> KubernetesNode {
    var annotations: [String: String] = [:]
    annotations[NodeOwnership.annotation] = owned
    annotations[Cordon.annotation] = owner
    return KubernetesNode(
      name: "pi3", uid: "u1", isUnschedulable: isCordoned, labels: labels, annotations: annotations,
      taints: taints.compactMap { KubernetesNode.Taint($0) }, conditions: ["Ready": isReady ? "True" : "Unknown"],
      kubeletVersion: K3sFixture.wanted, machineID: machineID)
  }

  func plan() throws -> KindPlan {
    var fixture = k3s
    fixture.labels = labels.map { "\($0.key)=\($0.value)" }.sorted()
    fixture.taints = taints
    let k3s = try fixture.k3s()
    let object = NodeObject(
      name: "pi3", owner: "home", labels: labels, taints: taints.compactMap { KubernetesNode.Taint($0) })
    let transcript = try ProbeTranscript(parsing: try answer.bytes(for: k3s, fixture))
    let spec = NodeSpec(
      name: "pi3", labels: [:], address: "192.0.2.3", ssh: SSHSettings(user: "fleet", port: 22), hostKeys: [],
      role: fixture.role, architecture: .arm64,
      resources: [k3s, NodeIdentity(name: "pi3", role: fixture.role), object], mark: try K3sFixture.yaml("{}").mark)
    var context = PlanContext(
      node: spec, facts: fixture.facts, vault: fixture.vault, artifact: fixture.artifact,
      serverVersion: fixture.serverVersion.flatMap { K3sVersion($0) }, transcript: transcript)
    if isAnswering {
      let view = ClusterView(
        server: "pi1", clock: 1_700_000_000, authority: K3sFixture.authority, problem: nil,
        nodes: node.map { [$0] } ?? [])
      context.cluster = ClusterContext(
        view: view, start: nil, running: ["https://192.0.2.1:6443"], authority: K3sFixture.authority)
    }
    context.changeSets = try changeSets ?? k3s.plan(from: transcript, in: context).changeSets
    return object.plan(from: (), in: context)
  }
}

extension KindPlan {
  /// `~ label rack: a -> b`.
  var shown: [String] {
    changes.map { change in
      func text(_ shown: Shown) -> String { if case .text(let text) = shown { text } else { "" } }
      let values = [text(change.before), text(change.after)].filter { !$0.isEmpty }.joined(separator: " -> ")
      return "\(change.action.rawValue) \(change.name)" + (values.isEmpty ? "" : ": \(values)")
    }
  }

  /// What the scripts that run on a server are told.
  func serverLines(of script: StepScript) -> [[String]] {
    steps.flatMap { step -> [[String]] in
      guard case .onServer(script, let input, _) = step.action else { return [] }
      return input.lines
    }
  }
}
