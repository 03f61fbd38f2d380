import Testing
import YAMLSource

@testable import FleetModel

@Suite("what a key that may only look needs in the cluster")
struct ClusterGrantTests {
  private static let kind = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: shelves.example.com}
    spec: {group: example.com, scope: Cluster, names: {kind: Shelf, plural: shelves}, versions: []}
    ---
    apiVersion: example.com/v1
    kind: Shelf
    metadata: {name: one}

    """
  private static let secret =
    "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: web}\nstringData: {a: b}\n"
  private static let policy =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: web}\nspec: {podSelector: {}}\n"

  private static func fixture(_ files: [String: String]) -> ObjectsFixture {
    var fixture = ObjectsFixture(files)
    fixture.isGranting = true
    return fixture
  }

  /// `get apps: deployments`, `get : secrets [login]`, by the role that says it.
  private static func rules(_ objects: [KubernetesObject]) -> [String: [String]] {
    var rules: [String: [String]] = [:]
    for object in objects where ["ClusterRole", "Role"].contains(object.identity.kind) {
      let words = { (rule: JSONText, key: String) in
        (rule[key]?.items ?? []).compactMap(\.string).joined(separator: ",")
      }
      rules[object.identity.place] = (object.content["rules"]?.items ?? []).map { rule in
        let names = words(rule, "resourceNames")
        return "\(words(rule, "verbs")) \(words(rule, "apiGroups")): \(words(rule, "resources"))"
          + (names.isEmpty ? "" : " [\(names)]")
      }
    }
    return rules
  }

  private static func grant(_ files: [String: String], decrypted: Set<String> = []) throws -> [KubernetesObject] {
    var fixture = fixture(files)
    fixture.decrypted = decrypted
    return try fixture.draft().wanted.filter { ClusterGrant.owns($0.identity) }
  }

  @Test("it may get each object of Git by its name, and list two things")
  func rules() throws {
    let grant = try Self.grant([
      "cluster/a.yaml": ObjectsFixture.configMap("a"), "cluster/k.yaml": Self.kind, "cluster/s.yaml": Self.secret,
      "cluster/n.yaml": ObjectsFixture.namespace, "cluster/p.yaml": Self.policy,
    ])
    #expect(
      Self.rules(grant) == [
        "fleetd-check": [
          "list : namespaces", "list apiextensions.k8s.io: customresourcedefinitions", "get : namespaces [web]",
          "get apiextensions.k8s.io: customresourcedefinitions [shelves.example.com]",
          "get example.com: shelves [one]", "get rbac.authorization.k8s.io: clusterrolebindings [fleetd-check]",
          "get rbac.authorization.k8s.io: clusterroles [fleetd-check]",
        ],
        "kube-system/fleetd-check": [
          "get : configmaps [fleetd-inventory]", "get : serviceaccounts [fleetd-check]",
          "get rbac.authorization.k8s.io: rolebindings [fleetd-check]",
          "get rbac.authorization.k8s.io: roles [fleetd-check]",
        ],
        "web/fleetd-check": [
          "get : configmaps [a]", "get : secrets [login]", "get networking.k8s.io: networkpolicies [p]",
          "get rbac.authorization.k8s.io: rolebindings [fleetd-check]",
          "get rbac.authorization.k8s.io: roles [fleetd-check]",
        ],
      ])
    #expect(
      grant.filter { $0.identity.kind == "RoleBinding" }.compactMap(\.identity.namespace) == ["kube-system", "web"])
    let subjects = grant.compactMap { $0.content["subjects"]?.compact }
    #expect(Set(subjects) == [#"[{"kind":"ServiceAccount","name":"fleetd-check","namespace":"kube-system"}]"#])
  }

  @Test("what was decrypted it may not get, nor the Job of a chart, nor what a kustomization comes to")
  func confidential() throws {
    let chart = "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: NAME, namespace: web}\nspec: {}\n"
    let grant = try Self.grant(
      [
        "cluster/a.yaml": chart.replacing("NAME", with: "open"),
        "cluster/b.yaml": chart.replacing("NAME", with: "shut"),
        "cluster/s.yaml": Self.secret,
      ], decrypted: ["cluster/b.yaml", "cluster/s.yaml"])
    let rules = Self.rules(grant)
    #expect(rules["web/fleetd-check"]?.first == "get helm.cattle.io: helmcharts [open]")
    for word in ["shut", "jobs", "secrets"] { #expect(!"\(rules)".contains(word)) }

    var fixture = Self.fixture([
      "cluster/app/kustomization.yaml": "resources: []\n", "cluster/a.yaml": ObjectsFixture.configMap("a"),
    ])
    fixture.rendered = ["cluster/app": .yaml(Array(ObjectsFixture.configMap("made").utf8))]
    let wanted = try fixture.draft().wanted
    #expect(wanted.contains { $0.identity.name == "made" })
    #expect("\(Self.rules(wanted))".contains("[a]") && !"\(Self.rules(wanted))".contains("made"))
  }

  @Test("whatever stands in Git, it never gets a verb or a resource that gives more")
  func harmless() throws {
    let kinds = [
      ("", "Pod"), ("", "Secret"), ("", "Node"), ("", "ServiceAccount"), ("rbac.authorization.k8s.io", "ClusterRole"),
      ("", "Endpoints"), ("certificates.k8s.io", "CertificateSigningRequest"), ("nowhere.example", "Thing"),
      // Other spellings of a kind, and definitions that pose as Kubernetes' own, or as more than a kind.
      ("", "secret"), ("", "ConfigMap"), ("rack.example", "Shelf"), ("rack.example", "Board"),
    ]
    let posing = [
      CustomKind(group: "", kind: "ConfigMap", isNamespaced: true, plural: "secrets"),
      CustomKind(group: "rack.example", kind: "Shelf", isNamespaced: true, plural: "*"),
      CustomKind(group: "rack.example", kind: "Board", isNamespaced: true, plural: "boards/log"),
    ]
    let wanted = kinds.map { group, kind in
      let identity = ObjectIdentity(
        apiVersion: group.isEmpty ? "v1" : "\(group)/v1", kind: kind, namespace: "web", name: "x")
      return KubernetesObject(
        identity, identity.skeleton, at: .init(source: .init(name: "x", bytes: []), line: 1, column: 1))
    }
    let rules = ClusterGrantRules(for: wanted, kinds: posing)
    for rule in rules.cluster + rules.namespaced.values.flatMap({ $0 }) {
      let resources = rule["resources"]?.items?.compactMap(\.string) ?? []
      #expect(["get", "list"].contains(rule["verbs"]?.items?.compactMap(\.string).joined(separator: ",")))
      #expect(!resources.isEmpty && resources.allSatisfy { !$0.contains("/") && !$0.contains("*") && $0 != "things" })
      #expect(rule["apiGroups"]?.items?.count == 1)
      #expect(rule["verbs"]?.items == [.string("list")] || rule["resourceNames"]?.items?.isEmpty == false)
    }
    let named = (rules.namespaced["web"] ?? []).compactMap { $0["resources"]?.items?.first?.string }
    #expect(
      named.filter { $0 == "secrets" }.count == 1 && named.contains("configmaps") && !named.contains("boards/log"))
  }

  @Test("it comes with the first key, and goes with the last, whatever holds other deletions")
  func life() throws {
    var fixture = Self.fixture(["cluster/a.yaml": ObjectsFixture.configMap("a", namespace: "default")])
    let names = [
      "v1 ServiceAccount kube-system/fleetd-check", "rbac.authorization.k8s.io/v1 ClusterRole fleetd-check",
      "rbac.authorization.k8s.io/v1 ClusterRoleBinding fleetd-check",
      "rbac.authorization.k8s.io/v1 Role kube-system/fleetd-check",
      "rbac.authorization.k8s.io/v1 RoleBinding kube-system/fleetd-check",
      "rbac.authorization.k8s.io/v1 Role default/fleetd-check",
      "rbac.authorization.k8s.io/v1 RoleBinding default/fleetd-check",
    ]
    #expect(Set(try fixture.plan().shown) == Set((names + ["v1 ConfigMap default/a"]).map { "+ \($0)" }))

    let grant = try fixture.draft().wanted.filter { ClusterGrant.owns($0.identity) }
    fixture.live = [ObjectsFixture.configMap("a", namespace: "default", labels: "fleetd/fleet: home")]
    fixture.granted = grant
    fixture.inventory = names + ["v1 ConfigMap default/a"]
    #expect(try fixture.plan().shown == [])

    // A directory that is empty now, prune: false, a bound of none.
    for files in [fixture.files, ["cluster/a.yaml": ""]] {
      var ending = fixture
      ending.isGranting = false
      ending.files = files
      ending.settings = ManifestSettings(isPruning: false, maximumDeletions: 0)
      let plan = try ending.plan()
      #expect(Set(plan.shown) == Set(names.map { "- \($0)" }))
      #expect(plan.scripts == ["objects-delete"])
    }
  }

  @Test("as long as not all of cluster/ is known, it stays as it is")
  func incomplete() throws {
    var fixture = Self.fixture(["cluster/kustomization.yaml": "resources: []\n"])
    fixture.rendered = ["cluster": .failed("no")]
    fixture.inventory = ["v1 ServiceAccount kube-system/fleetd-check", "v1 ConfigMap default/a"]
    let draft = try fixture.draft()
    #expect(draft.wanted.isEmpty)
    #expect(draft.candidates.map(\.description) == ["v1 ConfigMap default/a"])
  }

  @Test("a manifest of the same name is refused with what to do")
  func collision() throws {
    let text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: fleetd-check, namespace: web}\n"
    let file = ManifestFile(name: "cluster/r.yaml", bytes: Array(text.utf8))
    let problems = ManifestSet.decode([file], below: "cluster").1.all.map(\.description)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("fleetd keeps it itself") == true)
    #expect(problems.first?.contains("give it another name") == true)
  }
}
