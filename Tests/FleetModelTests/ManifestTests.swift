import Testing

@testable import FleetModel

@Suite("manifests, read without a server")
struct ManifestTests {
  private func decode(
    _ files: [String: String], states: [String: ManifestFile.State] = [:]
  ) -> (
    set: ManifestSet, problems: [String]
  ) {
    let manifests = files.map { name, text in
      ManifestFile(name: name, bytes: Array(text.utf8), state: states[name] ?? .plain)
    }
    let (set, diagnostics) = ManifestSet.decode(manifests, below: "cluster")
    return (set, diagnostics.all.map(\.description))
  }

  private func problems(_ text: String) -> [String] { decode(["cluster/a.yaml": text]).problems }

  private static func map(_ name: String, _ more: String = "") -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)\(more)}\n"
  }

  @Test("several documents, empty ones and Lists are objects in their order")
  func documents() {
    let text =
      "---\n# nothing\n---\n" + Self.map("one") + "---\n"
      + "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: two, namespace: web}}\n"
      + "- {apiVersion: apps/v1, kind: Deployment, metadata: {name: three}}\n"
    let (set, problems) = decode(["cluster/a.yaml": text])
    #expect(problems == [])
    #expect(
      set.objects.map(\.identity.description) == [
        "v1 ConfigMap default/one", "v1 Service web/two", "apps/v1 Deployment default/three",
      ])
    #expect(set.objects[2].place == "cluster/a.yaml:12")
  }

  @Test("a manifest means what kubectl takes it for")
  func likeKubectl() throws {
    let text = """
      apiVersion: example.com/v1
      kind: Thing
      metadata: {name: a}
      spec: {mode: 0644, decimal: 08, word: "0644", flag: yes, quoted: "yes", off: n, big: 1e3, status: on}
      status: {gone: true}
      """
    let (set, problems) = decode(["cluster/a.yaml": text])
    #expect(problems == [])
    let spec = try #require(set.objects.first?.content["spec"])
    #expect(spec["mode"] == .integer(420) && spec["word"] == .string("0644"))
    #expect(spec["flag"] == .boolean(true) && spec["quoted"] == .string("yes") && spec["off"] == .boolean(false))
    #expect(set.objects[0].content["status"] == nil)
  }

  @Test(
    "what is wrong is said at its place",
    arguments: [
      (
        "apiVersion: v1\nkind: Node\nmetadata: {name: pi1}\n",
        "3:18: v1 Node pi1 cannot be declared: k3s registers its nodes itself"
      ),
      (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fleetd-inventory, namespace: kube-system}\n",
        "3:18: v1 ConfigMap kube-system/fleetd-inventory cannot be declared: fleetd keeps its own books there"
      ),
      ("kind: ConfigMap\nmetadata: {name: a}\n", "1:1: \"apiVersion\" is missing"),
      ("apiVersion: v1\nmetadata: {name: a}\n", "1:1: \"kind\" is missing"),
      ("- a\n", "1:1: expected an object with apiVersion and kind, found a list"),
      ("apiVersion: v1\nkind: Pod\n", "1:1: Pod: \"metadata\" with a name is missing"),
      (
        "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n",
        "3:11: Pod: generateName makes another object each time"
      ),
      ("apiVersion: v1\nkind: Pod\nmetadata: {name: 1}\n", "3:18: metadata.name: expected a string, found an integer"),
      ("apiVersion: v1\nkind: Pod\nmetadata: {name: Upper}\n", "3:18: metadata.name: \"Upper\" starts with \"U\""),
      (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n",
        "3:32: a Namespace belongs to the cluster and has no namespace"
      ),
      (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {on: true}}\n",
        "3:34: metadata.labels.on: expected a string, found a boolean"
      ),
      (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {port: 80}\n",
        "4:14: data.port: expected a string, found an integer"
      ),
      (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {flag: yes}\n",
        "4:14: data.flag: expected a string"
      ),
      (
        "apiVersion: fleetd/v1\nkind: Node\nmetadata: {name: a}\n",
        "1:1: Node is fleetd's own: it belongs below inventory/"
      ),
      ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {x: .inf}\n", "4:11: JSON has no infinity and no NaN"),
    ])
  func wrong(text: String, problem: String) {
    let found = problems(text)
    #expect(found.count == 1 && found[0].hasPrefix("cluster/a.yaml:" + problem), "\(found)")
  }

  @Test("two manifests of one object are an error that names both")
  func duplicates() {
    let (_, problems) = decode([
      "cluster/a.yaml": Self.map("x", ", namespace: default"),
      "cluster/b.yaml": "apiVersion: v1\n" + Self.map("x").dropFirst(15),
    ])
    #expect(problems.count == 1)
    #expect(
      problems[0].hasPrefix("cluster/b.yaml:1:1: a second v1 ConfigMap default/x; the first is in cluster/a.yaml:1:1"))
  }

  @Test("an object in a plain file and in a kustomization that changes nothing about it is one too many")
  func duplicateOfKustomization() {
    let (_, problems) = decode([
      "cluster/a.yaml": Self.map("x", ", namespace: default"),
      "cluster/app/kustomization.yaml": "resources: [b.yaml]\n",
      "cluster/app/b.yaml": Self.map("x", ", namespace: default"),
    ])
    #expect(
      problems.count == 1 && problems[0].hasPrefix("cluster/app/b.yaml:1:1: a second v1 ConfigMap"), "\(problems)")
  }

  @Test("of a Secret neither the value nor its line is shown")
  func secretValues() {
    let head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    let found = problems(head + "data: {password: hunter2!}\n") + problems(head + "stringData: {pin: 4711}\n")
    #expect(found.count == 2 && !found.joined().contains("hunter2") && !found.joined().contains("4711"))
    #expect(found[0].hasPrefix("cluster/a.yaml:4:8: Secret.data holds a value that is no base64"))
  }

  @Test("of a decrypted file no line is shown")
  func decryptedText() {
    let (_, problems) = decode(
      ["cluster/a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: [hunter2]}\n"],
      states: ["cluster/a.yaml": .decrypted])
    #expect(problems.count == 1 && !problems[0].contains("hunter2") && problems[0].hasPrefix("cluster/a.yaml:3:18: "))
  }

  @Test("a file that is encrypted is known by its name or its text")
  func encrypted() {
    #expect(ManifestFile.isEncrypted("cluster/s.yaml.age", []))
    #expect(ManifestFile.isEncrypted("cluster/s.yaml", Array("-----BEGIN AGE ENCRYPTED FILE-----\n".utf8)))
    #expect(
      ManifestFile.isEncrypted(
        "cluster/s.yaml", Array("kind: Secret\ndata: {a: 'ENC[AES256_GCM,x]'}\nsops:\n  mac: x\n".utf8)))
    #expect(!ManifestFile.isEncrypted("cluster/s.yaml", Array("kind: Secret\n".utf8)))
    #expect(ManifestFile.decryptedName(of: "cluster/s.yaml.age") == "cluster/s.yaml")
    let (set, problems) = decode(
      ["cluster/s.yaml.age": "age-encryption.org/v1"], states: ["cluster/s.yaml.age": .encrypted])
    #expect(problems == [] && set.objects.isEmpty && set.unread.map(\.name) == ["cluster/s.yaml.age"])
  }

  @Test("text that would take memory without end is an error")
  func bounds() {
    let bomb =
      "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
      + (1...9).map { index in
        let name = "abcdefghijkl".dropFirst(index - 1).prefix(1)
        let next = "abcdefghijkl".dropFirst(index).prefix(1)
        return "\(next): &\(next) [" + Array(repeating: "*\(name)", count: 10).joined(separator: ",") + "]\n"
      }.joined()
    #expect(problems(bomb).count == 1)
    #expect(problems(String(repeating: "[", count: 2000)).count == 1)
  }
}
