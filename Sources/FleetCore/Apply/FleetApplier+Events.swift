package import FleetModel

extension FleetApplier {
  /// Writes Events on Node objects, through the first of these servers that answers.
  package static func write(
    _ events: [NodeEvent], over servers: [NodeLink]
  ) async throws(NodeFailure) {
    try await ClusterOperator(servers, vault: SecretVault(), state: nil).run(NodeEvent.step(for: events)) { _ in }
  }
}
