/// Which nodes a run may change: `--node NAME` and `-l key=value`. Several names widen it, several labels narrow it.
package struct NodeSelection: Sendable, Hashable {
  package let names: Set<String>
  package let labels: [String: String]

  package static let all = NodeSelection(names: [], labels: [:])

  package init(names: Set<String>, labels: [String: String]) {
    self.names = names
    self.labels = labels
  }

  package func contains(_ node: NodeSpec) -> Bool {
    (names.isEmpty || names.contains(node.name)) && labels.allSatisfy { node.labels[$0.key] == $0.value }
  }

  package var isNarrow: Bool { self != .all }
}
