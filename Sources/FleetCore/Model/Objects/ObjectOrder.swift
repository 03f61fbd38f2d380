/// In which order objects are applied: what others need comes first. Deletions go the other way.
package enum ObjectOrder {
  /// Kinds that come early, in their order.
  private static let early = [
    "CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass", "IngressClass", "RuntimeClass",
    "ResourceQuota", "LimitRange", "PodSecurityPolicy", "ServiceAccount", "Role", "ClusterRole", "RoleBinding",
    "ClusterRoleBinding", "ConfigMap", "Secret", "PersistentVolume", "PersistentVolumeClaim", "NetworkPolicy",
    "Service", "HelmChartConfig", "HelmChart",
  ]
  /// Kinds that come last: a webhook whose pods do not run yet refuses everything.
  private static let late = ["APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]

  private static let ranks: [String: Int] = {
    var ranks: [String: Int] = [:]
    for (index, kind) in early.enumerated() { ranks[kind] = index }
    for (index, kind) in late.enumerated() { ranks[kind] = early.count + 1 + index }
    return ranks
  }()

  private static func rank(_ identity: ObjectIdentity) -> Int { ranks[identity.kind] ?? early.count }

  /// Whether what is applied later may need it to be there: these are applied first, and awaited.
  package static func isAwaitedFirst(_ identity: ObjectIdentity) -> Bool {
    BuiltInKinds.isCustomResourceDefinition(identity) || BuiltInKinds.isNamespace(identity)
  }

  package static func isBefore(_ one: ObjectIdentity, _ other: ObjectIdentity) -> Bool {
    let (left, right) = (rank(one), rank(other))
    guard left == right else { return left < right }
    return (one.namespace ?? "", one.kind, one.group, one.name)
      < (other.namespace ?? "", other.kind, other.group, other.name)
  }
}
