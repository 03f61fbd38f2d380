extension ObjectType {
  /// What a server adds to a value of this type that lacks it.
  func defaults(of value: JSONText) -> [String: JSONText] {
    func says(_ key: String, _ text: String) -> Bool { value[key]?.string == text }
    var presets = Self.constants[self] ?? [:]
    switch self {
    case .deploymentStrategy, .daemonSetStrategy, .statefulSetStrategy:
      // A stateful set that says its strategy is not given its details.
      let isRolling = value["type"] == nil || (says("type", "RollingUpdate") && self != .statefulSetStrategy)
      if isRolling { presets["rollingUpdate"] = .object([]) }
    case .jobSpec where value["parallelism"] == nil: presets["completions"] = .integer(1)
    case .container: presets["imagePullPolicy"] = .string(Self.pullPolicy(of: value["image"]?.string ?? ""))
    case .volume where value.members?.count == 1 && value["name"] != nil: presets["emptyDir"] = .object([])
    case .servicePort: presets["targetPort"] = value["port"]
    case .serviceSpec:
      if says("sessionAffinity", "ClientIP") { presets["sessionAffinityConfig"] = Self.stickiness }
      if says("type", "NodePort") || says("type", "LoadBalancer") {
        presets["externalTrafficPolicy"] = .string("Cluster")
      }
      if says("type", "LoadBalancer") { presets["allocateLoadBalancerNodePorts"] = .boolean(true) }
    case .networkPolicySpec:
      let types = ["Ingress"] + (value["egress"]?.items?.isEmpty == false ? ["Egress"] : [])
      presets["policyTypes"] = .array(types.map { .string($0) })
    case .subject where says("kind", "User") || says("kind", "Group"):
      presets["apiGroup"] = .string("rbac.authorization.k8s.io")
    case .customNames:
      let kind = value["kind"]?.string ?? ""
      presets = ["listKind": .string(kind + "List"), "singular": .string(kind.lowercased())]
    default: break
    }
    return presets
  }

  /// An image without a tag, or with this one, is pulled at each start.
  private static func pullPolicy(of image: String) -> String {
    guard !image.contains("@") else { return "IfNotPresent" }
    let name = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let colon = name.lastIndex(of: ":") else { return "Always" }
    return name[name.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
  }

  private static let stickiness = JSONText.object([
    .init("clientIP", .object([.init("timeoutSeconds", .integer(10800))]))
  ])

  private static let constants: [ObjectType: [String: JSONText]] = [
    // Old servers print that nobody said it.
    .metadata: ["creationTimestamp": .null],
    .deploymentSpec: [
      "replicas": .integer(1), "strategy": .object([]), "revisionHistoryLimit": .integer(10),
      "progressDeadlineSeconds": .integer(600),
    ],
    .deploymentStrategy: ["type": .string("RollingUpdate")],
    .deploymentRolling: ["maxSurge": .string("25%"), "maxUnavailable": .string("25%")],
    .daemonSetSpec: ["updateStrategy": .object([]), "revisionHistoryLimit": .integer(10)],
    .daemonSetStrategy: ["type": .string("RollingUpdate")],
    .daemonSetRolling: ["maxSurge": .integer(0), "maxUnavailable": .integer(1)],
    .statefulSetSpec: [
      "podManagementPolicy": .string("OrderedReady"), "updateStrategy": .object([]), "replicas": .integer(1),
      "revisionHistoryLimit": .integer(10),
    ],
    .statefulSetStrategy: ["type": .string("RollingUpdate")],
    .statefulSetRolling: ["partition": .integer(0)],
    .replicaSetSpec: ["replicas": .integer(1)],
    .jobSpec: ["parallelism": .integer(1), "backoffLimit": .integer(6)],
    .cronJobSpec: [
      "concurrencyPolicy": .string("Allow"), "suspend": .boolean(false), "successfulJobsHistoryLimit": .integer(3),
      "failedJobsHistoryLimit": .integer(1),
    ],
    // Printed where nobody says it, too.
    .role: ["rules": .null],
    .podSpec: [
      "containers": .null,
      "restartPolicy": .string("Always"), "dnsPolicy": .string("ClusterFirst"), "securityContext": .object([]),
      "terminationGracePeriodSeconds": .integer(30), "schedulerName": .string("default-scheduler"),
    ],
    .container: [
      "terminationMessagePath": .string("/dev/termination-log"), "terminationMessagePolicy": .string("File"),
      "resources": .object([]),
    ],
    .containerPort: ["protocol": .string("TCP")],
    .probe: [
      "timeoutSeconds": .integer(1), "periodSeconds": .integer(10), "successThreshold": .integer(1),
      "failureThreshold": .integer(3),
    ],
    .httpGet: ["path": .string("/"), "scheme": .string("HTTP")],
    .grpc: ["service": .string("")],
    .fieldReference: ["apiVersion": .string("v1")],
    .resourceReference: ["divisor": .string("0")],
    .configMapVolume: ["defaultMode": .integer(420)],
    .secretVolume: ["defaultMode": .integer(420)],
    .downwardVolume: ["defaultMode": .integer(420)],
    .projectedVolume: ["defaultMode": .integer(420), "sources": .null],
    .tokenProjection: ["expirationSeconds": .integer(3600)],
    .hostPath: ["type": .string("")],
    .iscsi: ["iscsiInterface": .string("default")],
    .claimTemplate: [
      "apiVersion": .string("v1"), "kind": .string("PersistentVolumeClaim"),
      "status": .object([.init("phase", .string("Pending"))]),
    ],
    .volumeClaimSpec: ["volumeMode": .string("Filesystem")],
    .persistentVolumeSpec: [
      "volumeMode": .string("Filesystem"), "persistentVolumeReclaimPolicy": .string("Retain"),
    ],
    .serviceSpec: ["sessionAffinity": .string("None"), "type": .string("ClusterIP")],
    .servicePort: ["protocol": .string("TCP")],
    .endpointPort: ["protocol": .string("TCP")],
    .secret: ["type": .string("Opaque")],
    .networkPolicyPort: ["protocol": .string("TCP")],
    .roleReference: ["apiGroup": .string("rbac.authorization.k8s.io")],
    .storageClass: ["reclaimPolicy": .string("Delete"), "volumeBindingMode": .string("Immediate")],
    .priorityClass: ["preemptionPolicy": .string("PreemptLowerPriority")],
    .autoscalerSpec: ["minReplicas": .integer(1)],
    .webhook: [
      "failurePolicy": .string("Fail"), "matchPolicy": .string("Equivalent"), "namespaceSelector": .object([]),
      "objectSelector": .object([]), "timeoutSeconds": .integer(10),
    ],
    .admissionPolicySpec: ["failurePolicy": .string("Fail")],
    .matchResources: [
      "matchPolicy": .string("Equivalent"), "namespaceSelector": .object([]), "objectSelector": .object([]),
    ],
    .webhookRule: ["scope": .string("*")],
    .webhookService: ["port": .integer(443)],
    .customDefinitionSpec: ["conversion": .object([]), "names": .object([])],
    .customConversion: ["strategy": .string("None")],
  ]
}
