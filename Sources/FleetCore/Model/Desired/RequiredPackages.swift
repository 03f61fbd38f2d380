/// Packages that a kind needs and nobody has to declare.
enum RequiredPackages {
  /// Adds them to the node's packages, as if they were declared present.
  static func add(
    to resources: inout [any Resource],
    of node: InventoryDocument,
    _ diagnostics: inout Diagnostics
  ) {
    var wanted = resources.compactMap { $0 as? Packages }.first?.packages ?? []
    for resource in resources {
      for name in resource.requiredPackages {
        guard let package = wanted.first(where: { $0.name == name }) else {
          wanted.append(WantedPackage(name, .present(.any, hold: nil)))
          continue
        }
        guard package.state == .absent else { continue }
        diagnostics.report(
          at: node.mark,
          "\(node.name): \(type(of: resource).key) needs the package \(name), which is declared absent",
          hint: "take one of the two away"
        )
      }
    }
    guard !wanted.isEmpty else { return }
    resources.removeAll { $0 is Packages }
    // The registry's order is the order in which a node is changed.
    let later = resources.firstIndex { ResourceRegistry.isOrdered(Packages.self, before: type(of: $0)) }
    resources.insert(Packages(wanted), at: later ?? resources.endIndex)
  }
}
