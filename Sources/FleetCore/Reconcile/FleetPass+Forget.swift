import FleetApply
package import FleetModel

extension FleetPass {
  /// Strikes a name off what `node` remembers as applied; what it names stays on the node. Only this node is observed,
  /// and nothing but its record is changed.
  ///
  /// Throws what keeps the node from being observed or changed; what is declared, or was never written down, is refused.
  package func forget(_ entry: NodeRecord.Entry, on node: NodeSpec) async throws(RunFailure) {
    guard let link = links[node.name] else { throw RunFailure("\(node.name) cannot be reached from here") }
    let record = try await record(of: node, over: link)
    let isDeclared = node.resources.contains { resource in
      type(of: resource).kind.name == entry.kind && resource.declared.contains(entry.name)
    }
    guard !isDeclared else {
      throw RunFailure(
        "\(entry.kind) \(entry.name) is declared for \(node.name): the next change would write it down again",
        next: "delete the declaration first")
    }
    guard record.declared.contains(entry) else { throw Self.unknown(entry, in: record, of: node) }
    do throws(NodeFailure) {
      try await FleetApplier.forget(entry, on: link, vault: vault)
    } catch {
      throw RunFailure("\(node.name): \(error.message)", next: error.next)
    }
  }

  private func record(of node: NodeSpec, over link: NodeLink) async throws(RunFailure) -> NodeRecord {
    let observer = FleetObserver(
      runners: [node.name: NodeObserver(link)], vault: vault, now: now, progress: progress)
    let observations = await observer.observe([node])
    switch observations[node.name]?.answer {
    case .success(let transcript):
      if let section = transcript.sections[Host.kind.name], let facts = try? Host.parse(section) { return facts.record }
      throw RunFailure("\(node.name): the node's answer cannot be used", next: "run again")
    case .failure(let failure): throw RunFailure("\(node.name): not observed: \(failure.message)", next: failure.next)
    case nil: throw RunFailure("\(node.name): not observed")
    }
  }

  private static func unknown(_ entry: NodeRecord.Entry, in record: NodeRecord, of node: NodeSpec) -> RunFailure {
    let names = record.declared.map { "\($0.kind) \($0.name)" }.sorted()
    let wanted = "\(entry.kind) \(entry.name)"
    return RunFailure(
      "\(node.name) remembers no \(wanted)",
      next: Suggestion.hint(for: wanted, among: names) ?? "fleetd --check --node \(node.name) lists what it could be")
  }
}
