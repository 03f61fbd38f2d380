/// Looks at what is declared with what is known of the fleet. Pure, and needs no server.
package struct ObjectLinter: Sendable {
  private let levels: ObjectLint.Levels
  /// Of the nodes that run pods; empty: not known.
  private let architectures: Set<Architecture>
  private let version: K3sVersion?

  package init(levels: ObjectLint.Levels, architectures: Set<Architecture>, version: K3sVersion?) {
    self.levels = levels
    self.architectures = architectures
    self.version = version
  }

  /// In the order of the objects.
  ///
  /// - Parameter others: namespaces that come from elsewhere in the same commit.
  package func findings(in objects: [KubernetesObject], besides others: Set<String> = []) -> [ObjectLint.Finding] {
    let namespaces = Set(objects.map(\.identity).filter(BuiltInKinds.isNamespace).map(\.name))
      .union(objects.compactMap(Self.targetNamespace)).union(others)
    return objects.flatMap { object in
      let found = missingNamespace(of: object, declared: namespaces) + removedAPI(of: object) + pods(of: object)
      return found.filter { $0.level != .off && !object.ignoredLints.contains($0.lint) }
    }
  }

  /// A HelmChart may make its own namespace.
  private static func targetNamespace(_ object: KubernetesObject) -> String? {
    guard BuiltInKinds.isHelm(object.identity), object.content.at("spec", "createNamespace") == .boolean(true) else {
      return nil
    }
    return object.content.at("spec", "targetNamespace")?.string
  }

  private func finding(
    _ lint: ObjectLint, _ object: KubernetesObject, _ problem: String, hint: String? = nil
  ) -> ObjectLint.Finding {
    ObjectLint.Finding(
      lint: lint, level: levels[lint], object: object.identity, mark: object.mark,
      problem: "\(object.identity): \(problem)", hint: hint)
  }

  private func missingNamespace(of object: KubernetesObject, declared: Set<String>) -> [ObjectLint.Finding] {
    guard let namespace = object.identity.namespace, !declared.contains(namespace),
      !BuiltInKinds.namespaces.contains(namespace)
    else { return [] }
    return [
      finding(
        .missingNamespace, object, "no manifest brings the namespace \(namespace)",
        hint: Suggestion.nearest(to: namespace, among: declared.union(BuiltInKinds.namespaces))
          .map { "did you mean \"\($0)\"?" } ?? "declare a Namespace \(namespace) beside it")
    ]
  }

  private func removedAPI(of object: KubernetesObject) -> [ObjectLint.Finding] {
    guard let version, let removal = RemovedAPI.removal(of: object.identity), removal.isRemoved(in: version) else {
      return []
    }
    return [
      finding(
        .removedAPI, object, "Kubernetes serves it no more since v1.\(removal.minor), and the fleet runs \(version)",
        hint: removal.replacement.map { "write apiVersion: \($0)" } ?? "nothing took its place")
    ]
  }

  private func pods(of object: KubernetesObject) -> [ObjectLint.Finding] {
    guard let pod = PodTemplate(of: object) else { return [] }
    var found: [ObjectLint.Finding] = []
    let known = Set(architectures.map(\.rawValue))
    if let wanted = pod.architectures, !known.isEmpty, wanted.isDisjoint(with: known) {
      found.append(
        finding(
          .wrongArchitecture, object,
          "its pods want \(wanted.sorted().joined(separator: " or ")), and the fleet's nodes are "
            + known.sorted().joined(separator: " and ")))
    }
    for container in pod.containers {
      let name = TerminalText.escape(String(container.name.prefix(80)))
      let image = TerminalText.escape(String(container.image.text.prefix(200)))
      if let named = container.image.architecture, !known.isEmpty, !known.contains(named) {
        found.append(
          finding(.wrongArchitecture, object, "the image \(image) of \(name) is for \(named) alone by its name"))
      }
      if container.image.isFloating {
        found.append(
          finding(
            .latestTag, object, "the image \(image) of \(name) has no version",
            hint: "two nodes may run two programs: write a tag or a digest"))
      }
      if !container.missingResources.isEmpty {
        found.append(
          finding(
            .requestsAndLimits, object, "\(name) lacks \(container.missingResources.joined(separator: ", "))",
            hint: "without them one container can take a small node's memory"))
      }
    }
    return found
  }
}
