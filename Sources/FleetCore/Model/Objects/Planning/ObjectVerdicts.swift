/// What is to be done about one object that is wanted.
enum ObjectVerdict: Sendable {
  case inSync(KubernetesObject, Finding?)
  /// - Parameter uid: of the object that is changed.
  case apply(ObjectChange, KubernetesObject, uid: String?)
  case refuse(Finding, KubernetesObject)
}

/// The verdicts on all of them.
struct ObjectVerdicts: Sendable {
  struct Applied: Sendable {
    let change: ObjectChange
    let object: KubernetesObject
    let uid: String?
  }

  private(set) var applied: [Applied] = []
  private(set) var inSync: [KubernetesObject] = []
  private(set) var findings: [Finding] = []
  private var refused: [KubernetesObject] = []

  var changes: [ObjectChange] { applied.map(\.change) }

  mutating func add(_ verdict: ObjectVerdict) {
    switch verdict {
    case .inSync(let object, let finding):
      inSync.append(object)
      if let finding { findings.append(finding) }
    case .apply(let change, let object, let uid): applied.append(Applied(change: change, object: object, uid: uid))
    case .refuse(let finding, let object):
      findings.append(finding)
      refused.append(object)
    }
  }

  /// What comes with a namespace or a kind that is refused itself cannot be applied either.
  mutating func blockWhatNeedsTheRefused() {
    let namespaces = Set(refused.map(\.identity).filter(BuiltInKinds.isNamespace).map(\.name))
    let kinds = refused.compactMap(CustomKind.init(definedBy:))
    guard !namespaces.isEmpty || !kinds.isEmpty else { return }
    var left: [Applied] = []
    for item in applied {
      let identity = item.object.identity
      let needsKind = kinds.contains { $0.group == identity.group && $0.kind == identity.kind }
      let needsNamespace = identity.namespace.map(namespaces.contains) == true
      // What is there already changes on, whatever becomes of its namespace's labels.
      guard item.uid == nil, needsKind || needsNamespace else {
        left.append(item)
        continue
      }
      findings.append(
        Finding(
          .blocked, .objectRejected, .objects,
          "\(identity): it needs \(needsKind ? "the kind" : "the namespace") that is refused itself"))
    }
    applied = left
  }
}
