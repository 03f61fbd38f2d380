/// What is known of Kubernetes' own kinds without asking a server.
package enum BuiltInKinds {
  /// Kinds that belong to the cluster and have no namespace, by group.
  private static let clusterScoped: [String: Set<String>] = [
    "": ["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
    "admissionregistration.k8s.io": [
      "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
      "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
    ],
    "apiextensions.k8s.io": ["CustomResourceDefinition"],
    "apiregistration.k8s.io": ["APIService"],
    "authentication.k8s.io": ["TokenReview", "SelfSubjectReview"],
    "authorization.k8s.io": ["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
    "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
    "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
    "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
    "node.k8s.io": ["RuntimeClass"],
    "policy": ["PodSecurityPolicy"],
    "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
    "resource.k8s.io": ["DeviceClass", "ResourceSlice", "DeviceTaintRule"],
    "scheduling.k8s.io": ["PriorityClass"],
    "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
    "storagemigration.k8s.io": ["StorageVersionMigration"],
  ]

  /// Groups whose kinds are all Kubernetes' or k3s' own: a kind that is not listed above has a namespace.
  private static let knownGroups: Set<String> = [
    "", "apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions",
    "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "helm.cattle.io", "k3s.cattle.io",
  ]

  /// Whether the group is Kubernetes' or k3s' own.
  static func isGroup(_ group: String) -> Bool { knownGroups.contains(group) || clusterScoped[group] != nil }

  /// Whether the kind has a namespace; `nil`: not known here.
  package static func isNamespaced(group: String, kind: String) -> Bool? {
    if clusterScoped[group]?.contains(kind) == true { return false }
    if knownGroups.contains(group) { return true }
    // CSIStorageCapacity and ResourceClaim live in groups whose other kinds belong to the cluster.
    return clusterScoped[group] == nil ? nil : true
  }

  /// Namespaces that every cluster has.
  package static let namespaces: Set<String> = ["default", "kube-system", "kube-public", "kube-node-lease"]

  package static func isNamespace(_ identity: ObjectIdentity) -> Bool {
    identity.group.isEmpty && identity.kind == "Namespace"
  }

  package static func isCustomResourceDefinition(_ identity: ObjectIdentity) -> Bool {
    identity.group == "apiextensions.k8s.io" && identity.kind == "CustomResourceDefinition"
  }

  package static func isHelm(_ identity: ObjectIdentity) -> Bool {
    identity.group == "helm.cattle.io" && ["HelmChart", "HelmChartConfig"].contains(identity.kind)
  }

  package static func isSecret(_ identity: ObjectIdentity) -> Bool {
    identity.group.isEmpty && identity.kind == "Secret"
  }

  /// Deleting one of these takes data or other people's objects along.
  package static func isProtected(_ identity: ObjectIdentity) -> Bool {
    isNamespace(identity) || isCustomResourceDefinition(identity)
      || (identity.group.isEmpty && ["PersistentVolume", "PersistentVolumeClaim"].contains(identity.kind))
  }

  /// Why an object is never kept from cluster/: k3s or fleetd itself makes it, and without it a node or a roll-out is
  /// lost. `nil`: it may be.
  package static func reservation(of identity: ObjectIdentity) -> String? {
    let isInSystem = identity.namespace == "kube-system"
    switch (identity.group, identity.kind, identity.name) {
    case ("", "Node", _):
      return "k3s registers its nodes itself; their labels and taints are spec.kubernetes' of a Node"
    case ("", "ConfigMap", "fleetd-inventory") where isInSystem,
      ("coordination.k8s.io", "Lease", "fleetd-rollout") where isInSystem:
      return "fleetd keeps its own books there"
    case ("", "Secret", let name) where isInSystem && name.hasSuffix(".node-password.k3s"):
      return "k3s knows its nodes by it"
    default: return nil
    }
  }
}
