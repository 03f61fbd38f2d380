import YAMLSource

/// What shall be in the cluster once the kustomizations are rendered, and what the server must still be asked.
package struct ObjectsDraft: Sendable {
  /// In the order in which they are applied, each once.
  package let wanted: [KubernetesObject]
  /// How many of them cluster/ declares: the others are the grant's (`ClusterGrant`).
  package let declared: Int
  /// Whether keys that may only look are granted: then no object of the grant is one too many before all is known.
  package let isGranting: Bool
  /// What could not be read or rendered.
  package let findings: [Finding]
  /// Whether all of cluster/ is known: only then can something be missing from it.
  package let isComplete: Bool
  package let inventory: ObjectInventory?
  /// Objects whose namespace or kind comes with the same commit: no server can try them yet.
  package let early: [ObjectIdentity.Key: String]
  /// Applied once, and in Git no more.
  package let candidates: [ObjectIdentity]
  package let secrets: SecretTexts
  package let dryRun: ObjectsDryRun
}

extension ObjectsDraft {
  /// - Parameters:
  ///   - failures: what kept parts of cluster/ from being read, such as a decryption that failed.
  ///   - isGranting: the fleet has keys that may only look.
  ///   - access: of whoever asks the server.
  package init(
    _ manifests: ManifestSet, _ survey: ObjectsSurvey.Answer, fleet: String, failures: [Finding] = [],
    isGranting: Bool = false, access: NodeAccess = .full
  ) {
    var findings = access == .full ? failures : failures.map(Self.told)
    var all = manifests.objects
    for root in manifests.roots {
      guard access == .full else {
        findings.append(Self.notRendered(root))
        continue
      }
      let (objects, finding) = Self.rendered(root, survey.rendered[root], manifests)
      all += objects
      if let finding { findings.append(finding) }
    }
    let kinds = survey.definitions + all.compactMap(CustomKind.init(definedBy:))
    var seen: [ObjectIdentity.Key: KubernetesObject] = [:]
    var wanted: [KubernetesObject] = []
    for object in all.map({ $0.placed(by: kinds) }) {
      if let first = seen[object.identity.key] {
        findings.append(
          Finding(
            .blocked, .manifestRenderFailed, .objects,
            "\(object.identity) stands in \(object.place) and in \(first.place)",
            next: "one object has one manifest: take one of the two away"))
      } else {
        seen[object.identity.key] = object
        wanted.append(object)
      }
    }
    declared = wanted.count
    self.isGranting = isGranting
    let isComplete = findings.isEmpty && manifests.unread.isEmpty
    self.isComplete = isComplete
    // What may be read follows from all that is there: as long as that is not known, it stays as it is. What a
    // kustomization comes to is not compared with such a key, and may hold what was decrypted.
    if isGranting, isComplete {
      let plain = Set(manifests.objects.map { $0.placed(by: kinds).identity.key })
      for object in ClusterGrant(for: wanted.filter { plain.contains($0.identity.key) }, kinds: kinds).objects {
        seen[object.identity.key] = object
        wanted.append(object)
      }
    }
    let ordered = wanted.sorted { ObjectOrder.isBefore($0.identity, $1.identity) }
    self.wanted = ordered
    self.findings = findings
    inventory = survey.inventory
    let early = Self.early(ordered, survey)
    self.early = early
    // A key that may only look cannot tell an object of a kustomization from one that left Git.
    let isTelling = access == .full || isComplete
    let candidates = (isTelling ? survey.inventory?.entries ?? [:] : [:]).values
      .filter { seen[$0.key] == nil && (isComplete || !isGranting || !ClusterGrant.owns($0)) }
      .sorted { ObjectOrder.isBefore($0, $1) }
    self.candidates = candidates
    secrets = SecretTexts(of: ordered)
    let asked = ordered.filter { early[$0.identity.key] == nil }
    let identities = asked.map(\.identity)
    dryRun = ObjectsDryRun(
      asked: asked, looked: identities + candidates + identities.filter(BuiltInKinds.isHelm).map(\.installJob),
      fleet: fleet)
  }

  /// What somebody without keys to decrypt with cannot compare is no mistake of the fleet.
  private static func told(_ failure: Finding) -> Finding {
    guard failure.reason == .manifestDecryptFailed else { return failure }
    return Finding(
      .note, .notCompared, .objects, "not compared: \(failure.message); nor is what left Git",
      next: "nothing, if whoever checks shall not have it")
  }

