import YAMLSource

/// What a key that may only look (`spec.checkAccess`) needs in the cluster: a service account that may read what fleetd
/// keeps there, as objects that fleetd keeps like those of Git.
///
/// Nobody ever gets a token for it: a server's program asks the API in its name, so that the API server itself refuses
/// what is more than this.
package struct ClusterGrant: Sendable {
  package static let namespace = "kube-system"
  package static let name = "fleetd-check"
  /// As the API server knows it.
  package static let user = "system:serviceaccount:\(namespace):\(name)"

  package let objects: [KubernetesObject]

  /// - Parameters:
  ///   - wanted: what may be read of all that fleetd keeps in the cluster, but for what this makes.
  ///   - kinds: those that definitions bring.
  package init(for wanted: [KubernetesObject], kinds: [CustomKind]) {
    let rules = ClusterGrantRules(for: wanted, kinds: kinds)
    objects =
      [
        Self.object(
          "v1", "ServiceAccount", in: Self.namespace, [.init("automountServiceAccountToken", .boolean(false))]),
        Self.object(Self.rbac, "ClusterRole", in: nil, [.init("rules", .array(rules.cluster))]),
        Self.object(Self.rbac, "ClusterRoleBinding", in: nil, Self.binding(to: "ClusterRole")),
      ]
      + rules.namespaced.sorted { $0.key < $1.key }.flatMap { namespace, rules in
        [
          Self.object(Self.rbac, "Role", in: namespace, [.init("rules", .array(rules))]),
          Self.object(Self.rbac, "RoleBinding", in: namespace, Self.binding(to: "Role")),
        ]
      }
  }

  /// Whether an object is one of these: nobody else declares one of its name.
  package static func owns(_ identity: ObjectIdentity) -> Bool {
    guard identity.name == name else { return false }
    switch (identity.group, identity.kind) {
    case ("", "ServiceAccount"): return identity.namespace == namespace
    case (rbacGroup, "ClusterRole"), (rbacGroup, "ClusterRoleBinding"): return true
    case (rbacGroup, "Role"), (rbacGroup, "RoleBinding"): return true
    default: return false
    }
  }

  private static let rbacGroup = "rbac.authorization.k8s.io"
  private static let rbac = "\(rbacGroup)/v1"

  private static func object(
    _ apiVersion: String, _ kind: String, in namespace: String?, _ members: [JSONText.Member]
  ) -> KubernetesObject {
    let identity = ObjectIdentity(apiVersion: apiVersion, kind: kind, namespace: namespace, name: name)
    // Whoever widens it does not keep it so.
    let content = members.reduce(
      identity.skeleton.setting(["metadata", "annotations", ObjectMark.forceConflicts], to: .string("true"))
    ) { $0.setting([$1.key], to: $1.value) }
    return KubernetesObject(
      identity, content,
      at: YAMLMark(source: YAMLSourceFile(name: "the Fleet's spec.checkAccess", bytes: []), line: 1, column: 1))
  }

  private static func binding(to role: String) -> [JSONText.Member] {
    [
      .init(
        "roleRef",
        .object([
          .init("apiGroup", .string(rbacGroup)), .init("kind", .string(role)), .init("name", .string(name)),
        ])),
      .init(
        "subjects",
        .array([
          .object([
            .init("kind", .string("ServiceAccount")), .init("name", .string(name)),
            .init("namespace", .string(namespace)),
          ])
        ])),
    ]
  }
}
