enum ApplyCases {
  static let workloads: [ApplyTable] = [deployment, daemonSet, statefulSet, cronJob]

  static let deployment = ApplyTable(
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME, namespace: web, labels: {app: web, tier: front}, annotations: {note: "1"}}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          serviceAccountName: web
          terminationGracePeriodSeconds: 5
          nodeSelector: {disk: ssd}
          tolerations:
          - {key: a, operator: Exists}
          containers:
          - name: web
            image: nginx:1.0
            command: [run]
            args: ["--a", "--b"]
            ports:
            - {containerPort: 80, name: http}
            - {containerPort: 9000}
            env:
            - {name: A, value: "1"}
            - {name: B, value: "2"}
            - name: C
              valueFrom: {secretKeyRef: {name: s, key: k}}
            - name: NODE
              valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
            resources:
              limits: {memory: 1024Mi, cpu: 1000m}
              requests: {cpu: "0.5"}
            livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
            readinessProbe: {tcpSocket: {port: 80}}
            securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}}
            volumeMounts:
            - {name: data, mountPath: /data}
            - {name: conf, mountPath: /conf, readOnly: true}
            - {name: conf, mountPath: /conf2, subPath: x}
          - name: side
            image: side:1
          volumes:
          - {name: data, emptyDir: {}}
          - name: conf
            configMap: {name: conf, items: [{key: a, path: b}]}
          - name: all
            projected:
              sources:
              - secret: {name: s}
              - serviceAccountToken: {path: t}

    """
  )
  .change("replicas", ("replicas: 2", "replicas: 3"))
  .change("replicas away", ("  replicas: 2\n", ""))
  .change("image", ("nginx:1.0", "nginx:1.1"))
  .change("label away", (", tier: front", ""))
  .change("label added", ("tier: front", "tier: front, x: z"))
  .change("annotations away", (", annotations: {note: \"1\"}", ""))
  .change("environment value", ("value: \"2\"", "value: \"3\""))
  .change("environment away", ("        - {name: B, value: \"2\"}\n", ""))
  .change("environment added", ("        - {name: B,", "        - {name: A2, value: x}\n        - {name: B,"))
  .change(
    "environment in another order",
    (
      "        - {name: A, value: \"1\"}\n        - {name: B, value: \"2\"}\n",
      "        - {name: B, value: \"2\"}\n        - {name: A, value: \"1\"}\n"
    )
  )
  .change(
    "environment from a field now",
    ("{name: B, value: \"2\"}", "{name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}")
  )
  .change("secret key", ("key: k}", "key: k2}"))
  .change(
    "quantities respelled", ("memory: 1024Mi, cpu: 1000m", "memory: 1Gi, cpu: \"1\""), ("cpu: \"0.5\"", "cpu: 500m")
  )
  .change("quantities as written", ("cpu: 1000m", "cpu: 2000m"), ("1024Mi", "2048Mi"))
  .change("quantities in another unit", ("1024Mi", "\"1073741824\""))
  .change("limit away", ("memory: 1024Mi, ", ""))
  .change(
    "resources away",
    ("        resources:\n          limits: {memory: 1024Mi, cpu: 1000m}\n          requests: {cpu: \"0.5\"}\n", "")
  )
  .change("port away", ("        - {containerPort: 9000}\n", ""))
  .change(
    "port added", ("- {containerPort: 9000}", "- {containerPort: 9000}\n        - {containerPort: 9001, protocol: UDP}")
  )
  .change("port's protocol said", ("{containerPort: 9000}", "{containerPort: 9000, protocol: TCP}"))
  .change(
    "ports in another order",
    (
      "        - {containerPort: 80, name: http}\n        - {containerPort: 9000}\n",
      "        - {containerPort: 9000}\n        - {containerPort: 80, name: http}\n"
    )
  )
  .change("probe changed", ("periodSeconds: 5", "periodSeconds: 7"))
  .change("probe's period away", (", periodSeconds: 5", ""))
  .change("probe of another sort", ("tcpSocket: {port: 80}", "exec: {command: [ls]}"))
  .change(
    "probe added", ("        readinessProbe:", "        startupProbe: {httpGet: {port: 80}}\n        readinessProbe:")
  )
  .change("container added", ("      - name: side\n", "      - {name: third, image: third}\n      - name: side\n"))
  .change("container away", ("      - name: side\n        image: side:1\n", ""))
  .change(
    "containers in another order",
    ("      containers:\n", "      containers:\n      - {name: side, image: \"side:1\"}\n"),
    ("      - name: side\n        image: side:1\n", "")
  )
  .change(
    "init container added",
    (
      "      containers:\n",
      "      initContainers: [{name: i, image: \"i:latest\", env: [{name: X}]}]\n      containers:\n"
    )
  )
  .change(
    "volume added",
    (
      "      - {name: data, emptyDir: {}}\n",
      "      - {name: data, emptyDir: {}}\n      - {name: s, secret: {secretName: s}}\n      - {name: h, hostPath: {path: /x}}\n      - {name: e}\n"
    )
  )
  .change("volume changed", ("emptyDir: {}", "emptyDir: {sizeLimit: 1024Mi}"))
  .change(
    "volume away", ("      - {name: data, emptyDir: {}}\n", ""), ("        - {name: data, mountPath: /data}\n", "")
  )
  .change("volume's items", ("path: b}", "path: c}"))
  .change("projected source", ("path: t}", "path: t2}"))
  .change(
    "projected source added",
    ("      - secret: {name: s}\n", "      - secret: {name: s}\n          - configMap: {name: c}\n")
  )
  .change("mount away", ("        - {name: conf, mountPath: /conf2, subPath: x}\n", ""))
  .change("mount changed", ("subPath: x", "subPath: z"))
  .change(
    "mount added in front",
    ("        volumeMounts:\n", "        volumeMounts:\n        - {name: data, mountPath: /a}\n")
  )
  .change("toleration changed", ("{key: a, operator: Exists}", "{key: b, operator: Exists}"))
  .change(
    "toleration added",
    ("{key: a, operator: Exists}", "{key: a, operator: Exists}\n      - {operator: Exists, effect: NoSchedule}")
  )
  .change("node selector", ("{disk: ssd}", "{disk: hdd, a: b}"))
  .change("arguments", ("[\"--a\", \"--b\"]", "[\"--a\"]"))
  .change("command away", ("        command: [run]\n", ""))
  .change("grace period away", ("      terminationGracePeriodSeconds: 5\n", ""))
  .change("service account away", ("      serviceAccountName: web\n", ""))
  .change("capabilities", ("drop: [ALL]", "drop: [ALL], add: [NET_ADMIN]"))
  .change("security context away", ("        securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}}\n", ""))
  .change("strategy's share", ("  replicas: 2\n", "  replicas: 2\n  strategy: {rollingUpdate: {maxSurge: 1}}\n"))
  .change(
    "things that are empty", ("  replicas: 2\n", "  replicas: 2\n  strategy: {}\n"),
    ("tolerations:\n      - {key: a, operator: Exists}", "tolerations: []"),
    (
      "      serviceAccountName: web\n",
      "      serviceAccountName: web\n      securityContext: {}\n      affinity: {}\n      imagePullSecrets: []\n"
    )
  )
  .change(
    "things that are null",
    ("metadata: {labels: {app: web}}", "metadata: {creationTimestamp: null, labels: {app: web}}"),
    ("{disk: ssd}", "null"), ("replicas: 2", "replicas: null")
  )
  .change(
    "affinity",
    (
      "      serviceAccountName: web\n",
      "      serviceAccountName: web\n      affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: x, labelSelector: {matchLabels: {a: b}}}}]}}\n      topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}]\n"
    )
  )
  .change(
    "lifecycle",
    (
      "        command: [run]\n",
      "        command: [run]\n        lifecycle: {preStop: {httpGet: {port: 80}}}\n        envFrom: [{configMapRef: {name: c}}]\n"
    )
  )
  .change("scaled by others, and not said", ("  replicas: 2\n", ""), drift: [.patch(#"{"spec":{"replicas":5}}"#)])
  .change("scaled by others", drift: [.patch(#"{"spec":{"replicas":5}}"#)])
  .change("scaled by others, forced", drift: [.patch(#"{"spec":{"replicas":5}}"#)], isForced: true)
  .change(
    "label of others", ("tier: front", "tier: back"),
    drift: [.patch(#"{"metadata":{"labels":{"x":"y"},"annotations":{"z":"1"}}}"#)]
  )
  .change(
    "image of others",
    drift: [.patch(#"[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"evil:1"}]"#)]
  )
  .change(
    "environment of others", ("        - {name: B, value: \"2\"}\n", ""),
    drift: [.patch(#"[{"op":"add","path":"/spec/template/spec/containers/0/env/-","value":{"name":"Z","value":"9"}}]"#)]
  )
  .change(
    "container of others", ("value: \"1\"}", "value: \"10\"}"),
    drift: [
      .patch(#"[{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"injected","image":"i:1"}}]"#)
    ]
  )
  .change(
    "field that others own too", ("  replicas: 2\n", ""), ("tier: front", "other: x"),
    drift: [
      .apply(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: NAME, namespace: web, labels: {tier: front}}\nspec: {replicas: 2}\n",
        by: "argocd")
    ]
  )
  .change(
    "field that others own too, changed", ("replicas: 2", "replicas: 4"), ("tier: front", "tier: back"),
    drift: [
      .apply(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: NAME, namespace: web, labels: {tier: front}}\nspec: {replicas: 2}\n",
        by: "argocd")
    ]
  )
  .change(
    "quantity that others own too", ("1024Mi", "1Gi"),
    drift: [
      .apply(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: NAME, namespace: web}\nspec: {template: {spec: {containers: [{name: web, resources: {limits: {memory: 1Gi}}}]}}}\n",
        by: "argocd")
    ]
  )
  .change("adopted and changed", ("value: \"2\"", "value: \"3\""), ("replicas: 2", "replicas: 4"), isAdopted: true)
  .change(
    "adopted and changed, forced", ("value: \"2\"", "value: \"3\""), ("replicas: 2", "replicas: 4"),
    ("        - {name: A, value: \"1\"}\n", ""), isForced: true, isAdopted: true
  )
  .change("adopted and less", ("  replicas: 2\n", ""), ("        - {name: A, value: \"1\"}\n", ""), isAdopted: true)

  static let daemonSet = ApplyTable(
    """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: NAME, namespace: web}
    spec:
      selector: {matchLabels: {app: d}}
      template:
        metadata: {labels: {app: d}}
        spec:
          hostNetwork: true
          containers:
          - {name: d, image: "d@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ports: [{containerPort: 9100}]}
          tolerations: [{operator: Exists}]

    """
  )
  .change("update strategy", ("  selector:", "  updateStrategy: {type: OnDelete}\n  selector:"))
  .change(
    "unavailable",
    ("  selector:", "  updateStrategy: {rollingUpdate: {maxUnavailable: 10%}}\n  minReadySeconds: 3\n  selector:")
  )
  .change("port", ("containerPort: 9100", "containerPort: 9101"))
  .change("container", ("{name: d, image", "{name: e, image"))

  static let statefulSet = ApplyTable(
    """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: NAME, namespace: web}
    spec:
      serviceName: db
      selector: {matchLabels: {app: db}}
      template:
        metadata: {labels: {app: db}}
        spec:
          containers:
          - {name: db, image: "db:1", volumeMounts: [{name: data, mountPath: /data}]}
      volumeClaimTemplates:
      - metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}

    """
  )
  .change("replicas", ("  serviceName: db\n", "  serviceName: db\n  replicas: 3\n"))
  .change("image", ("db:1", "db:2"))
  .change("claim respelled", ("storage: 1Gi", "storage: 1024Mi"))
  .change(
    "partition", ("  serviceName: db\n", "  serviceName: db\n  updateStrategy: {rollingUpdate: {partition: 1}}\n"))

  static let cronJob = ApplyTable(
    """
    apiVersion: batch/v1beta1
    kind: CronJob
    metadata: {name: NAME, namespace: web}
    spec:
      schedule: "0 1 * * *"
      jobTemplate:
        spec:
          backoffLimit: 2
          template:
            spec:
              restartPolicy: OnFailure
              containers: [{name: j, image: j, command: [sh, -c, "echo 1.0"]}]

    """
  )
  .change("schedule", ("0 1 * * *", "0 2 * * *"))
  .change("command", ("echo 1.0", "echo 1"))
  .change("limit away", ("      backoffLimit: 2\n", ""))
  .change("policy", ("  schedule:", "  concurrencyPolicy: Forbid\n  suspend: true\n  schedule:"))
}
