import Foundation
import Testing

/// A fleet with a k3s cluster on leased nodes: the first ones are servers on one etcd, the others agents.
struct TestCluster: Sendable {
  let fleet: TestFleet
  let servers: [LabNode]
  let agents: [LabNode]

  var nodes: [LabNode] { servers + agents }

  static let version = "v1.33.4+k3s1"
  static let nextMinor = "v1.34.1+k3s1"

  /// - Parameters:
  ///   - servers: how many of `nodes` are servers.
  ///   - further: further keys of the Fleet's `spec`, as YAML, not indented.
  init(_ nodes: [LabNode], servers: Int, version: String = version, _ further: String = "") async throws {
    self.servers = Array(nodes.prefix(servers))
    agents = Array(nodes.dropFirst(servers))
    fleet = try TestFleet(nodes, spec: TestFleet.k3sBoot)
    try await declare(version: version, further)
  }

  /// Writes the inventory anew.
  ///
  /// - Parameters:
  ///   - node: further keys of a Node's `spec`, by name.
  ///   - k3s: further keys of the Fleet's `k3s`.
  func declare(
    version: String = version, _ further: String = "", node: [String: String] = [:], k3s: String = ""
  ) async throws {
    var roles: [String: String] = [:]
    for server in servers { roles[server.name] = "role: server" }
    for agent in agents { roles[agent.name] = "role: agent" }
    for (name, keys) in node { roles[name] = (roles[name] ?? "") + "\n" + keys }
    let text = try await TestFleet.k3s(version, k3s).replacingOccurrences(
      of: "datastore: sqlite", with: "datastore: etcd")
    try fleet.write(
      spec: TestFleet.k3sBoot, fleet: [text, further].filter { !$0.isEmpty }.joined(separator: "\n"), node: roles)
  }

  /// Runs kubectl on the first server that answers.
  @discardableResult
  func kubectl(_ arguments: String) async throws -> String {
    var last = ""
    for server in servers {
      let output = try await server.attempt("k3s kubectl \(arguments)")
      if output.status == 0 { return output.text }
      last = output.text + output.errors
    }
    try #require(Bool(false), "no server did: kubectl \(arguments): \(last)")
    return ""
  }

  /// `v1.33.4+k3s1 True` by node: the kubelet's version and its Ready condition.
  func kubelets() async throws -> [String: String] {
    let lines = try await kubectl(
      #"get nodes -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.nodeInfo.kubeletVersion}{" "}"#
        + #"{.status.conditions[?(@.type=="Ready")].status}{" "}{.spec.unschedulable}{"\n"}{end}'"#)
    var kubelets: [String: String] = [:]
    for line in lines.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      kubelets[words[0]] = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
    }
    return kubelets
  }

  /// Requires that every node runs this version, is Ready and may be scheduled to.
  func expectAll(_ version: String, _ location: SourceLocation = #_sourceLocation) async throws {
    let expected = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, "\(version) True") })
    #expect(try await kubelets() == expected, sourceLocation: location)
  }

  /// Writes a manifest of cluster/; an empty text removes it.
  func manifest(_ name: String, _ text: String) throws {
    let path = "\(fleet.directory)/cluster/\(name)"
    guard !text.isEmpty else {
      try FileManager.default.removeItem(atPath: path)
      return
    }
    try FileManager.default.createDirectory(atPath: "\(fleet.directory)/cluster", withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
