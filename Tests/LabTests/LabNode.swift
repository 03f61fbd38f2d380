import Testing

extension TimeLimitTrait.Duration {
  /// For tests that lease nodes: the limit counts the wait for them too, and ends only what hangs.
  static let sharedNodes: Self = .minutes(60)
}

/// A node of the lab, leased to one test at a time and freshly imaged for it.
struct LabNode: Sendable {
  let name: String
  let address: String
  let hostKey: String
  let identityFile: String
  var architecture = "amd64"

  /// Runs a script as root on the node and returns what it wrote.
  @discardableResult
  func run(_ script: String) async throws -> String {
    let output = try await attempt(script)
    try #require(output.status == 0, "\(name): \(script): \(output.text)\(output.errors)")
    return output.text
  }

  /// The same, whatever its exit status.
  func attempt(_ script: String) async throws -> Output {
    try await Lab.execute(["lab/exec", name, "--", "sh", "-c", script])
  }

  /// Whether a command succeeds on the node.
  func holds(_ condition: String) async throws -> Bool { try await attempt(condition).status == 0 }

  /// Awaits that a command succeeds on the node; what runs there tells nobody when it is done.
  func await(_ condition: String, seconds: Int = 60) async throws {
    let script = "for i in $(seq \(seconds * 5)); do \(condition) && exit 0; sleep 0.2; done; exit 1"
    let output = try await attempt(script)
    try #require(output.status == 0, "\(name): not within \(seconds) s: \(condition)")
  }
}

/// Hands out the lab's nodes. A test that needs several gets them at once or waits; nobody holds some and waits for more.
/// Time limits of tests are a safety net only: they include the waiting.
actor NodePool {
  static let shared = NodePool()

  private var free: [LabNode]?
  private var waiting: [(count: Int, continuation: CheckedContinuation<[LabNode], Never>)] = []

  /// Runs `body` with freshly imaged nodes.
  static func lease<Result>(_ count: Int = 1, _ body: ([LabNode]) async throws -> Result) async throws -> Result {
    let nodes = try await shared.take(count)
    do {
      var fresh: [LabNode] = []
      for node in nodes { fresh.append(try await reimage(node)) }
      let result = try await body(fresh)
      await shared.giveBack(nodes)
      return result
    } catch {
      await shared.giveBack(nodes)
      throw error
    }
  }

  /// The same for one node.
  static func lease<Result>(_ body: (LabNode) async throws -> Result) async throws -> Result {
    try await lease(1) { nodes in try await body(#require(nodes.first)) }
  }

  private static func reimage(_ node: LabNode) async throws -> LabNode {
    try await Lab.run("lab/reimage", "--keep-host-keys", node.name)
    // A test may have left it without power, or with other keys, which a new card keeps.
    try await Lab.run("lab/power", "on", node.name)
    let words = try await node.run("cat /etc/ssh/ssh_host_ed25519_key.pub").split(separator: " ")
    return LabNode(
      name: node.name, address: node.address, hostKey: words.prefix(2).joined(separator: " "),
      identityFile: node.identityFile)
  }

  private func take(_ count: Int) async throws -> [LabNode] {
    if free == nil {
      // FLEETLAB_NODES="node4 node5" keeps to those: several people can share one lab.
      let only = Lab.environment["FLEETLAB_NODES"]?.split(separator: " ").map(String.init)
      let nodes = try await Lab.inventory().nodes.filter { !$0.isMachine && only?.contains($0.name) ?? true }
      free =
        free
        ?? nodes.map { node in
          LabNode(
            name: node.name, address: node.address, hostKey: node.hostKeys.first { $0.hasPrefix("ssh-ed25519") } ?? "",
            identityFile: node.identityFile)
        }
    }
    if waiting.isEmpty, let nodes = free, nodes.count >= count {
      free?.removeFirst(count)
      return Array(nodes.prefix(count))
    }
    return await withCheckedContinuation { waiting.append((count, $0)) }
  }

  private func giveBack(_ nodes: [LabNode]) {
    free = ((free ?? []) + nodes).sorted { $0.name < $1.name }
    while let next = waiting.first, let available = free, available.count >= next.count {
      waiting.removeFirst()
      free?.removeFirst(next.count)
      next.continuation.resume(returning: Array(available.prefix(next.count)))
    }
  }
}
