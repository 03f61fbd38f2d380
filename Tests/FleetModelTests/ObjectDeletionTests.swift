import Testing

@testable import FleetModel

@Suite("what is deleted, and what stays")
struct ObjectDeletionTests {
  /// `a` is wanted; `old` was, and is no longer in Git.
  private func fixture(old: [String] = [ObjectsFixture.kept("old")]) -> ObjectsFixture {
    var fixture = ObjectsFixture(["cluster/a.yaml": ObjectsFixture.configMap("a")])
    fixture.live = [ObjectsFixture.kept("a")] + old
    fixture.inventory = ["v1 ConfigMap web/a", "v1 ConfigMap web/old"]
    fixture.namespaces.insert("web")
    return fixture
  }

  @Test("what left Git is shown, and deleted by its uid")
  func deletion() throws {
    let plan = try fixture().plan()
    #expect(plan.shown == ["- v1 ConfigMap web/old"] && plan.changes[0].note == "no longer in Git")
    let object = try #require(ObjectIdentity(parsing: "v1 ConfigMap web/old"))
    #expect(
      try plan.input(of: .deleteObjects).lines == [
        ["120"], ["v1", "ConfigMap", "web", "old", "uid-1", ObjectInventory.key(of: object)],
      ])
  }

  @Test("what is gone already is no difference")
  func gone() throws {
    let plan = try fixture(old: []).plan()
    #expect(plan.isInSync && plan.steps.isEmpty)
    // It is struck off when something else is written.
    var changed = fixture(old: [])
    changed.files["cluster/b.yaml"] = ObjectsFixture.configMap("b")
    #expect(try changed.plan().input(of: .noteObjects).payload?.text?.contains(":null") == true)
  }

  @Test(
    "what others keep stays, whoever they are",
    arguments: [
      "kustomize.toolkit.fluxcd.io/name: x", "helm.toolkit.fluxcd.io/name: x", "argocd.argoproj.io/instance: x",
      "app.kubernetes.io/managed-by: Helm", "objectset.rio.cattle.io/hash: x",
    ])
  func owned(_ label: String) throws {
    let plan = try fixture(old: [ObjectsFixture.kept("old", also: label)]).plan()
    #expect(plan.changes.isEmpty && plan.reasons == [.objectKept] && plan.isInSync)
  }

  @Test("what somebody else made anew under the same name stays")
  func replaced() throws {
    let plan = try fixture(old: [ObjectsFixture.configMap("old")]).plan()
    #expect(plan.changes.isEmpty && plan.reasons == [.objectKept])
  }

  @Test(
    "namespaces, CRDs and volumes go only with an annotation on them",
    arguments: [
      ("v1", "Namespace", ""), ("apiextensions.k8s.io/v1", "CustomResourceDefinition", ""),
      ("v1", "PersistentVolumeClaim", "namespace: web, "), ("v1", "PersistentVolume", ""),
    ])
  func protected(version: String, kind: String, place: String) throws {
    let object = { (annotations: String) in
      """
      apiVersion: \(version)
      kind: \(kind)
      metadata: {name: old, \(place)labels: {fleetd/fleet: home}, annotations: {\(annotations)}}

      """
    }
    var kept = fixture(old: [object("")])
    kept.inventory = ["v1 ConfigMap web/a", "\(version) \(kind) \(place.isEmpty ? "" : "web/")old"]
    #expect(try kept.plan().changes.isEmpty && kept.plan().reasons == [.objectKept])
    kept.live[1] = object("fleetd/prune: allowed")
    #expect(try kept.plan().deletions.count == 1)
  }

  @Test("an empty cluster/ deletes nothing, however many are allowed")
  func empty() throws {
    var fixture = fixture()
    fixture.files = [:]
    fixture.allowedDeletions = 100
    let plan = try fixture.plan()
    #expect(plan.steps.isEmpty && plan.needsAttention)
    #expect(plan.shown.allSatisfy { $0.hasSuffix("held: manifests-empty") } && plan.deletions.count == 2)
    #expect(plan.reasons == [.manifestsEmpty])
  }

  @Test("nothing is deleted while a part of cluster/ does not render")
  func notRendered() throws {
    var fixture = fixture()
    fixture.files["cluster/apps/kustomization.yaml"] = "resources: []\n"
    fixture.rendered = ["cluster/apps": .failed("Error: no such file")]
    let plan = try fixture.plan()
    #expect(plan.shown == ["- v1 ConfigMap web/old held: prune-held"] && plan.steps.isEmpty)
    #expect(plan.reasons == [.manifestRenderFailed, .pruneHeld])
    #expect(plan.findings[0].message == "cluster/apps does not render: Error: no such file")
  }

  @Test("nothing is deleted while a file could not be decrypted")
  func notDecrypted() throws {
    var fixture = fixture()
    fixture.failures = [Finding(.blocked, .manifestDecryptFailed, .objects, "no key")]
    #expect(try fixture.plan().shown == ["- v1 ConfigMap web/old held: prune-held"])
  }

  @Test("more deletions than allowed are refused, all of them; the rest is applied")
  func tooMany() throws {
    var fixture = fixture(old: (0..<3).map { ObjectsFixture.kept("old-\($0)") })
    fixture.inventory = ["v1 ConfigMap web/a"] + (0..<3).map { "v1 ConfigMap web/old-\($0)" }
    fixture.files["cluster/b.yaml"] = ObjectsFixture.configMap("b")
    fixture.settings = ManifestSettings(maximumDeletions: 2)
    let refused = try fixture.plan()
    #expect(refused.reasons == [.tooManyDeletions] && refused.scripts == ["objects-note", "objects-apply"])
    #expect(refused.deletions.allSatisfy { $0.held == .tooManyDeletions } && refused.deletions.count == 3)
    fixture.allowedDeletions = 3
    #expect(try fixture.plan().scripts == ["objects-note", "objects-apply", "objects-delete"])
    fixture.allowedDeletions = 2
    #expect(try fixture.plan().reasons == [.tooManyDeletions])
  }

  @Test("with prune: false what left Git is named and stays")
  func pruneOff() throws {
    var fixture = fixture()
    fixture.settings = ManifestSettings(isPruning: false)
    let plan = try fixture.plan()
    #expect(plan.changes.isEmpty && plan.reasons == [.objectKept] && plan.isInSync)
  }

  @Test("an object of a newer version of its API is the same object")
  func otherVersion() throws {
    var fixture = ObjectsFixture([
      "cluster/job.yaml": "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j, namespace: web}\n"
    ])
    fixture.inventory = ["batch/v1beta1 CronJob web/j"]
    fixture.namespaces.insert("web")
    #expect(try fixture.draft().candidates.isEmpty)
  }

  @Test("deletions go the other way than applying")
  func order() throws {
    var fixture = fixture(old: [
      ObjectsFixture.kept("old"),
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: old, namespace: web, labels: {fleetd/fleet: home}}\n",
    ])
    fixture.inventory?.append("apps/v1 Deployment web/old")
    #expect(try fixture.plan().shown == ["- apps/v1 Deployment web/old", "- v1 ConfigMap web/old"])
  }
}
