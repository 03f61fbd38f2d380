import Foundation
import Testing

/// A state repository for leased nodes, in a directory of its own, and the program that converges it.
final class TestFleet: Sendable {
  let directory: String
  let nodes: [LabNode]

  /// - Parameters:
  ///   - spec: the `spec` of the one profile of all nodes, as YAML, not indented.
  ///   - fleet: further keys of the Fleet's `spec`.
  ///   - node: further keys of a Node's `spec`, by name.
  init(_ nodes: [LabNode], spec: String, fleet: String = "", node: [String: String] = [:]) throws {
    self.nodes = nodes
    directory = FileManager.default.temporaryDirectory
      .appending(path: "fleetd-lab-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: directory + "/inventory", withIntermediateDirectories: true)
    try write(spec: spec, fleet: fleet, node: node)
    let identity = nodes.first?.identityFile ?? ""
    try save(
      """
      apiVersion: fleetd/v1
      kind: ControlNode
      metadata: {name: lab}
      spec:
        ssh: {identities: [{file: \(identity)}]}
        store: {path: \(directory)/state/fleetd.db}
        secrets:
          k3s-token: {file: \(directory)/secret}
          other: {file: \(directory)/other}
      """, as: "fleetd.yaml")
    try secret("secret", "sixteen-char-tok")
    try secret("other", "other-secret-value")
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Writes the inventory anew: a commit, as it were.
  func write(spec: String, fleet: String = "", node: [String: String] = [:]) throws {
    var text = """
      apiVersion: fleetd/v1
      kind: Fleet
      metadata: {name: lab}
      spec:
        profiles: [base]
      \(indented(fleet))
      ---
      apiVersion: fleetd/v1
      kind: Profile
      metadata: {name: base}
      spec:
      \(indented(spec))

      """
    for leased in nodes {
      text += """
        ---
        apiVersion: fleetd/v1
        kind: Node
        metadata: {name: \(leased.name)}
        spec:
          address: \(leased.address)
        \(leased.hostKey.isEmpty ? "" : "  hostKeys: [\"\(leased.hostKey)\"]")
          arch: \(leased.architecture)
        \(indented(node[leased.name] ?? ""))

        """
    }
    try save(text, as: "inventory/fleet.yaml")
  }

  /// Writes the control node's configuration anew: its `spec`, and what its `secrets` define besides.
  func configure(_ spec: String, secrets: String = "") throws {
    try save(
      """
      apiVersion: fleetd/v1
      kind: ControlNode
      metadata: {name: lab}
      spec:
      \(indented(spec))
        store: {path: \(directory)/state/fleetd.db}
        secrets:
          other: {file: \(directory)/other}
      \(indented(indented(secrets)))

      """, as: "fleetd.yaml")
  }

  /// Takes a node's host keys out of the inventory; until it is written anew.
  func unpin(_ node: LabNode) throws {
    let text = try String(contentsOfFile: "\(directory)/inventory/fleet.yaml", encoding: .utf8)
    let unpinned = text.replacingOccurrences(of: "  hostKeys: [\"\(node.hostKey)\"]\n", with: "")
    try save(unpinned, as: "inventory/fleet.yaml")
  }

  /// Calls a node by another address; until the inventory is written anew.
  func address(_ node: LabNode, by name: String) throws {
    let text = try String(contentsOfFile: "\(directory)/inventory/fleet.yaml", encoding: .utf8)
    let named = text.replacingOccurrences(of: "address: \(node.address)\n", with: "address: \(name)\n")
    try save(named, as: "inventory/fleet.yaml")
  }

  /// Gives a node labels, as a YAML mapping's inside; until the inventory is written anew.
  func label(_ node: LabNode, _ labels: String) throws {
    let text = try String(contentsOfFile: "\(directory)/inventory/fleet.yaml", encoding: .utf8)
    let labelled = text.replacingOccurrences(
      of: "metadata: {name: \(node.name)}", with: "metadata: {name: \(node.name), labels: {\(labels)}}")
    try save(labelled, as: "inventory/fleet.yaml")
  }

  func secret(_ name: String, _ value: String) throws {
    try save(value + "\n", as: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(directory)/\(name)")
  }

  func check(_ arguments: String...) async throws -> Run { try await run(["--check"] + arguments) }

  func once(_ arguments: String...) async throws -> Run { try await run(["--once", "--yes"] + arguments) }

  /// The program's words, to be started in another way: killed half-way, say.
  func commandLine(_ arguments: [String]) -> [String] {
    ["lab/exec", "--", "env", "CACHE_DIRECTORY=\(directory)/cache", Lab.binary] + arguments
      + ["--output", "json", "--repo", directory, "--config", directory + "/fleetd.yaml"]
  }

  private func run(_ arguments: [String]) async throws -> Run {
    Run(try await Lab.execute(commandLine(arguments)))
  }

  private func save(_ text: String, as name: String) throws {
    try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }
}
