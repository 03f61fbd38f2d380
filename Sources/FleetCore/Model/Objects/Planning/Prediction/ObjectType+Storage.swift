extension ObjectType {
  static let storageTypes: [ObjectType: [String: FieldType]] = [
    .service: root(.serviceSpec),
    .serviceSpec: ["ports": .keyed(by: "port", "protocol", of: .servicePort), "selector": .atomicTexts],
    .configMap: ["metadata": .structure(.metadata), "data": .texts, "binaryData": .bytes],
    .secret: ["metadata": .structure(.metadata), "data": .bytes, "stringData": .texts],
    .serviceAccount: [
      "metadata": .structure(.metadata), "secrets": .keyed(by: "name", of: .objectReference),
      "imagePullSecrets": .items(of: .localReference),
    ],
    .namespace: ["metadata": .structure(.metadata), "spec": .structure(.object)],
    .volumeClaim: root(.volumeClaimSpec),
    .volumeClaimSpec: ["selector": .atomic(.labelSelector), "resources": .structure(.resources)],
    .persistentVolume: root(.persistentVolumeSpec),
    .persistentVolumeSpec: [
      "capacity": .quantities, "claimRef": .structure(.objectReference),
      "nodeAffinity": .structure(.volumeNodeAffinity), "iscsi": .structure(.iscsi),
      "hostPath": .structure(.hostPath),
    ],
    .volumeNodeAffinity: ["required": .atomic(.nodeSelector)],
    .limitRange: root(.limitRangeSpec),
    .limitRangeSpec: ["limits": .items(of: .limitRangeItem)],
    .limitRangeItem: [
      "default": .quantities, "defaultRequest": .quantities, "max": .quantities, "min": .quantities,
      "maxLimitRequestRatio": .quantities,
    ],
    .resourceQuota: root(.resourceQuotaSpec),
    .resourceQuotaSpec: ["hard": .quantities],
    .endpoints: ["metadata": .structure(.metadata), "subsets": .items(of: .endpointSubset)],
    .endpointSubset: ["ports": .items(of: .endpointPort)],
  ]
}
