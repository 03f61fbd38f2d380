package import FleetModel

/// Observes many nodes at once. One that is away never delays the others.
package struct FleetObserver: Sendable {
  private let runners: [String: any ProbeRunner]
  private let vault: SecretVault
  /// What the runners' key may do.
  private let access: NodeAccess
  /// Seconds since 1970 UTC, of the control node.
  private let now: @Sendable () -> Int
  private let progress: ProgressSink

  /// How many nodes are connected to at the same time: their key exchanges share this machine's cores.
  private static let concurrency = 128

  package init(
    runners: [String: any ProbeRunner], vault: SecretVault, access: NodeAccess = .full,
    now: @escaping @Sendable () -> Int,
    progress: @escaping ProgressSink
  ) {
    self.runners = runners
    self.vault = vault
    self.access = access
    self.now = now
    self.progress = progress
  }

  /// By node name.
  package func observe(_ nodes: [NodeSpec]) async -> [String: NodeObservation] {
    progress(.observing(nodes: nodes.map(\.name)))
    var observations: [String: NodeObservation] = [:]
    await withTaskGroup(of: (String, NodeObservation).self) { group in
      var waiting = nodes.makeIterator()
      for node in (0..<Self.concurrency).compactMap({ _ in waiting.next() }) {
        group.addTask { (node.name, await observe(node)) }
      }
      while let (name, observation) = await group.next() {
        observations[name] = observation
        if let node = waiting.next() { group.addTask { (node.name, await observe(node)) } }
      }
    }
    return observations
  }

  package func observe(_ node: NodeSpec) async -> NodeObservation {
    let sent = now()
    do throws(NodeFailure) {
      guard let runner = runners[node.name] else {
        throw NodeFailure(.identityUnusable, "there is no way to \(node.name)")
      }
      let bytes = try await runner.probe(
        access == .full ? node.probeRequests(with: vault) : node.checkRequests(with: vault))
      let received = now()
      do throws(ProbeError) {
        let transcript = try ProbeTranscript(parsing: bytes)
        progress(.observed(node: node.name))
        return NodeObservation(answer: .success(transcript), sent: sent, received: received)
      } catch {
        throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the node")
      }
    } catch {
      progress(.notObserved(node: node.name, error))
      return NodeObservation(answer: .failure(error), sent: sent, received: now())
    }
  }
}
