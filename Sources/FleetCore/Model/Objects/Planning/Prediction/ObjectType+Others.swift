extension ObjectType {
  static let otherTypes: [ObjectType: [String: FieldType]] = [
    .ingress: root(.ingressSpec),
    .ingressSpec: ["rules": .items(of: .ingressRule), "tls": .items(of: .object)],
    .networkPolicy: root(.networkPolicySpec),
    .networkPolicySpec: [
      "podSelector": .atomic(.labelSelector), "ingress": .items(of: .networkPolicyRule),
      "egress": .items(of: .networkPolicyRule),
    ],
    .networkPolicyRule: [
      "ports": .items(of: .networkPolicyPort), "from": .items(of: .networkPolicyPeer),
      "to": .items(of: .networkPolicyPeer),
    ],
    .networkPolicyPeer: ["podSelector": .atomic(.labelSelector), "namespaceSelector": .atomic(.labelSelector)],
    .disruptionBudget: root(.disruptionBudgetSpec),
    .disruptionBudgetSpec: ["selector": .atomic(.labelSelector)],
    .role: ["metadata": .structure(.metadata), "aggregationRule": .structure(.object)],
    .roleBinding: [
      "metadata": .structure(.metadata), "subjects": .items(of: .subject), "roleRef": .structure(.roleReference),
    ],
    .storageClass: ["metadata": .structure(.metadata), "parameters": .texts],
    .priorityClass: ["metadata": .structure(.metadata)],
    .autoscaler: root(.autoscalerSpec),
    .autoscalerSpec: ["metrics": .items(of: .metricSpec)],
    .metricSpec: [
      "resource": .structure(.metricSource), "pods": .structure(.metricSource), "object": .structure(.metricSource),
      "external": .structure(.metricSource), "containerResource": .structure(.metricSource),
    ],
    .metricSource: ["target": .structure(.metricTarget)],
    .metricTarget: ["value": .quantity, "averageValue": .quantity],
    .webhooks: ["metadata": .structure(.metadata), "webhooks": .keyed(by: "name", of: .webhook)],
    .webhook: [
      "clientConfig": .structure(.webhookClient), "namespaceSelector": .atomic(.labelSelector),
      "objectSelector": .atomic(.labelSelector), "rules": .items(of: .webhookRule),
      "matchConditions": .keyed(by: "name", of: .object),
    ],
    .webhookClient: ["service": .structure(.webhookService)],
    .admissionPolicy: root(.admissionPolicySpec),
    .admissionPolicySpec: [
      "matchConstraints": .atomic(.matchResources), "variables": .keyed(by: "name", of: .object),
      "matchConditions": .keyed(by: "name", of: .object),
    ],
    .admissionBinding: root(.admissionBindingSpec),
    .admissionBindingSpec: ["matchResources": .atomic(.matchResources), "validationActions": .set],
    .matchResources: [
      "namespaceSelector": .atomic(.labelSelector), "objectSelector": .atomic(.labelSelector),
      "resourceRules": .items(of: .webhookRule), "excludeResourceRules": .items(of: .webhookRule),
    ],
    .customDefinition: root(.customDefinitionSpec),
    .customDefinitionSpec: [
      "versions": .items(of: .customVersion), "conversion": .structure(.customConversion),
      "names": .structure(.customNames),
    ],
    .customVersion: ["schema": .structure(.customSchema)],
    .customSchema: ["openAPIV3Schema": .structure(.schema)],
    .schema: [
      "properties": .named(.schema), "patternProperties": .named(.schema), "definitions": .named(.schema),
      "items": .structure(.schema), "additionalProperties": .structure(.schema), "not": .structure(.schema),
      "allOf": .items(of: .schema), "anyOf": .items(of: .schema), "oneOf": .items(of: .schema),
      "default": .anything, "example": .anything, "enum": .list(.atomic, of: .anything),
      "x-kubernetes-validations": .keyed(by: "rule", of: .object),
    ],
  ]
}
