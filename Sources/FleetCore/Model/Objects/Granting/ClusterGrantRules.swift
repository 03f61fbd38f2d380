/// The rules of RBAC that let somebody read what fleetd keeps, and nothing else: `get` each object by its name, and `list` the
/// namespaces and the definitions of kinds.
///
/// What was decrypted is never named, however else it is called, and a name ends with its manifest: what fleetd keeps and
/// Git no longer has is not readable.
struct ClusterGrantRules: Sendable {
  private(set) var cluster: [JSONText] = []
  /// By namespace.
  private(set) var namespaced: [String: [JSONText]] = [:]

  /// An object as the API's paths call it.
  private struct Place: Hashable {
    let group: String
    let plural: String
    let namespace: String?
    let name: String
  }

  init(for wanted: [KubernetesObject], kinds: [CustomKind]) {
    func place(of object: KubernetesObject) -> Place? {
      PluralNames.plural(of: object.identity, among: kinds).map { plural in
        Place(
          group: object.identity.group, plural: plural, namespace: object.identity.namespace, name: object.identity.name
        )
      }
    }
    let inventory = Place(
      group: "", plural: "configmaps", namespace: ObjectInventory.namespace, name: ObjectInventory.name)
    let readable = Set(wanted.filter { !$0.isConfidential }.compactMap(place))
      .subtracting(wanted.filter(\.isConfidential).compactMap(place))
    cluster = [
      Self.rule("", "namespaces", verb: "list"),
      Self.rule("apiextensions.k8s.io", "customresourcedefinitions", verb: "list"),
    ]
    // The objects that say all this are compared like the others.
    let account = Place(
      group: "", plural: "serviceaccounts", namespace: ClusterGrant.namespace, name: ClusterGrant.name)
    let namespaces = Set(readable.compactMap(\.namespace)).union([ClusterGrant.namespace])
    let own =
      ["clusterroles", "clusterrolebindings"].map { Self.own($0, in: nil) }
      + namespaces.flatMap { namespace in ["roles", "rolebindings"].map { Self.own($0, in: namespace) } }
    let byKind = Dictionary(grouping: readable.union([inventory, account] + own)) {
      Place(group: $0.group, plural: $0.plural, namespace: $0.namespace, name: "")
    }
    for (kind, places) in byKind.sorted(by: { ($0.key.group, $0.key.plural) < ($1.key.group, $1.key.plural) }) {
      let rule = Self.rule(kind.group, kind.plural, verb: "get", names: places.map(\.name))
      if let namespace = kind.namespace {
        namespaced[namespace, default: []].append(rule)
      } else {
        cluster.append(rule)
      }
    }
  }

  private static func own(_ plural: String, in namespace: String?) -> Place {
    Place(group: "rbac.authorization.k8s.io", plural: plural, namespace: namespace, name: ClusterGrant.name)
  }

  private static func rule(_ group: String, _ plural: String, verb: String, names: [String] = []) -> JSONText {
    let texts = { (texts: [String]) in JSONText.array(texts.sorted().map { .string($0) }) }
    return .object(
      [.init("apiGroups", texts([group])), .init("resources", texts([plural]))]
        + (names.isEmpty ? [] : [.init("resourceNames", texts(names))]) + [.init("verbs", texts([verb]))])
  }
}

/// What the API calls all objects of a kind.
enum PluralNames {
  /// `nil`: nobody here knows. Kubernetes' own groups are not for others to name: a definition that claims one is passed
  /// over. Kinds begin with a capital letter, so that no spelling stands for another kind.
  static func plural(of identity: ObjectIdentity, among kinds: [CustomKind]) -> String? {
    guard identity.kind.first?.isUppercase == true else { return nil }
    guard BuiltInKinds.isGroup(identity.group) else {
      return kinds.first { $0.group == identity.group && $0.kind == identity.kind }?.plural.flatMap {
        isLabel($0) ? $0 : nil
      }
    }
    guard BuiltInKinds.isNamespaced(group: identity.group, kind: identity.kind) != nil else { return nil }
    let name = identity.kind.lowercased()
    if name == "endpoints" { return name }
    if name.hasSuffix("s") { return name + "es" }
    return name.hasSuffix("y") ? name.dropLast() + "ies" : name + "s"
  }

  /// RFC 1123: no `*`, and no `/` of a subresource.
  private static func isLabel(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
  }
}
