import FleetApply
package import FleetModel

extension FleetPass {
  /// What taking this node out of the fleet means. The servers and the node itself are observed; nothing is changed.
  package func removal(of name: String, _ options: Removal.Options) async -> Removal {
    let spec = fleet.node(named: name)
    let asked = fleet.servers.filter { $0.name != name } + (options.isUnreachable ? [] : [spec].compactMap { $0 })
    let observer = FleetObserver(
      runners: links.mapValues { NodeObserver($0, progress: progress) }, vault: vault, now: now, progress: progress)
    let observations = await observer.observe(asked)
    return Removal(
      of: name, spec, in: fleet, observation: observations[name], cluster: await cluster(behind: observations),
      options: options)
  }

  /// Does it. Throws the step that failed.
  package func remove(_ removal: Removal) async throws(StepFailure) {
    // The others are asked first: the node's own API server is about to go.
    let names = fleet.servers.map(\.name).filter { $0 != removal.node }
    try await FleetApplier.carryOut(
      removal.steps, for: removal.node, over: removal.touchesMachine ? links[removal.node] : nil,
      servers: names.compactMap { links[$0] },
      vault: vault, holder: holder ?? "", progress: progress)
  }
}
