import Testing

@testable import FleetModel

@Suite("lints of manifests")
struct ObjectLintTests {
  private func findings(
    _ text: String, levels: [ObjectLint: ObjectLint.Level] = [:], version: String = "v1.33.4+k3s1",
    architectures: Set<Architecture> = [.arm64]
  ) throws -> [String] {
    var diagnostics = Diagnostics()
    let objects = ManifestDocuments(ManifestFile(name: "a.yaml", bytes: Array(text.utf8))).objects(&diagnostics)
    #expect(diagnostics.isEmpty)
    let linter = ObjectLinter(
      levels: .init(levels), architectures: architectures, version: K3sVersion(version))
    return linter.findings(in: objects).map { "\($0.level.rawValue) \($0.lint.rawValue) \($0.problem)" }
  }

  private static func deployment(_ pod: String, annotations: String = "") -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: d, annotations: {\(annotations)}}
    spec: {template: {spec: {\(pod)}}}

    """
  }
  private static let resources = "resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {memory: 1Mi}}"

  @Test("an object in a namespace that nobody brings")
  func missingNamespace() throws {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: wbe}\n"
    let namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"
    #expect(
      try findings(map + namespace) == [
        "error missing-namespace v1 ConfigMap wbe/a: no manifest brings the namespace wbe"
      ])
    #expect(try findings(map.replacing("wbe", with: "kube-system")).isEmpty)
    let chart =
      "---\napiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: c, namespace: kube-system}\n"
      + "spec: {targetNamespace: wbe, createNamespace: true}\n"
    #expect(try findings(map + chart).isEmpty)
  }

  @Test("an API version that the wanted release no longer serves, and what to write instead")
  func removedAPI() throws {
    let text = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
    #expect(
      try findings(text) == [
        "error removed-api policy/v1beta1 PodDisruptionBudget default/a: Kubernetes serves it no more since v1.25, and the "
          + "fleet runs v1.33.4+k3s1"
      ])
    #expect(try findings(text, version: "v1.24.1+k3s1").isEmpty)
    #expect(try findings(text.replacing("v1beta1", with: "v1")).isEmpty)
  }

  @Test("pods that can run on no node of the fleet")
  func architectures() throws {
    let selector = Self.deployment("nodeSelector: {kubernetes.io/arch: amd64}, containers: []")
    #expect(
      try findings(selector) == [
        "error wrong-architecture apps/v1 Deployment default/d: its pods want amd64, and the fleet's nodes are arm64"
      ])
    #expect(try findings(selector, architectures: [.arm64, .amd64]).isEmpty)
    #expect(try findings(selector, architectures: []).isEmpty)
    let term = "matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64, s390x]}]"
    let affinity =
      "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{\(term)}]}}}"
    #expect(try findings(Self.deployment(affinity)).count == 1)
    let image = Self.deployment("containers: [{name: c, image: amd64/nginx:1.25, \(Self.resources)}]")
    #expect(try findings(image).count == 1)
  }

  @Test(
    "images whose name does not say which",
    arguments: [
      ("nginx", true), ("nginx:latest", true), ("registry.lan:5000/nginx", true), ("nginx:1.25", false),
      ("registry.lan:5000/nginx:1.25", false), ("nginx@sha256:0123", false), ("nginx:latest@sha256:0123", false),
    ])
  func latest(image: String, isFloating: Bool) throws {
    let found = try findings(Self.deployment("containers: [{name: c, image: \"\(image)\", \(Self.resources)}]"))
    #expect(found.isEmpty != isFloating)
    #expect(found.allSatisfy { $0.hasPrefix("warn latest-tag ") })
  }

  @Test("containers that do not say what they need, in every kind that makes pods")
  func resources() throws {
    let found = try findings(Self.deployment("containers: [{name: c, image: a:1, resources: {limits: {memory: 1Mi}}}]"))
    #expect(found == ["warn requests-and-limits apps/v1 Deployment default/d: c lacks requests.cpu"])
    let job = """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: j}
      spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: a:1}]}}}}}
      """
    #expect(
      try findings(job) == [
        "warn requests-and-limits batch/v1 CronJob default/j: c lacks requests.cpu, requests.memory, limits.memory"
      ])
  }

  @Test("lints are switched off by name, for the fleet and on an object")
  func switches() throws {
    let pod = "containers: [{name: c, image: nginx}]"
    #expect(try findings(Self.deployment(pod)).count == 2)
    #expect(try findings(Self.deployment(pod), levels: [.latestTag: .off, .requestsAndLimits: .off]).isEmpty)
    #expect(
      try findings(Self.deployment(pod), levels: [.latestTag: .error]).contains { $0.hasPrefix("error latest-tag") })
    let ignoring = Self.deployment(pod, annotations: "fleetd/lint-ignore: \"latest-tag, requests-and-limits\"")
    #expect(try findings(ignoring).isEmpty)
  }

  @Test("the Fleet's levels are read by their names")
  func levels() throws {
    let (fleet, messages) = InventoryText.decode(
      InventoryText.fleet("{manifests: {path: objects, prune: false, maxDeletions: 3, lints: {latest-tag: off}}}"))
    #expect(messages.isEmpty)
    let settings = try #require(fleet?.manifests)
    #expect(settings.path == "objects" && !settings.isPruning && settings.maximumDeletions == 3)
    #expect(settings.lints[.latestTag] == .off && settings.lints[.removedAPI] == .error)
    for wrong in ["lints: {latest: off}", "lints: {latest-tag: never}", "path: /srv", "path: ../x", "path: a//b"] {
      let (_, messages) = InventoryText.decode(InventoryText.fleet("{manifests: {\(wrong)}}"))
      #expect(messages.count == 1, "\(wrong)")
    }
  }
}
