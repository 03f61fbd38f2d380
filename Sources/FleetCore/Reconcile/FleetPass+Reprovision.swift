import FleetApply
package import FleetModel

extension FleetPass {
  /// What ordering a rebuild of this node means. The servers and the node itself are observed; nothing is changed.
  package func rebuildOrder(of node: NodeSpec) async -> RebuildOrder {
    let asked = fleet.servers.filter { $0.name != node.name } + [node]
    let observer = FleetObserver(
      runners: links.mapValues { NodeObserver($0, progress: progress) }, vault: vault, now: now, progress: progress)
    let observations = await observer.observe(asked)
    return RebuildOrder(
      of: node, in: fleet, observation: observations[node.name], cluster: await cluster(behind: observations),
      pause: holds(now())[node.name])
  }

  /// Takes the node out of scheduling and empties it. Throws the step that failed.
  package func prepare(_ order: RebuildOrder) async throws(StepFailure) {
    guard !order.steps.isEmpty else { return }
    try await carryOut(order.steps, for: order.node)
  }

  /// A rebuild was called off: the node may be scheduled to again.
  package func abandonRebuild(of node: NodeSpec) async throws(StepFailure) {
    guard node.role != nil else { return }
    try await carryOut([RebuildOrder.abandoning(node.name, in: fleet.name)], for: node.name)
  }

  private func carryOut(_ steps: [Step], for node: String) async throws(StepFailure) {
    // The others are asked first.
    let names = fleet.servers.map(\.name).filter { $0 != node } + fleet.servers.map(\.name).filter { $0 == node }
    try await FleetApplier.carryOut(
      steps, for: node, over: nil, servers: names.compactMap { links[$0] }, vault: vault, holder: holder ?? "",
      progress: progress)
  }
}
