package import FleetApply
package import FleetModel
package import FleetReconcile
import FoundationEssentials

/// Ten nodes with k3s that are no machines: all of the daemon above the connections is real, the probe's requests and their
/// answers included.
package struct SimulatedFleet: FleetWork {
  static let names = ["server"] + (1...9).map { "agent\($0)" }
  static let k3s = "v1.33.4+k3s1"
  static let token = "correct-horse-battery-staple"
  static let sum = String(repeating: "ab", count: 32)

  package let desired: DesiredState
  package let nodes: [SimulatedNode]
  private let links: [String: NodeLink]
  private let state: ControlNodeState
  private let cache: String
  private let stop: StopFlag
  private let now: @Sendable () -> Int

  /// - Parameters:
  ///   - directory: for what a control node keeps; it exists.
  ///   - now: seconds since 1970 UTC.
  package init(in directory: String, stop: StopFlag, now: @escaping @Sendable () -> Int) throws {
    try Self.publish(below: directory)
    let (fleet, diagnostics) = FleetDecoder.decode([InventoryFile(name: "fleet.yaml", bytes: Self.inventory(directory))]
    )
    guard let fleet else { throw RunFailure(diagnostics.all.map(\.description).joined(separator: "\n")) }
    desired = DesiredState(
      commit: String(repeating: "3f", count: 20), fleet: fleet, repository: StateRepository(at: directory))
    let nodes = fleet.nodes.map { SimulatedNode($0.name, isServer: $0.role == .server, now: now) }
    self.nodes = nodes
    links = Dictionary(
      uniqueKeysWithValues: zip(fleet.nodes, nodes).map { ($0.name, NodeLink(to: $0, through: $1)) })
    state = ControlNodeState(at: directory)
    cache = "\(directory)/cache"
    self.stop = stop
    self.now = now
  }

  package var controlNode: ControlNodeState { state }

  package func pass(over desired: DesiredState, holds: @escaping FleetPass.Holds) async throws -> FleetPass {
    FleetPass(
      fleet: desired.fleet, revision: .commit(desired.commit, isModified: false), selection: .all, links: links,
      vault: SecretVault(["k3s-token": Secret(Array(Self.token.utf8))]), artifacts: ArtifactStore(cache: cache),
      state: state, holder: "simulation", holds: holds, stop: stop, now: now, progress: { _ in })
  }

  package func alone<Value: Sendable>(in fleet: String, _ work: @Sendable () async -> Value) async throws -> Value {
    await work()
  }

  package func remember(_ plan: FleetPlan) {}

  private static func inventory(_ directory: String) -> [UInt8] {
    func document(_ kind: String, _ name: String, _ spec: String) -> String {
      "apiVersion: fleetd/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
    }
    let k3s = "{version: \(k3s), datastore: sqlite, source: {directory: \(directory)/k3s}, token: {secret: k3s-token}}"
    let fleet = document("Fleet", "simulated", "{ssh: {user: root}, profiles: [base], k3s: \(k3s)}")
    let base = document(
      "Profile", "base",
      #"{files: [{path: /etc/motd, content: "hello\n"}], sysctl: {net.ipv4.ip_forward: 1}}"#)
    let nodes = names.enumerated().map { index, name in
      document("Node", name, "{address: 192.0.2.\(index + 1), role: \(index == 0 ? "server" : "agent")}")
    }
    return Array(([fleet, base] + nodes).joined(separator: "---\n").utf8)
  }

  /// The checksum file of a release; nobody asks for the release itself.
  private static func publish(below directory: String) throws {
    let release = "\(directory)/k3s/\(k3s)"
    try FileManager.default.createDirectory(atPath: release, withIntermediateDirectories: true)
    guard
      FileManager.default.createFile(
        atPath: "\(release)/sha256sum-arm64.txt", contents: Data("\(sum)  k3s-arm64\n".utf8))
    else { throw RunFailure("\(release) cannot be written to") }
  }
}