  private static func notRendered(_ root: String) -> Finding {
    Finding(
      .note, .notCompared, .objects,
      "\(root): not compared, nor what left Git; a server renders kustomizations for a key that may do everything",
      next: "fleetd --check on the control node compares them")
  }

  private static func rendered(
    _ root: String, _ rendering: ObjectsSurvey.Rendering?, _ manifests: ManifestSet
  ) -> ([KubernetesObject], Finding?) {
    // Who decrypts for a kustomization may find the text anywhere in what it comes to, and in what is said of it.
    let hidden = DecryptedTexts.values(in: manifests.files)
    switch rendering {
    case .yaml(let bytes)?:
      var diagnostics = Diagnostics()
      let file = ManifestFile(
        name: "\(root)/kustomization.yaml", bytes: bytes, state: hidden.isEmpty ? .plain : .decrypted)
      let objects = ManifestDocuments(file).objects(&diagnostics)
      guard let first = diagnostics.all.first else {
        return (objects.map { $0.rendered(from: file.name, hidden) }, nil)
      }
      return ([], failure(root, "what \(root) renders to cannot be used: \(first.problem)"))
    case .failed(let problem)?:
      let shown = SecretTexts(hidden).removed(from: problem, isSecret: !hidden.isEmpty)
      return ([], failure(root, "\(root) does not render: \(shown)"))
    case nil:
      return ([], failure(root, "\(root) was not rendered"))
    }
  }

  private static func failure(_ root: String, _ message: String) -> Finding {
    Finding(
      .blocked, .manifestRenderFailed, .objects, message,
      next: "run: kubectl kustomize \(root); nothing is deleted until all renders")
  }

  /// What must be there first, by object.
  private static func early(
    _ wanted: [KubernetesObject], _ survey: ObjectsSurvey.Answer
  ) -> [ObjectIdentity.Key: String] {
    let namespaces = Set(wanted.map(\.identity).filter(BuiltInKinds.isNamespace).map(\.name))
      .subtracting(survey.namespaces)
    let kinds = Set(wanted.compactMap(CustomKind.init(definedBy:)).map(\.name))
      .subtracting(survey.definitions.map(\.name))
    var early: [ObjectIdentity.Key: String] = [:]
    for identity in wanted.map(\.identity) {
      if kinds.contains("\(identity.group) \(identity.kind)") {
        early[identity.key] = "after its CustomResourceDefinition"
      } else if let namespace = identity.namespace, namespaces.contains(namespace) {
        early[identity.key] = "after its Namespace"
      }
    }
    return early
  }
}

extension CustomKind {
  fileprivate var name: String { "\(group) \(kind)" }
}

extension ObjectIdentity {
  /// The Job by which k3s installs a HelmChart; a HelmChartConfig has the name of its chart.
  var installJob: ObjectIdentity {
    ObjectIdentity(apiVersion: "batch/v1", kind: "Job", namespace: namespace, name: "helm-install-\(name)")
  }
}

extension KubernetesObject {
  /// In the namespace that its kind has or has not, now that it is known.
  fileprivate func placed(by kinds: [CustomKind]) -> KubernetesObject {
    guard let kind = kinds.first(where: { $0.group == identity.group && $0.kind == identity.kind }) else { return self }
    let namespace = kind.isNamespaced ? identity.namespace ?? "default" : nil
    guard namespace != identity.namespace else { return self }
    return KubernetesObject(
      ObjectIdentity(
        apiVersion: identity.apiVersion, kind: identity.kind, namespace: namespace, name: identity.name),
      content.setting(["metadata", "namespace"], to: namespace.map { .string($0) }), at: mark,
      isConfidential: isConfidential)
  }

  /// The line in what a server rendered says nothing to a person. It is confidential where it holds a text that was
  /// decrypted.
  fileprivate func rendered(from name: String, _ hidden: Set<String>) -> KubernetesObject {
    let place = YAMLMark(source: YAMLSourceFile(name: name, bytes: []), line: 1, column: 1)
    let text = hidden.isEmpty ? "" : content.compact
    return KubernetesObject(identity, content, at: place, isConfidential: hidden.contains { text.contains($0) })
  }
}
