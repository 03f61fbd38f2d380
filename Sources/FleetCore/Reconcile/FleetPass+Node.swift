import FleetApply
package import FleetModel

/// What a look at the whole fleet saw, and what follows from it.
package struct FleetView: Sendable {
  package let plan: FleetPlan
  /// By node.
  package let observations: [String: NodeObservation]
  package let cluster: ClusterObservation
  package let artifacts: [Architecture: K3sArtifacts]
}

extension FleetPass {
  /// Looks at one node: one round trip over its warm connection, or a new connection.
  ///
  /// A warm connection that turns out to be lost says nothing of the node: it is tried once anew.
  package func look(at node: NodeSpec) async -> NodeObservation {
    let observer = FleetObserver(
      runners: links[node.name].map { [node.name: NodeObserver($0, progress: progress)] } ?? [:], vault: vault,
      now: now,
      progress: progress)
    let first = await observer.observe(node)
    guard case .failure(let failure) = first.answer, failure.reason == .connectionLost else { return first }
    return await observer.observe(node)
  }

  /// What one node's new observation means, beside what a look at the fleet saw of its servers and its cluster. It tells
  /// whether a pass over the fleet is needed; only such a pass decides what is done.
  ///
  /// - Parameter hold: what keeps the node as it is now; the pass itself was put together earlier.
  package func plan(
    of node: NodeSpec, from observation: NodeObservation, beside view: FleetView, holding hold: Finding?
  ) -> NodePlan? {
    let others = fleet.servers.filter { $0.name != node.name && view.observations[$0.name] != nil }
    var observations = view.observations
    observations[node.name] = observation
    let few = fleet.keeping((others + [node]).sorted { $0.name < $1.name })
    let holds = hold.map { [node.name: $0] } ?? [:]
    let plan = plan(of: few, from: observations, view.cluster, view.artifacts, now(), holds: holds)
    return plan.nodes.first { $0.node == node.name }
  }
}
