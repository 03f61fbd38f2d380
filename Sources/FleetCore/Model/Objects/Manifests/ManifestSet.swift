/// What cluster/ of a commit says, read as far as it can be without a server.
package struct ManifestSet: Sendable {
  /// Objects of plain manifests.
  package let objects: [KubernetesObject]
  /// Kustomizations that stand alone: directories, each rendered by a server.
  package let roots: [String]
  /// Objects of plain files that the kustomizations use, as far as that is certain without rendering.
  package let glimpsed: [KubernetesObject]
  /// Namespaces that the kustomizations may bring, certain or not.
  package let glimpsedNamespaces: Set<String>
  /// Every file, for rendering.
  package let files: [ManifestFile]
  /// Encrypted files that were not decrypted.
  package var unread: [ManifestFile] { files.filter { $0.state == .encrypted } }

  /// There is no such directory.
  package static let none = ManifestSet(objects: [], roots: [], glimpsed: [], glimpsedNamespaces: [], files: [])

  /// Whether anything is declared at all.
  package var isEmpty: Bool { objects.isEmpty && roots.isEmpty }

  /// More objects than a home fleet ever has; a bound all the same.
  package static let maximumObjects = 5000

  /// Everything that is wrong is reported; the set is only of use without diagnostics.
  ///
  /// - Parameter root: the directory that all files are below.
  package static func decode(_ files: [ManifestFile], below root: String) -> (ManifestSet, Diagnostics) {
    var diagnostics = Diagnostics()
    let files = files.sorted { $0.name < $1.name }
    let tree = ManifestTree(files, root: root, &diagnostics)
    let objects = tree.plain.filter { $0.state != .encrypted }.flatMap { ManifestDocuments($0).objects(&diagnostics) }
    var certainly = objects
    var glimpsed: [KubernetesObject] = []
    var namespaces: Set<String> = []
    for root in tree.roots {
      let parts = tree.parts(of: root)
      var certain: [KubernetesObject] = []
      for part in parts {
        let found = ManifestDocuments(part.file).objects(&diagnostics).map { $0.moved(to: part.namespace) }
        namespaces.formUnion(found.map(\.identity).filter(BuiltInKinds.isNamespace).map(\.name))
        if part.isCertain { certain += found }
      }
      if parts.allSatisfy(\.isCertain) { certainly += certain }
      glimpsed += certain
    }
    reportDuplicates(in: certainly, &diagnostics)
    if objects.count > maximumObjects {
      diagnostics.report(at: nil, "\(root)/ holds \(objects.count) objects; fleetd takes \(maximumObjects)")
    }
    return (
      ManifestSet(
        objects: objects, roots: tree.roots, glimpsed: glimpsed, glimpsedNamespaces: namespaces, files: files),
      diagnostics
    )
  }

  private static func reportDuplicates(in objects: [KubernetesObject], _ diagnostics: inout Diagnostics) {
    var seen: [ObjectIdentity.Key: KubernetesObject] = [:]
    for object in objects {
      guard let first = seen.updateValue(object, forKey: object.identity.key) else { continue }
      diagnostics.report(
        at: object.isConfidential ? object.mark.withoutText : object.mark,
        "a second \(object.identity); the first is in \(first.mark)", hint: "one object has one manifest")
    }
  }
}

extension KubernetesObject {
  /// With the namespace that a kustomization puts on it; what belongs to the cluster has none.
  fileprivate func moved(to namespace: String?) -> KubernetesObject {
    guard let namespace, identity.namespace != nil else { return self }
    let moved = ObjectIdentity(
      apiVersion: identity.apiVersion, kind: identity.kind, namespace: namespace, name: identity.name)
    return KubernetesObject(
      moved, content.setting(["metadata", "namespace"], to: .string(namespace)), at: mark,
      isConfidential: isConfidential)
  }
}
