package import FleetModel

extension FleetApplier {
  /// What a person ordered for one node, a removal or the order of a rebuild: step by step, up to the first failure.
  /// Another run of fleetd on the same cluster is kept out meanwhile.
  ///
  /// - Parameters:
  ///   - link: the way to the machine; `nil`: only what is about the cluster is done.
  ///   - servers: the ways to the servers, in the order in which they are asked.
  ///   - holder: who takes the cluster's roll-out lock.
  package static func carryOut(
    _ steps: [Step], for node: String, over link: NodeLink?, servers: [NodeLink], vault: SecretVault, holder: String,
    progress: @escaping ProgressSink
  ) async throws(StepFailure) {
    let cluster = ClusterOperator(servers, vault: vault, state: nil)
    let runner = link.map { NodeOperator($0, vault: vault) }
    let take = RolloutLock.take(by: holder)
    do throws(NodeFailure) { try await cluster.run(take) { _ in } } catch {
      throw StepFailure(step: take.title, failure: error)
    }
    var failure: StepFailure?
    for step in steps where failure == nil {
      do throws(NodeFailure) {
        guard !Task.isCancelled else { throw NodeFailure(.cancelled, "cancelled before it began") }
        progress(.stepStarted(node: node, step))
        if step.isOfCluster {
          try await cluster.run(step) { progress(.waiting(node: node, what: $0)) }
        } else {
          try await runner?.run(step)
        }
        progress(.stepSucceeded(node: node, step))
      } catch {
        failure = StepFailure(step: step.title, failure: error)
      }
    }
    // The lock expires by itself where no server can be told.
    try? await cluster.run(RolloutLock.release(by: holder)) { _ in }
    if let failure {
      progress(.stepFailed(node: node, failure))
      throw failure
    }
  }
}
