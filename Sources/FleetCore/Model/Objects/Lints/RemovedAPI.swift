/// API versions that Kubernetes no longer serves: its deprecated API migration guide, up to v1.34.
struct RemovedAPI: Sendable {
  /// The first v1.MINOR without it.
  let minor: Int
  /// `nil`: nothing took its place.
  let replacement: String?

  func isRemoved(in version: K3sVersion) -> Bool { version.major > 1 || version.minor >= minor }

  static func removal(of identity: ObjectIdentity) -> RemovedAPI? {
    table.first { row in
      row.apiVersion == identity.apiVersion && (row.kinds.isEmpty || row.kinds.contains(identity.kind))
    }.map { RemovedAPI(minor: $0.minor, replacement: $0.replacement) }
  }

  private struct Row: Sendable {
    let minor: Int
    let apiVersion: String
    /// Empty: all of them.
    let kinds: Set<String>
    let replacement: String?

    init(_ minor: Int, _ apiVersion: String, _ kinds: Set<String> = [], to replacement: String?) {
      self.minor = minor
      self.apiVersion = apiVersion
      self.kinds = kinds
      self.replacement = replacement
    }
  }

  private static let table: [Row] = [
    Row(16, "extensions/v1beta1", ["NetworkPolicy"], to: "networking.k8s.io/v1"),
    Row(16, "extensions/v1beta1", ["PodSecurityPolicy"], to: nil),
    Row(16, "extensions/v1beta1", ["DaemonSet", "Deployment", "ReplicaSet"], to: "apps/v1"),
    Row(16, "apps/v1beta1", to: "apps/v1"),
    Row(16, "apps/v1beta2", to: "apps/v1"),
    Row(
      22, "admissionregistration.k8s.io/v1beta1",
      ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], to: "admissionregistration.k8s.io/v1"),
    Row(22, "apiextensions.k8s.io/v1beta1", to: "apiextensions.k8s.io/v1"),
    Row(22, "apiregistration.k8s.io/v1beta1", to: "apiregistration.k8s.io/v1"),
    Row(22, "certificates.k8s.io/v1beta1", ["CertificateSigningRequest"], to: "certificates.k8s.io/v1"),
    Row(22, "coordination.k8s.io/v1beta1", ["Lease"], to: "coordination.k8s.io/v1"),
    Row(22, "extensions/v1beta1", ["Ingress"], to: "networking.k8s.io/v1"),
    Row(22, "networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], to: "networking.k8s.io/v1"),
    Row(22, "rbac.authorization.k8s.io/v1beta1", to: "rbac.authorization.k8s.io/v1"),
    Row(22, "scheduling.k8s.io/v1beta1", ["PriorityClass"], to: "scheduling.k8s.io/v1"),
    Row(
      22, "storage.k8s.io/v1beta1", ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
      to: "storage.k8s.io/v1"),
    Row(25, "batch/v1beta1", ["CronJob"], to: "batch/v1"),
    Row(25, "discovery.k8s.io/v1beta1", ["EndpointSlice"], to: "discovery.k8s.io/v1"),
    Row(25, "events.k8s.io/v1beta1", ["Event"], to: "events.k8s.io/v1"),
    Row(25, "autoscaling/v2beta1", ["HorizontalPodAutoscaler"], to: "autoscaling/v2"),
    Row(25, "policy/v1beta1", ["PodDisruptionBudget"], to: "policy/v1"),
    Row(25, "policy/v1beta1", ["PodSecurityPolicy"], to: nil),
    Row(25, "node.k8s.io/v1beta1", ["RuntimeClass"], to: "node.k8s.io/v1"),
    Row(26, "flowcontrol.apiserver.k8s.io/v1beta1", to: "flowcontrol.apiserver.k8s.io/v1"),
    Row(26, "autoscaling/v2beta2", ["HorizontalPodAutoscaler"], to: "autoscaling/v2"),
    Row(27, "storage.k8s.io/v1beta1", ["CSIStorageCapacity"], to: "storage.k8s.io/v1"),
    Row(29, "flowcontrol.apiserver.k8s.io/v1beta2", to: "flowcontrol.apiserver.k8s.io/v1"),
    Row(32, "flowcontrol.apiserver.k8s.io/v1beta3", to: "flowcontrol.apiserver.k8s.io/v1"),
    Row(
      34, "admissionregistration.k8s.io/v1beta1",
      ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"], to: "admissionregistration.k8s.io/v1"),
  ]
}
