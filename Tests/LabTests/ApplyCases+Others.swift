extension ApplyCases {
  static let others: [ApplyTable] = [
    service, configMap, secret, ingress, networkPolicy, disruptionBudget, serviceAccount, role, roleBinding, claim,
    quota, limitRange, webhooks,
  ]

  static let service = ApplyTable(
    """
    apiVersion: v1
    kind: Service
    metadata: {name: NAME, namespace: web}
    spec:
      selector: {app: web}
      ports:
      - {name: http, port: 80, protocol: TCP, targetPort: http}
      - {name: dns, port: 53, protocol: UDP}

    """
  )
  .change("target", ("targetPort: http", "targetPort: 8080"))
  .change("target away", (", targetPort: http", ""))
  .change("port changed", ("port: 80,", "port: 81,"))
  .change("port added", ("- {name: dns", "- {name: https, port: 443, protocol: TCP}\n  - {name: dns"))
  .change("port away", ("  - {name: dns, port: 53, protocol: UDP}\n", ""))
  .change(
    "ports in another order", ("  ports:\n", "  ports:\n  - {name: dns, port: 53, protocol: UDP}\n"),
    ("http}\n  - {name: dns, port: 53, protocol: UDP}\n", "http}\n")
  )
  .change("selector", ("{app: web}", "{app: api, x: z}"))
  .change("affinity", ("  selector:", "  sessionAffinity: ClientIP\n  selector:"))
  .change("of one name and unnamed", ("name: http, ", ""), ("  - {name: dns, port: 53, protocol: UDP}\n", ""))
  .change("selector of others", ("{app: web}", "{app: web}"), drift: [.patch(#"{"spec":{"selector":{"x":"y"}}}"#)])

  static let configMap = ApplyTable(
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: web}\ndata: {a: \"1\", b: \"1.0\", file: \"x\\ny\\n\"}\nbinaryData: {bin: AAEC}\n"
  )
  .change("value", ("a: \"1\"", "a: \"2\""))
  .change("value of the same number", ("a: \"1\"", "a: \"1.0\""), ("b: \"1.0\"", "b: \"1000m\""))
  .change("key away", ("a: \"1\", ", ""))
  .change("key added", ("a: \"1\"", "a: \"1\", a.b-c: \"2\""))
  .change("file", ("x\\ny\\n", "x\\nz\\n"))
  .change("all away", ("data: {a: \"1\", b: \"1.0\", file: \"x\\ny\\n\"}\n", ""))
  .change("empty", ("{a: \"1\", b: \"1.0\", file: \"x\\ny\\n\"}", "{}"))
  .change("immutable", ("binaryData", "immutable: true\nbinaryData"))
  .change("key of others", drift: [.patch(#"{"data":{"z":"1"}}"#)])
  .change("key of others, and one away", ("a: \"1\", ", ""), drift: [.patch(#"{"data":{"z":"1"}}"#)])
  .change("value of others", drift: [.patch(#"{"data":{"a":"9"}}"#)])
  .change(
    "value of two others",
    drift: [.patch(#"{"data":{"a":"9"}}"#, by: "zoe"), .patch(#"{"data":{"b":"9"}}"#, by: "anna")]
  )
  .change("value of others, forced", drift: [.patch(#"{"data":{"a":"9"}}"#)], isForced: true)
  .change("value of others, away", ("a: \"1\", ", ""), drift: [.patch(#"{"data":{"a":"9"}}"#)])
  .change("key that others took away", drift: [.patch(#"{"data":{"a":null}}"#)])
  .change(
    "finalizer and owner", ("namespace: web", "namespace: web, finalizers: [a.b/c]"),
    drift: [.patch(#"{"metadata":{"finalizers":["x.y/z"]}}"#)]
  )
  .change("adopted and less", ("a: \"1\", ", ""), isAdopted: true)

  static let secret = ApplyTable(
    "apiVersion: v1\nkind: Secret\nmetadata: {name: NAME, namespace: web}\nstringData: {a: hello, b: \"1\"}\ndata: {c: aGVsbG8=}\n"
  )
  .change("text", ("a: hello", "a: hullo"))
  .change("text away", ("a: hello, ", ""))
  .change("text as data", ("stringData: {a: hello, b: \"1\"}\n", ""), ("c: aGVsbG8=", "c: aGVsbG8=, a: aGVsbG8="))
  .change("data", ("aGVsbG8=", "aGk="))
  .change("data away", ("data: {c: aGVsbG8=}\n", ""))
  .change("data of others", drift: [.patch(#"{"data":{"a":"eA=="}}"#)])

  static let ingress = ApplyTable(
    """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: NAME, namespace: web}
    spec:
      rules:
      - host: a.example.com
        http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
      tls: [{hosts: [a.example.com], secretName: t}]

    """
  )
  .change("host", ("- host: a.example.com", "- host: b.example.com"))
  .change(
    "path added",
    ("[{path: /, ", "[{path: /x, pathType: Exact, backend: {service: {name: x, port: {name: http}}}}, {path: /, ")
  )
  .change("tls away", ("  tls: [{hosts: [a.example.com], secretName: t}]\n", ""))
  .change("class", ("  rules:\n", "  ingressClassName: traefik\n  rules:\n"))
  .change(
    "rules of others", drift: [.patch(#"[{"op":"replace","path":"/spec/rules/0/host","value":"x.example.com"}]"#)])

  static let networkPolicy = ApplyTable(
    """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: NAME, namespace: web}
    spec:
      podSelector: {matchLabels: {app: web}}
      ingress:
      - from: [{podSelector: {matchLabels: {a: b}}}]
        ports: [{port: 80}]

    """
  )
  .change("selector", ("{app: web}", "{x: z}"))
  .change("who", ("{a: b}", "{a: c}"))
  .change("who away", ("from: [{podSelector: {matchLabels: {a: b}}}]\n    ports:", "ports:"))
  .change("port", ("port: 80", "port: 81"))
  .change("protocol said", ("port: 80", "port: 80, protocol: TCP"))
  .change("rule added", ("  - from:", "  - {}\n  - from:"))
  .change("egress", ("  ingress:\n", "  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]\n  ingress:\n"))
  .change("all", ("podSelector: {matchLabels: {app: web}}", "podSelector: {}"))

  static let disruptionBudget = ApplyTable(
    "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: NAME, namespace: web}\nspec: {minAvailable: 1, selector: {matchLabels: {app: web}}}\n"
  )
  .change("number", ("minAvailable: 1", "minAvailable: 50%"))
  .change("other number", ("minAvailable: 1", "maxUnavailable: 1"))
  .change("selector", ("{app: web}", "{app: api}"))

  static let serviceAccount = ApplyTable(
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: NAME, namespace: web}\nautomountServiceAccountToken: false\nimagePullSecrets: [{name: a}]\n"
  )
  .change("token", ("Token: false", "Token: true"))
  .change("token not said", ("automountServiceAccountToken: false\n", ""))
  .change("pull secret", ("[{name: a}]", "[{name: b}, {name: a}]"))
  .change("secrets of others", ("[{name: a}]", "[{name: b}]"), drift: [.patch(#"{"secrets":[{"name":"token-1"}]}"#)])

  static let role = ApplyTable(
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: NAME, namespace: web}\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get, list]}]\n"
  )
  .change("verbs", ("[get, list]", "[get]"))
  .change("rule added", ("rules: [", "rules: [{apiGroups: [apps], resources: [deployments], verbs: [get]}, "))
  .change("nothing", ("[{apiGroups: [\"\"], resources: [pods], verbs: [get, list]}]", "[]"))

  static let roleBinding = ApplyTable(
    """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: NAME, namespace: web}
    roleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}
    subjects: [{kind: ServiceAccount, name: a, namespace: web}, {kind: User, name: u}]

    """
  )
  .change("subject", ("name: u}", "name: v}"))
  .change("subject added", ("subjects: [", "subjects: [{kind: Group, name: g}, "))

  static let claim = ApplyTable(
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: NAME, namespace: web}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}, storageClassName: local-path}\n"
  )
  .change("respelled", ("1024Mi", "1Gi"))
  .change("label", ("namespace: web", "namespace: web, labels: {a: b}"))

  static let quota = ApplyTable(
    "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: NAME, namespace: web}\nspec: {hard: {cpu: \"2\", memory: 1.5Gi, pods: \"10\"}}\n"
  )
  .change("respelled", ("cpu: \"2\", memory: 1.5Gi, pods: \"10\"", "cpu: 2000m, memory: 1536Mi, pods: \"10\""))
  .change("changed", ("cpu: \"2\", memory: 1.5Gi, pods: \"10\"", "cpu: \"0.1\", memory: 0.5Gi, pods: \"1e1\""))
  .change("other", ("cpu: \"2\", memory: 1.5Gi, pods: \"10\"", "cpu: \"1e3\", memory: \"12345678\", pods: \"2000\""))

  static let limitRange = ApplyTable(
    """
    apiVersion: v1
    kind: LimitRange
    metadata: {name: NAME, namespace: web}
    spec:
      limits:
      - {type: Container, max: {cpu: "2", memory: 2048Mi}, min: {cpu: 100m}, default: {memory: 1Gi}}
      - {type: Pod, max: {cpu: "4"}}

    """
  )
  .change("largest", ("cpu: \"2\"", "cpu: \"3\""))
  .change("usual away", (", default: {memory: 1Gi}", ""))

  static let webhooks = ApplyTable(
    """
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: NAME}
    webhooks:
    - name: a.example.com
      admissionReviewVersions: [v1]
      sideEffects: None
      clientConfig: {service: {name: hook, namespace: web}}
      failurePolicy: Ignore
      rules: [{apiGroups: [none.example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}]

    """
  )
  .change("policy away", ("  failurePolicy: Ignore\n", ""))
  .change("rule", ("[CREATE]", "[CREATE, UPDATE]"))
  .change(
    "hook added",
    (
      "webhooks:\n",
      "webhooks:\n- {name: b.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {url: \"https://b.example.com\"}}\n"
    ))
}
