import YAMLSource

/// Units and packages have one owner, as paths have (`PathClaims`): what a kind keeps by itself is declared nowhere else,
/// or each pass would undo the other half of the last one.
enum Contradictions {
  /// - Parameter entries: the merged `spec` of the node.
  static func report(
    _ resources: [any Resource],
    in entries: YAMLMapping,
    of node: InventoryDocument,
    _ diagnostics: inout Diagnostics
  ) {
    for resource in resources {
      let key = type(of: resource).key
      let other = entries[key].map { "; \(key) is in \($0.mark)" } ?? ""
      for service in entries[Services.key]?.mapping?.entries ?? [] {
        let unit = UnitName.complete(service.key)
        guard resource.keptUnits.contains(unit) else { continue }
        diagnostics.report(
          at: service.keyNode.mark, "\(node.name): \(unit) is kept by \(key) and by services\(other)",
          hint: "one unit has one owner: take one of the two away")
      }
      for package in entries[Packages.key]?.mapping?.entries ?? [] {
        guard resource.contradictedPackages.contains(package.key), package.value.string != "absent" else { continue }
        diagnostics.report(
          at: package.keyNode.mark, "\(node.name): the package \(package.key) contradicts \(key)\(other)",
          hint: "declare it absent, or take one of the two away")
      }
    }
  }
}
