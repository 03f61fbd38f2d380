extension ObjectType {
  static let podTypes: [ObjectType: [String: FieldType]] = [
    .podSpec: [
      "containers": .keyed(by: "name", of: .container), "initContainers": .keyed(by: "name", of: .container),
      "ephemeralContainers": .keyed(by: "name", of: .container), "volumes": .keyed(by: "name", of: .volume),
      "imagePullSecrets": .keyed(by: "name", of: .localReference), "hostAliases": .keyed(by: "ip", of: .object),
      "topologySpreadConstraints": .keyed(by: "topologyKey", "whenUnsatisfiable", of: .spreadConstraint),
      "resourceClaims": .keyed(by: "name", of: .object), "schedulingGates": .keyed(by: "name", of: .object),
      "nodeSelector": .atomicTexts, "overhead": .quantities,
      "securityContext": .structure(.podSecurityContext), "affinity": .structure(.affinity),
    ],
    .affinity: [
      "nodeAffinity": .structure(.nodeAffinity), "podAffinity": .structure(.podAffinity),
      "podAntiAffinity": .structure(.podAffinity),
    ],
    .nodeAffinity: [
      "requiredDuringSchedulingIgnoredDuringExecution": .atomic(.nodeSelector),
      "preferredDuringSchedulingIgnoredDuringExecution": .items(of: .preferredNodeTerm),
    ],
    .podAffinity: [
      "requiredDuringSchedulingIgnoredDuringExecution": .items(of: .podAffinityTerm),
      "preferredDuringSchedulingIgnoredDuringExecution": .items(of: .weightedPodTerm),
    ],
    .preferredNodeTerm: ["preference": .atomic(.nodeTerm)],
    .weightedPodTerm: ["podAffinityTerm": .structure(.podAffinityTerm)],
    .podAffinityTerm: ["labelSelector": .atomic(.labelSelector), "namespaceSelector": .atomic(.labelSelector)],
    .spreadConstraint: ["labelSelector": .atomic(.labelSelector)],
    .container: [
      "env": .keyed(by: "name", of: .environmentVariable), "envFrom": .items(of: .environmentFrom),
      "ports": .keyed(by: "containerPort", "protocol", of: .containerPort),
      "volumeMounts": .keyed(by: "mountPath", of: .volumeMount), "volumeDevices": .keyed(by: "devicePath", of: .object),
      "resources": .structure(.resources), "securityContext": .structure(.securityContext),
      "livenessProbe": .structure(.probe), "readinessProbe": .structure(.probe), "startupProbe": .structure(.probe),
      "lifecycle": .structure(.lifecycle), "resizePolicy": .items(of: .object),
    ],
    .environmentVariable: ["valueFrom": .structure(.environmentSource)],
    .environmentSource: [
      "configMapKeyRef": .atomic(.localReference), "secretKeyRef": .atomic(.localReference),
      "fieldRef": .atomic(.fieldReference), "resourceFieldRef": .atomic(.resourceReference),
    ],
    .resourceReference: ["divisor": .quantity],
    .resources: ["limits": .quantities, "requests": .quantities, "claims": .keyed(by: "name", of: .object)],
    .probe: ["httpGet": .structure(.httpGet), "grpc": .structure(.grpc)],
    .lifecycle: ["postStart": .structure(.action), "preStop": .structure(.action)],
    .action: ["httpGet": .structure(.httpGet)],
    .volume: [
      "configMap": .structure(.configMapVolume), "secret": .structure(.secretVolume),
      "downwardAPI": .structure(.downwardVolume), "projected": .structure(.projectedVolume),
      "emptyDir": .structure(.emptyDirectory), "hostPath": .structure(.hostPath), "iscsi": .structure(.iscsi),
      "ephemeral": .structure(.ephemeralVolume),
    ],
    .emptyDirectory: ["sizeLimit": .quantity],
    .downwardVolume: ["items": .items(of: .downwardFile)],
    .downwardFile: ["fieldRef": .atomic(.fieldReference), "resourceFieldRef": .atomic(.resourceReference)],
    .projectedVolume: ["sources": .items(of: .projection)],
    .projection: [
      "serviceAccountToken": .structure(.tokenProjection), "downwardAPI": .structure(.downwardProjection),
    ],
    .downwardProjection: ["items": .items(of: .downwardFile)],
    .ephemeralVolume: ["volumeClaimTemplate": .structure(.volumeClaim)],
  ]
}
