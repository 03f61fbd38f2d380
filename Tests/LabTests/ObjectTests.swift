import Foundation
import Testing

/// The Kubernetes objects of cluster/ against a real API server.
@Suite("Kubernetes objects", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ObjectTests {
  private static let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"

  private static func map(_ name: String, _ value: String = "1") -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), namespace: web}\ndata: {x: \"\(value)\"}\n"
  }

  private static let definition = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: shelves.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: Shelf, plural: shelves, singular: shelf}
      versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
    ---
    apiVersion: example.com/v1
    kind: Shelf
    metadata: {name: one, namespace: web}

    """

  /// A fleet of one server with these manifests, converged from a fresh card: the objects follow the cluster's founding.
  private static func fleet(_ node: LabNode, _ files: [String: String]) async throws -> TestFleet {
    let fleet = try TestFleet(
      [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: TestFleet.roles([node]))
    for (name, text) in files { try fleet.manifest(name, text) }
    let before = try await fleet.check()
    #expect(before.code == 2 && before.objectReasons == ["waits-for-server"])
    let run = try await fleet.once()
    #expect(run.code == 0 && run.objectOutcome == "converged", "\(run.summary)")
    return fleet
  }

  private static func kubectl(_ arguments: String, on node: LabNode) async throws -> String {
    try await node.run("k3s kubectl \(arguments)")
  }

  @Test(
    "a new cluster gets its objects in the same run; changes, additions and deletions follow, and nothing is left behind",
    .timeLimit(.sharedNodes))
  func life() async throws {
    try await NodePool.lease { node in
      let fleet = try await Self.fleet(
        node,
        [
          "web.yaml": Self.namespace, "kind.yaml": Self.definition, "a.yaml": Self.map("a"),
          "old.yaml": Self.map("old"),
          "app/kustomization.yaml": "resources: [b.yaml]\nnamespace: web\n", "app/b.yaml": Self.map("b"),
        ])
      #expect(
        try await Self.kubectl("-n web get configmaps,shelves.example.com -o name", on: node).contains(
          "shelf.example.com/one"))
      let settled = try await fleet.check()
      #expect(settled.code == 0 && settled.objects?.isInSync == true, "\(settled.summary)")

      try fleet.manifest("a.yaml", Self.map("a", "2"))
      try fleet.manifest("c.yaml", Self.map("c"))
      try fleet.manifest("old.yaml", nil)
      let changes = ["change ConfigMap a", "add ConfigMap c", "remove ConfigMap old"]
      let check = try await fleet.check()
      #expect(check.code == 2 && check.objectChanges == changes)
      #expect(try await Self.kubectl("-n web get configmap a -o 'jsonpath={.data.x}'", on: node) == "1")
      #expect(try await node.holds("test -z \"$(ls -d /run/fleetd-objects* 2> /dev/null)\""))

      // A run that is narrowed to nodes shows them and changes none.
      let narrow = try await fleet.once("--node", node.name)
      #expect(narrow.code == 0 && narrow.objectOutcome == "not-selected" && narrow.objectChanges == changes)
      #expect(try await Self.kubectl("-n web get configmaps -o name", on: node).contains("configmap/old"))

      let run = try await fleet.once()
      #expect(run.code == 0 && run.objectOutcome == "converged" && run.objectChanges == changes, "\(run.summary)")
      let names = try await Self.kubectl("-n web get configmaps -o name", on: node)
      #expect(!names.contains("configmap/old") && names.contains("configmap/c"))
      let entries = try await Self.kubectl(
        "-n kube-system get configmap fleetd-inventory -o 'jsonpath={.data}'", on: node)
      #expect(!entries.contains("web/old") && entries.contains("web/c") && entries.contains("shelves.example.com"))
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test(
    "a run that is killed while it applies has noted everything before, and the next one goes on",
    .timeLimit(.sharedNodes))
  func killed() async throws {
    try await NodePool.lease { node in
      let fleet = try await Self.fleet(node, ["web.yaml": Self.namespace, "a.yaml": Self.map("a")])
      try fleet.manifest("many.yaml", (0..<40).map { Self.map("many-\($0)") }.joined(separator: "---\n"))
      #expect(try await fleet.onceKilled(at: "apply 40 objects"))
      let entries = try await Self.kubectl(
        "-n kube-system get configmap fleetd-inventory -o 'jsonpath={.data}'", on: node)
      #expect(entries.ranges(of: "v1 ConfigMap web/many-").count == 40)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(
        try await Self.kubectl("-n web get configmaps -o name", on: node).ranges(of: "configmap/many-").count == 40)
      #expect(try await node.holds("test -z \"$(ls -d /run/fleetd-objects* 2> /dev/null)\""))

      // All of them left Git: more than are deleted without being asked for.
      try fleet.manifest("many.yaml", nil)
      let refused = try await fleet.once()
      #expect(refused.code == 1 && refused.objectReasons == ["too-many-deletions"])
      #expect(try await fleet.once("--allow-deletions", "40").code == 0)
      #expect(try await Self.kubectl("-n web get configmaps -o name", on: node).contains("configmap/many-") == false)
    }
  }

  @Test(
    "what is refused, in conflict, unreadable, or too much keeps the rest from nothing, and deletes nothing",
    .timeLimit(.sharedNodes))
  func faults() async throws {
    try await NodePool.lease { node in
      let fleet = try await Self.fleet(
        node, ["web.yaml": Self.namespace, "a.yaml": Self.map("a"), "old.yaml": Self.map("old")])
      try fleet.manifest("old.yaml", nil)

      // A manifest that the server rejects: the others are applied.
      try fleet.manifest(
        "bad.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: bad, namespace: web}\nspec: {type: Nonsense}\n")
      try fleet.manifest("b.yaml", Self.map("b"))
      let rejected = try await fleet.once()
      #expect(
        rejected.code == 1 && rejected.objectReasons == ["object-rejected"] && rejected.objectOutcome == "attention")
      #expect(try await Self.kubectl("-n web get configmaps -o name", on: node).contains("configmap/b"))
      try fleet.manifest("bad.yaml", nil)

      // Somebody else's field is named and left, until the object says otherwise.
      _ = try await node.run(
        "printf '%s' '{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"web\"},\"data\":{\"x\":\"9\"}}' "
          + "| k3s kubectl apply --server-side --field-manager=somebody --force-conflicts -f -")
      let conflict = try await fleet.check()
      #expect(conflict.code == 1 && conflict.objectReasons == ["object-conflict"])
      #expect(conflict.objects?.findings.first?.message == "v1 ConfigMap web/a: somebody sets .data.x too")
      try fleet.manifest(
        "a.yaml",
        Self.map("a").replacingOccurrences(
          of: "namespace: web", with: "namespace: web, annotations: {fleetd/force-conflicts: \"true\"}"))
      #expect(try await fleet.once().code == 0)
      #expect(try await Self.kubectl("-n web get configmap a -o 'jsonpath={.data.x}'", on: node) == "1")

      // A kustomization that does not render, and a directory without objects: nothing is deleted.
      try fleet.manifest("b.yaml", nil)
      try fleet.manifest("app/kustomization.yaml", "resources: []\npatchesStrategicMerge: [nope.yaml]\n")
      let broken = try await fleet.once("--allow-deletions", "100")
      #expect(broken.code == 1 && broken.objectReasons == ["manifest-render-failed", "prune-held"])
      #expect(broken.objectChanges == ["remove ConfigMap b held: prune-held"])
      try fleet.manifest("app/kustomization.yaml", nil)
      for name in ["web.yaml", "a.yaml"] { try fleet.manifest(name, nil) }
      let empty = try await fleet.once("--allow-deletions", "100")
      #expect(empty.code == 1 && empty.objectReasons.contains("manifests-empty"))
      let left = try await Self.kubectl("-n web get configmaps -o name", on: node)
      #expect(left.contains("configmap/a") && left.contains("configmap/b"))

      // A chart that cannot be installed is the chart's failure, in the run and in every later check.
      try fleet.manifest("web.yaml", Self.namespace)
      try fleet.manifest("a.yaml", Self.map("a"))
      try fleet.manifest(
        "chart.yaml",
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: db, namespace: kube-system}\nspec: {chart: broken}\n"
      )
      let chart = try await fleet.once()
      #expect(chart.code == 1 && chart.objectOutcome == "failed", "\(chart.summary)")
      #expect(
        chart.objectFailure?.contains("helm.cattle.io HelmChart kube-system/db: its job helm-install-db failed") == true
      )
      #expect(try await fleet.check().objectReasons == ["helm-chart-failed"])
    }
  }
}

extension TestFleet {
  /// Writes a file below cluster/, or takes it away with its directory where that is empty then.
  func manifest(_ name: String, _ text: String?) throws {
    let file = URL(filePath: "\(directory)/cluster/\(name)")
    let folder = file.deletingLastPathComponent()
    guard let text else {
      try FileManager.default.removeItem(at: file)
      if name.contains("/") { try FileManager.default.removeItem(at: folder) }
      return
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
