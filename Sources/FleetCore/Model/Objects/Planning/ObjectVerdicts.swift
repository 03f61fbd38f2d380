/// What is to be done about one object that is wanted.
enum ObjectVerdict: Sendable {
  case inSync(KubernetesObject, Finding?)
  /// - Parameter uid: of the object that is changed.
  case apply(ObjectChange, KubernetesObject, uid: String?)
  case refuse(Finding, KubernetesObject)
  /// Nothing can be said of it, and that is no mistake of the fleet.
  case unknown(Finding)
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
  private var told: [Finding] = []
  private var refused: [(object: KubernetesObject, finding: Finding)] = []

  /// What is said of objects that need nothing or cannot be applied.
  var findings: [Finding] { refused.map(\.finding) + told }

  var changes: [ObjectChange] { applied.map(\.change) }

  mutating func add(_ verdict: ObjectVerdict) {
    switch verdict {
    case .inSync(let object, let finding):
      inSync.append(object)
      if let finding { told.append(finding) }
    case .apply(let change, let object, let uid): applied.append(Applied(change: change, object: object, uid: uid))
    case .refuse(let finding, let object): refused.append((object, finding))
    case .unknown(let finding): told.append(finding)
    }
  }

  /// What is rejected while its kind is another one may be right when the kind is what this commit makes of it: that is
  /// applied first, and the object is tried behind it.
  mutating func reconsiderWhatFollowsItsKind(_ live: [ObjectIdentity.Key: JSONText]) {
    let kinds = applied.map(\.object).compactMap(CustomKind.init(definedBy:))
    guard !kinds.isEmpty else { return }
    var left: [(object: KubernetesObject, finding: Finding)] = []
    for item in refused {
      let identity = item.object.identity
      guard item.finding.reason == .objectRejected,
        kinds.contains(where: { $0.group == identity.group && $0.kind == identity.kind })
      else {
        left.append(item)
        continue
      }
      let present = live[identity.key]
      let change = ObjectChange(
        present == nil ? .add : .change, identity, note: "after its CustomResourceDefinition, which changes too")
      applied.append(Applied(change: change, object: item.object, uid: present?.at("metadata", "uid")?.string))
    }
    refused = left
    applied.sort { ObjectOrder.isBefore($0.object.identity, $1.object.identity) }
  }

  /// What comes with a namespace or a kind that is refused itself cannot be applied either.
  mutating func blockWhatNeedsTheRefused() {
    let namespaces = Set(refused.map(\.object.identity).filter(BuiltInKinds.isNamespace).map(\.name))
    let kinds = refused.map(\.object).compactMap(CustomKind.init(definedBy:))
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
      told.append(
        Finding(
          .blocked, .objectRejected, .objects,
          "\(identity): it needs \(needsKind ? "the kind" : "the namespace") that is refused itself"))
    }
    applied = left
  }
}
