extension ManifestSet {
  /// With the objects that fleetd itself adds for keys that may only look, as far as they are known without a server: what
  /// kustomizations come to is not among what they let be read.
  package func granting(_ fleet: Fleet) -> ManifestSet {
    guard fleet.k3s != nil, fleet.isGrantingChecks, !files.isEmpty else { return self }
    let seen = objects + glimpsed
    let grant = ClusterGrant(for: objects, kinds: seen.compactMap(CustomKind.init(definedBy:)))
    return ManifestSet(
      objects: objects + grant.objects, roots: roots, glimpsed: glimpsed, glimpsedNamespaces: glimpsedNamespaces,
      files: files)
  }
}
