/// The rules of RBAC that let somebody read what fleetd keeps, and nothing else: `get` what stands in Git by its kind, and
/// `list` the namespaces and the definitions of kinds.
///
/// Of Secrets, and of every kind of which an object was decrypted, only those objects that may be told: by their names.
struct ClusterGrantRules: Sendable {
  private(set) var cluster: [JSONText] = []
  /// By namespace.
  private(set) var namespaced: [String: [JSONText]] = [:]

  private struct Kind: Hashable {
    let group: String
    let plural: String
    let isOpen: Bool
  }

  init(for wanted: [KubernetesObject], kinds: [CustomKind]) {
    var objects: [Kind: [ObjectIdentity]] = [:]
    let readable = wanted.flatMap(Self.read)
    let closed = Set(
      readable.filter { $0.isConfidential || $0.identity.kind == "Secret" }.map { Self.type(of: $0.identity) })
    for object in readable {
      guard let plural = PluralNames.plural(of: object.identity, among: kinds) else { continue }
      let isOpen = !closed.contains(Self.type(of: object.identity))
      guard isOpen || !object.isConfidential else { continue }
      objects[Kind(group: object.identity.group, plural: plural, isOpen: isOpen), default: []].append(object.identity)
    }
    let open = Dictionary(grouping: objects.keys.filter(\.isOpen), by: \.group)
    for (group, kinds) in open.sorted(by: { $0.key < $1.key }) {
      cluster.append(Self.rule(group, kinds.map(\.plural), verb: "get"))
    }
    cluster.append(Self.rule("", ["namespaces"], verb: "list"))
    cluster.append(Self.rule("apiextensions.k8s.io", ["customresourcedefinitions"], verb: "list"))
    // What fleetd keeps is told by its own list, whatever else may be read of the kind.
    namespaced[ObjectInventory.namespace] = [
      Self.rule("", ["configmaps"], verb: "get", names: [ObjectInventory.name])
    ]
    let byName = objects.filter { !$0.key.isOpen }.sorted {
      ($0.key.group, $0.key.plural) < ($1.key.group, $1.key.plural)
    }
    for (kind, identities) in byName {
      for (namespace, named) in Dictionary(grouping: identities, by: \.namespace) {
        let rule = Self.rule(kind.group, [kind.plural], verb: "get", names: named.map(\.name))
        if let namespace { namespaced[namespace, default: []].append(rule) } else { cluster.append(rule) }
      }
    }
  }

  /// The object, and the Job by which k3s installs it.
  private static func read(_ object: KubernetesObject) -> [(identity: ObjectIdentity, isConfidential: Bool)] {
    let identities =
      BuiltInKinds.isHelm(object.identity) ? [object.identity, object.identity.installJob] : [object.identity]
    return identities.map { ($0, object.isConfidential) }
  }

  private static func type(of identity: ObjectIdentity) -> String { "\(identity.group) \(identity.kind)" }

  private static func rule(_ group: String, _ plurals: [String], verb: String, names: [String] = []) -> JSONText {
    let texts = { (texts: [String]) in JSONText.array(Set(texts).sorted().map { .string($0) }) }
    return .object(
      [.init("apiGroups", texts([group])), .init("resources", texts(plurals))]
        + (names.isEmpty ? [] : [.init("resourceNames", texts(names))]) + [.init("verbs", texts([verb]))])
  }
}

/// What the API calls all objects of a kind.
enum PluralNames {
  /// `nil`: nobody here knows.
  static func plural(of identity: ObjectIdentity, among kinds: [CustomKind]) -> String? {
    if let kind = kinds.first(where: { $0.group == identity.group && $0.kind == identity.kind }),
      let plural = kind.plural
    {
      return plural
    }
    guard BuiltInKinds.isNamespaced(group: identity.group, kind: identity.kind) != nil else { return nil }
    let name = identity.kind.lowercased()
    if name == "endpoints" { return name }
    if name.hasSuffix("s") { return name + "es" }
    return name.hasSuffix("y") ? name.dropLast() + "ies" : name + "s"
  }
}
