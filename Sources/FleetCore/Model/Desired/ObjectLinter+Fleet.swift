extension ObjectLinter {
  /// With what the fleet says of its nodes and its release.
  package init(of fleet: Fleet) {
    self.init(
      levels: fleet.manifests.lints,
      architectures: Set(fleet.nodes.filter { $0.role != nil }.map(\.architecture)), version: fleet.k3s?.version)
  }
}
