/// The types of Kubernetes' own kinds, as far as a prediction must know them: lists with keys, what is replaced as a whole,
/// quantities, and what has defaults.
enum ObjectType: String, Sendable {
  case object, metadata, ownerReference, labelSelector
  // Workloads
  case deployment, deploymentSpec, deploymentStrategy, deploymentRolling
  case daemonSet, daemonSetSpec, daemonSetStrategy, daemonSetRolling
  case statefulSet, statefulSetSpec, statefulSetStrategy, statefulSetRolling, claimTemplate, replicaSet, replicaSetSpec
  case job, jobSpec, cronJob, cronJobSpec, jobTemplate, jobTemplateSpec, pod, podTemplate
  // Pods
  case podSpec, podSecurityContext, affinity, nodeAffinity, podAffinity, weightedPodTerm, podAffinityTerm
  case preferredNodeTerm, nodeSelector, nodeTerm, spreadConstraint, dnsConfig, toleration, localReference
  case container, containerPort, environmentVariable, environmentSource, fieldReference, resourceReference
  case environmentFrom, probe, action, httpGet, grpc, lifecycle, resources, securityContext, volumeMount
  case volume, configMapVolume, secretVolume, downwardVolume, downwardFile, projectedVolume, projection,
    tokenProjection, downwardProjection
  case hostPath, emptyDirectory, iscsi, ephemeralVolume
  // The rest
  case service, serviceSpec, servicePort, configMap, secret, serviceAccount, namespace, objectReference
  case volumeClaim, volumeClaimSpec, persistentVolume, persistentVolumeSpec, volumeNodeAffinity
  case limitRange, limitRangeSpec, limitRangeItem, resourceQuota, resourceQuotaSpec, endpoints, endpointSubset
  case endpointPort, ingress, ingressSpec, ingressRule, ingressRuleValue, ingressPath, ingressBackend
  case networkPolicy, networkPolicySpec, networkPolicyRule, networkPolicyPeer, networkPolicyPort
  case disruptionBudget, disruptionBudgetSpec, role, roleBinding, subject, roleReference
  case storageClass, priorityClass, autoscaler, autoscalerSpec, metricSpec, metricSource, metricTarget
  case webhooks, webhook, webhookClient, webhookService, webhookRule
  case admissionPolicy, admissionPolicySpec, admissionBinding, admissionBindingSpec, matchResources
  case customDefinition, customDefinitionSpec, customConversion, customNames, customVersion, customSchema, schema

  static func root(of object: JSONText) -> ObjectType? {
    let version = object["apiVersion"]?.string ?? ""
    let group = version.contains("/") ? String(version.prefix { $0 != "/" }) : ""
    return kinds[group]?[object["kind"]?.string ?? ""]
  }

  private static let kinds: [String: [String: ObjectType]] = [
    "": [
      "Pod": .pod, "Service": .service, "ConfigMap": .configMap, "Secret": .secret, "ServiceAccount": .serviceAccount,
      "Namespace": .namespace, "PersistentVolumeClaim": .volumeClaim, "PersistentVolume": .persistentVolume,
      "LimitRange": .limitRange, "ResourceQuota": .resourceQuota, "Endpoints": .endpoints,
    ],
    "apps": [
      "Deployment": .deployment, "DaemonSet": .daemonSet, "StatefulSet": .statefulSet, "ReplicaSet": .replicaSet,
    ],
    "batch": ["Job": .job, "CronJob": .cronJob],
    "networking.k8s.io": ["Ingress": .ingress, "NetworkPolicy": .networkPolicy, "IngressClass": .object],
    "policy": ["PodDisruptionBudget": .disruptionBudget],
    "rbac.authorization.k8s.io": [
      "Role": .role, "ClusterRole": .role, "RoleBinding": .roleBinding, "ClusterRoleBinding": .roleBinding,
    ],
    "storage.k8s.io": ["StorageClass": .storageClass],
    "scheduling.k8s.io": ["PriorityClass": .priorityClass],
    "autoscaling": ["HorizontalPodAutoscaler": .autoscaler],
    "admissionregistration.k8s.io": [
      "MutatingWebhookConfiguration": .webhooks, "ValidatingWebhookConfiguration": .webhooks,
      "ValidatingAdmissionPolicy": .admissionPolicy, "ValidatingAdmissionPolicyBinding": .admissionBinding,
    ],
    "apiextensions.k8s.io": ["CustomResourceDefinition": .customDefinition],
  ]

  /// Fields of which something is known; all others are plain.
  var fields: [String: FieldType] { Self.known[self] ?? [:] }

  private static let known = podTypes.merging(workloadTypes) { $1 }.merging(storageTypes) { $1 }.merging(otherTypes) {
    $1
  }

  /// The type of an object with metadata and a spec.
  static func root(_ spec: ObjectType) -> [String: FieldType] {
    ["metadata": .structure(.metadata), "spec": .structure(spec)]
  }
}
