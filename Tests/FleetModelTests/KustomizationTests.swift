import Testing

@testable import FleetModel

@Suite("kustomizations, as far as they can be told without rendering")
struct KustomizationTests {
  private func decode(_ files: [String: String]) -> (set: ManifestSet, problems: [String]) {
    let manifests = files.map { ManifestFile(name: $0.key, bytes: Array($0.value.utf8)) }
    let (set, diagnostics) = ManifestSet.decode(manifests, below: "cluster")
    return (set, diagnostics.all.map(\.description))
  }

  private static let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
  private static let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"

  @Test("a directory with a kustomization is one root, and nothing below it is read on its own")
  func oneRoot() {
    let (set, problems) = decode([
      "cluster/plain/a.yaml": Self.map, "cluster/app/kustomization.yaml": "resources: [base, a.yaml]\nnamespace: web\n",
      "cluster/app/a.yaml": Self.map, "cluster/app/values.yaml": "not: an object\n",
      "cluster/app/base/kustomization.yml": "resources: [web.yaml]\n", "cluster/app/base/web.yaml": Self.namespace,
    ])
    #expect(problems == [])
    #expect(set.roots == ["cluster/app"])
    #expect(set.objects.map(\.identity.description) == ["v1 ConfigMap default/a"])
    // The namespace of the kustomization is put on what has one.
    #expect(set.glimpsed.map(\.identity.description) == ["v1 Namespace web", "v1 ConfigMap web/a"])
  }

  @Test("a base beside its overlays and a component are no roots")
  func bases() {
    let (set, problems) = decode([
      "cluster/base/kustomization.yaml": "resources: [a.yaml]\n", "cluster/base/a.yaml": Self.map,
      "cluster/prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\n",
      "cluster/part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
    ])
    #expect(problems == [] && set.roots == ["cluster/prod"])
    // What is renamed is not glimpsed: nobody knows what it will be called.
    #expect(set.glimpsed.isEmpty)
  }

  @Test(
    "what a kustomization cannot use is said",
    arguments: [
      ("resources: [nope.yaml]\n", "cluster/kustomization.yaml:1:13: there is no cluster/nope.yaml"),
      (
        "resources: [\"https://example.com/x.yaml\"]\n",
        "cluster/kustomization.yaml:1:13: \"https://example.com/x.yaml\" is on"
      ),
      (
        "resources: [\"github.com/a/b?ref=main\"]\n",
        "cluster/kustomization.yaml:1:13: \"github.com/a/b?ref=main\" is on"
      ),
      (
        "resources: [../../etc/passwd]\n", "cluster/kustomization.yaml:1:13: \"../../etc/passwd\" leads out of cluster/"
      ),
      ("resources: [apps]\n", "cluster/kustomization.yaml:1:13: cluster/apps has no kustomization.yaml"),
      ("resources: [1]\n", "cluster/kustomization.yaml:1:13: resources: expected a path, found an integer"),
      ("[]\n", "cluster/kustomization.yaml:1:1: cluster/kustomization.yaml: expected one kustomization"),
    ])
  func wrong(text: String, problem: String) {
    let (_, problems) = decode(["cluster/kustomization.yaml": text, "cluster/apps/a.yaml": Self.map])
    #expect(problems.count == 1 && problems[0].hasPrefix(problem), "\(problems)")
  }

  @Test("a cycle is said with its place: what it brought once is not taken for gone")
  func cycle() {
    let (set, problems) = decode([
      "cluster/a/kustomization.yaml": "resources: [../b]\n", "cluster/b/kustomization.yaml": "resources: [../a]\n",
      "cluster/c/kustomization.yaml": "resources: [.]\n",
    ])
    #expect(set.glimpsed.isEmpty)
    #expect(
      problems.map { String($0.prefix { $0 != "\n" }) } == [
        "cluster/a/kustomization.yaml:1:13: cluster/a uses itself by way of cluster/b",
        "cluster/b/kustomization.yaml:1:13: cluster/b uses itself by way of cluster/a",
        "cluster/c/kustomization.yaml:1:13: cluster/c uses itself by way of cluster/c",
      ])
  }

  @Test("a kustomization that nothing renders is said, and so is a base that only such a one uses")
  func unreached() {
    let (set, problems) = decode([
      "cluster/app/kustomization.yaml": "resources: []\n",
      "cluster/app/x/kustomization.yaml": "resources: [../../base]\n",
      "cluster/base/kustomization.yaml": "resources: []\n",
    ])
    #expect(set.roots == ["cluster/app"])
    #expect(
      problems.count == 2 && problems.allSatisfy { $0.contains("no kustomization that is rendered uses cluster/") })
  }

  @Test("what is decrypted for a kustomization may be named by it before")
  func encryptedResource() {
    let manifests = [
      ManifestFile(name: "cluster/kustomization.yaml", bytes: Array("resources: [s.yaml]\n".utf8)),
      ManifestFile(name: "cluster/s.yaml.age", bytes: [], state: .encrypted),
    ]
    #expect(ManifestSet.decode(manifests, below: "cluster").1.isEmpty)
  }

  @Test("rendered objects are taken as they come; text that cannot be used is the kustomization's fault")
  func rendered() throws {
    var fixture = ObjectsFixture(["cluster/app/kustomization.yaml": "resources: []\n"])
    fixture.rendered = ["cluster/app": .yaml(Array((Self.map + "---\n" + Self.namespace).utf8))]
    var draft = try fixture.draft()
    #expect(
      draft.isComplete && draft.wanted.map(\.identity.description) == ["v1 Namespace web", "v1 ConfigMap default/a"])
    #expect(draft.wanted[1].place == "cluster/app/kustomization.yaml:1")
    fixture.rendered = ["cluster/app": .yaml(Array("kind: Pod\n".utf8))]
    draft = try fixture.draft()
    #expect(!draft.isComplete && draft.findings.map(\.reason) == [.manifestRenderFailed])
  }

  @Test("what was decrypted for a kustomization stays hidden in what it renders to, and in its errors")
  func decrypted() throws {
    var fixture = ObjectsFixture([
      "cluster/app/kustomization.yaml": "resources: [s.yaml]\n",
      "cluster/app/s.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: hunter2-hunter2}\n",
    ])
    fixture.decrypted = ["cluster/app/s.yaml"]
    fixture.rendered = [
      "cluster/app": .yaml(
        Array(
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: hunter2-hunter2}\n---\n\(Self.namespace)"
            .utf8))
    ]
    #expect(try fixture.draft().wanted.map(\.isConfidential) == [false, true])
    fixture.rendered = ["cluster/app": .failed("error: invalid hunter2-hunter2 in s.yaml")]
    #expect(try fixture.draft().findings[0].message == "cluster/app does not render: error: invalid (secret) in s.yaml")
  }

  @Test("an object that is declared twice, once rendered, keeps everything from being deleted")
  func twice() throws {
    var fixture = ObjectsFixture(["cluster/app/kustomization.yaml": "resources: []\n", "cluster/a.yaml": Self.map])
    fixture.rendered = ["cluster/app": .yaml(Array(Self.map.utf8))]
    let draft = try fixture.draft()
    #expect(draft.wanted.count == 1 && !draft.isComplete)
  }
}
