extension ObjectType {
  static let workloadTypes: [ObjectType: [String: FieldType]] = [
    .object: ["metadata": .structure(.metadata)],
    .metadata: [
      "labels": .texts, "annotations": .texts, "finalizers": .set,
      "ownerReferences": .keyed(by: "uid", of: .ownerReference),
    ],
    .labelSelector: ["matchLabels": .texts],
    .deployment: root(.deploymentSpec),
    .deploymentSpec: [
      "selector": .atomic(.labelSelector), "strategy": .structure(.deploymentStrategy),
      "template": .structure(.podTemplate),
    ],
    .deploymentStrategy: ["rollingUpdate": .structure(.deploymentRolling)],
    .daemonSetStrategy: ["rollingUpdate": .structure(.daemonSetRolling)],
    .statefulSetStrategy: ["rollingUpdate": .structure(.statefulSetRolling)],
    .claimTemplate: root(.volumeClaimSpec),
    .daemonSet: root(.daemonSetSpec),
    .daemonSetSpec: [
      "selector": .atomic(.labelSelector), "updateStrategy": .structure(.daemonSetStrategy),
      "template": .structure(.podTemplate),
    ],
    .statefulSet: root(.statefulSetSpec),
    .statefulSetSpec: [
      "selector": .atomic(.labelSelector), "updateStrategy": .structure(.statefulSetStrategy),
      "template": .structure(.podTemplate), "volumeClaimTemplates": .items(of: .claimTemplate),
    ],
    .replicaSet: root(.replicaSetSpec),
    .replicaSetSpec: ["selector": .atomic(.labelSelector), "template": .structure(.podTemplate)],
    .job: root(.jobSpec),
    .jobSpec: ["selector": .atomic(.labelSelector), "template": .structure(.podTemplate)],
    .cronJob: root(.cronJobSpec),
    .cronJobSpec: ["jobTemplate": .structure(.jobTemplate)],
    .jobTemplate: root(.jobTemplateSpec),
    .jobTemplateSpec: ["selector": .atomic(.labelSelector), "template": .structure(.podTemplate)],
    .pod: root(.podSpec),
    .podTemplate: root(.podSpec),
  ]
}
