import Foundation
import Testing

/// The cluster's objects and a key that may only look, with a real API server that authorises by RBAC.
@Suite("a key that may only look, and the cluster's objects", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CheckClusterTests {
  private static let account = "--as=system:serviceaccount:kube-system:fleetd-check"

  private static func map(_ name: String, _ value: String = "1", forced: Bool = false) -> String {
    let note = forced ? ", annotations: {fleetd/force-conflicts: \"true\"}" : ""
    return
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), namespace: web\(note)}\ndata: {x: \"\(value)\"}\n"
  }

  private static let manifests = [
    "web.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n", "a.yaml": map("a"),
    "b.yaml": map("b", forced: true),
    "kind.yaml": """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: shelves.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: Shelf, plural: shelves, singular: shelf}
      versions:
        - name: v1
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    ---
    apiVersion: example.com/v1
    kind: Shelf
    metadata: {name: one, namespace: web}
    spec: {boards: 3}

    """,
    "login.yaml": """
    apiVersion: v1
    kind: Secret
    metadata: {name: login, namespace: web}
    stringData: {password: hunter2-hunter2, other: "constant"}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: key, namespace: web, annotations: {fleetd/force-conflicts: "true"}}
    data: {key: c2VjcmV0LWtleQ==}

    """,
    "front.yaml": """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: front, namespace: web, annotations: {fleetd/force-conflicts: "true"}}
    spec:
      replicas: 1
      selector: {matchLabels: {app: front}}
      template:
        metadata: {labels: {app: front}}
        spec:
          containers:
            - name: web
              image: registry.example/web:1.0
              resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {memory: 64Mi}}

    """,
  ]

  private struct Setting {
    let fleet: TestFleet
    let key: CheckKey
    let node: LabNode

    /// Both keys' looks at the same state.
    func looks() async throws -> (full: Run, looked: Run) {
      let secrets = "k3s-token: {file: \(fleet.directory)/secret}"
      try fleet.configure("ssh: {identities: [{file: \(node.identityFile)}]}", secrets: secrets)
      let full = try await fleet.check()
      try fleet.configure("ssh: {identities: [{file: \(key.file)}], access: check}", secrets: secrets)
      let looked = try await fleet.check()
      try fleet.configure("ssh: {identities: [{file: \(node.identityFile)}]}", secrets: secrets)
      return (full, looked)
    }

    func kubectl(_ arguments: String) async throws -> String { try await node.run("k3s kubectl \(arguments)") }
  }

  /// A converged cluster of one server, in which the key may look.
  private static func setting(_ node: LabNode) async throws -> Setting {
    let key = try await CheckKey()
    let fleet = try TestFleet(
      [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1") + "\n" + key.grant,
      node: TestFleet.roles([node]))
    for (name, text) in manifests { try fleet.manifest(name, text) }
    let run = try await fleet.once()
    #expect(run.code == 0 && run.objectOutcome == "converged", "\(run.summary)")
    return Setting(fleet: fleet, key: key, node: node)
  }

  @Test(
    "its plan is that of the key that may do everything, and no value of a Secret is in it", .timeLimit(.sharedNodes))
  func same() async throws {
    try await NodePool.lease { node in
      let setting = try await Self.setting(node)
      let calm = try await setting.looks()
      #expect(calm.full.code == 0 && calm.looked.code == 0, "\(calm.full.summary)\n\(calm.looked.summary)")
      #expect(
        calm.looked.objects?.isInSync == true && calm.looked.objectReasons == ["notice"], "\(calm.looked.summary)")

      // Without any secret of the fleet's, of k3s alone nothing is said.
      try setting.fleet.configureWithoutSecrets("ssh: {identities: [{file: \(setting.key.file)}], access: check}")
      let blind = try await setting.fleet.check()
      #expect(blind.code == 3 && blind.objects?.isInSync == true, "\(blind.summary)")
      #expect(blind.objectReasons == ["notice"], "\(blind.summary)")

      _ = try await node.run(
        """
        k3s kubectl -n web scale deployment front --replicas=2
        k3s kubectl -n web patch configmap a -p '{"data":{"x":"9"}}'
        k3s kubectl -n web patch configmap b -p '{"data":{"x":"9"}}'
        k3s kubectl -n web patch shelves.example.com one --type merge -p '{"metadata":{"labels":{"fleetd/fleet":null}}}'
        k3s kubectl -n web patch secret login -p '{"data":{"password":"b3RoZXItdmFsdWU="}}'
        k3s kubectl -n web patch secret key -p '{"data":{"key":"b3RoZXIta2V5"}}'
        """)
      let drift = try await setting.looks()
      let others = { (run: Run) in (run.objects?.findings ?? []).filter { $0.reason != "notice" }.map(\.message) }
      #expect(drift.looked.objectFields == drift.full.objectFields, "\(drift.full.summary)\n\(drift.looked.summary)")
      #expect(others(drift.looked) == others(drift.full))
      #expect(drift.looked.code == drift.full.code, "\(drift.full.summary)\n\(drift.looked.summary)")
      #expect(
        drift.looked.objectFields.contains("change Deployment front: replicas 2 -> 1"), "\(drift.looked.objectFields)")
      #expect(drift.looked.objectReasons.contains("object-conflict"))
      let secrets = (drift.looked.objects?.changes ?? []).filter { $0.kind == "Secret" }
      #expect(secrets.map(\.name).sorted() == ["key", "login"])
      #expect(secrets.flatMap(\.fields).allSatisfy { $0.before?.text == "(secret)" && $0.after?.text == "(secret)" })
      for text in ["hunter2", "aHVudGVy", "secret-key", "c2VjcmV0", "other-value", "b3RoZXI", "other-key"] {
        #expect(!drift.looked.output.text.contains(text) && !drift.looked.output.errors.contains(text), "\(text)")
      }
      for text in ["hunter2-hunter2", "secret-key", "other-value", "other-key"] {
        let digest = try await node.run("printf %s \(text) | sha256sum").prefix(64)
        #expect(!drift.looked.output.text.contains(digest))
      }
    }
  }

  @Test("what the account and the key are tried with is refused", .timeLimit(.sharedNodes))
  func tried() async throws {
    try await NodePool.lease { node in
      let setting = try await Self.setting(node)
      try await node.run("k3s kubectl -n web create secret generic private --from-literal=a=confidential")
      let pod =
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","namespace":"web"},"spec":{"containers":[{"name":"x","image":"x"}]}}"#
      let token = #"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["x"]}}"#
      let reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
      for command in [
        "-n web get secret private", "-n web get secrets", "get secrets -A", "-n kube-system get secrets",
        "get --raw /api/v1/namespaces/web/secrets?watch=1&timeoutSeconds=2", "-n web get configmaps", "get nodes",
        "get pods -A",
        "-n web create configmap x --from-literal=a=b", "-n web delete configmap a", "-n web delete secret login",
        "-n web patch configmap a -p '{\"data\":{\"x\":\"9\"}}'", "-n web scale deployment front --replicas=0",
        "-n web label secret login a=b", "create namespace x", "delete namespace web",
        "create --raw /api/v1/namespaces/web/pods -f /tmp/pod.json",
        "create --raw /api/v1/namespaces/web/pods/front/exec?command=id -f /tmp/pod.json",
        "create --raw /api/v1/namespaces/kube-system/serviceaccounts/fleetd-check/token -f /tmp/token.json",
        "create --raw \(reviews) -f /tmp/pod.json", "get --raw /api/v1/nodes/\(node.name)/proxy/pods",
        "create clusterrolebinding x --clusterrole=cluster-admin --serviceaccount=kube-system:fleetd-check",
        "patch clusterrole fleetd-check --type json -p '[{\"op\":\"add\",\"path\":\"/rules/0/verbs/0\",\"value\":\"*\"}]'",
        "-n web patch role fleetd-check --type json -p '[{\"op\":\"remove\",\"path\":\"/rules/0/resourceNames\"}]'",
      ] {
        try await node.run("cat > /tmp/pod.json << 'EOF'\n\(pod)\nEOF\ncat > /tmp/token.json << 'EOF'\n\(token)\nEOF")
        let quoted = command.replacingOccurrences(of: "&", with: "\\&").replacingOccurrences(of: "?", with: "\\?")
        let output = try await node.attempt("k3s kubectl \(Self.account) \(quoted) < /dev/null")
        #expect(output.status != 0 && output.errors.contains("orbidden"), "\(command): \(output.text)\(output.errors)")
      }
      for word in [
        "'*' '*'", "impersonate users", "escalate clusterroles", "bind clusterroles", "list secrets",
        "watch namespaces",
      ] {
        let answer = try await node.attempt("k3s kubectl \(Self.account) auth can-i \(word)")
        #expect(answer.status != 0 && answer.text.hasPrefix("no"), "\(word): \(answer.text)")
      }
      #expect(try await setting.kubectl("\(Self.account) -n web get secret login -o name") == "secret/login\n")
      // Nobody has a token for it.
      #expect(try await setting.kubectl("-n kube-system get secrets").contains("fleetd-check") == false)

      // The key asks the node's program, which looks at nothing but what fleetd keeps.
      let question =
        #"printf 'section objects 4\nv1\tSecret\tweb\tprivate\nv1\tConfigMap\tweb\ta\nv1\tNode\t-\tNAME\n/v1\tSecret\tweb\tlogin\n'"#
      let answer = try await setting.key.ssh(
        node, "x", input: question.replacingOccurrences(of: "NAME", with: node.name))
      #expect(answer.text.contains("= denied 5\n1\n3\n4\n"), "\(answer.text)\(answer.errors)")
      #expect(answer.text.contains(#""data":{"x":"1"}"#) && !answer.text.contains("confidential"))
      #expect(try await node.holds("test -z \"$(ls -d /run/fleetd-look* 2> /dev/null)\""))
    }
  }

  @Test("it says what it could not compare, and the grant goes with the last key", .timeLimit(.sharedNodes))
  func life() async throws {
    try await NodePool.lease { node in
      let setting = try await Self.setting(node)
      let fleet = setting.fleet
      // What a branch adds is not looked at before it was there once; a kustomization is not rendered.
      try fleet.manifest("c.yaml", Self.map("c"))
      let branch = try await setting.looks().looked
      #expect(branch.code == 4 && branch.objectReasons.sorted() == ["not-compared", "notice"], "\(branch.summary)")
      // Only what the account may read changes for certain: it is to read one object more.
      #expect(branch.objectChanges == ["change Role fleetd-check"])
      #expect(branch.objects?.findings.contains { $0.message.contains("web/c: not compared") } == true)
      try fleet.manifest("c.yaml", nil)
      try fleet.manifest("app/kustomization.yaml", "resources: [d.yaml]\nnamespace: web\n")
      try fleet.manifest("app/d.yaml", Self.map("d"))
      #expect(try await fleet.once().code == 0)
      let kustomized = try await setting.looks()
      #expect(kustomized.full.code == 0 && kustomized.looked.code == 3, "\(kustomized.looked.summary)")
      #expect(kustomized.looked.objectChanges == [])
      try fleet.manifest("app/kustomization.yaml", nil)
      #expect(try await fleet.once().code == 0)

      // Somebody takes the binding away: the key is told so, and the next pass mends it.
      _ = try await setting.kubectl("delete clusterrolebinding fleetd-check")
      let refused = try await setting.looks()
      #expect(refused.full.objectChanges == ["add ClusterRoleBinding fleetd-check"], "\(refused.full.summary)")
      #expect(refused.looked.code == 3, "\(refused.looked.summary)")
      #expect(refused.looked.output.text.contains("kube-system/fleetd-check"))
      #expect(try await fleet.once().code == 0)
      #expect(try await setting.looks().looked.code == 0)

      // Somebody lets the account read more: that is drift like any other, and goes.
      let wider =
        #"[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}}]"#
      _ = try await setting.kubectl("patch clusterrole fleetd-check --type json -p '\(wider)'")
      #expect(try await node.holds("k3s kubectl \(Self.account) auth can-i get secrets -n kube-system"))
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(try await !node.holds("k3s kubectl \(Self.account) auth can-i get secrets -n kube-system"))

      try fleet.write(
        spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: TestFleet.roles([node]))
      let check = try await fleet.check()
      #expect(check.objectChanges.count == 7 && check.objectChanges.allSatisfy { $0.hasPrefix("remove ") })
      let revoked = try await fleet.once()
      #expect(revoked.code == 0, "\(revoked.summary)")
      let left = try await setting.kubectl(
        "get serviceaccounts,clusterroles,clusterrolebindings,roles,rolebindings -A -o name")
      #expect(!left.contains("fleetd-check"))
      let entries = try await setting.kubectl("-n kube-system get configmap fleetd-inventory -o 'jsonpath={.data}'")
      #expect(!entries.contains("fleetd-check") && entries.contains("web/a"))
      #expect(try await fleet.check().code == 0)
    }
  }
}
