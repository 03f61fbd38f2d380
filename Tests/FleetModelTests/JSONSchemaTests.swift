import Foundation
import Testing
import YAMLSource

@testable import FleetModel

/// The published schema against a validator that is not ours (Debian's python3-jsonschema), and against the decoder.
@Suite("the JSON Schema for editors")
struct JSONSchemaTests {
  @Test("the copy in docs/ is the one that fleetd prints")
  func publishedCopy() throws {
    let published = try String(contentsOf: Self.root.appending(path: "docs/inventory.schema.json"), encoding: .utf8)
    #expect(
      published == DocumentJSONSchema.inventory.text() + "\n", "run: fleetd schema > docs/inventory.schema.json")
  }

  @Test("it is a valid JSON Schema itself, and so is that of every kind", .enabled(if: JSONSchemaValidator.isInstalled))
  func validSchema() throws {
    let schemas =
      [DocumentJSONSchema.inventory] + SchemaPath.documents.compactMap { DocumentJSONSchema.document($0.kind) }
    #expect(schemas.count == 5)
    for schema in schemas { #expect(try JSONSchemaValidator.problem(with: schema) == nil) }
  }

  @Test("the sample inventory is valid", .enabled(if: JSONSchemaValidator.isInstalled))
  func sampleInventory() throws {
    let inventory = Self.root.appending(path: "inventory")
    let names = try #require(FileManager.default.enumerator(atPath: inventory.path)).compactMap { $0 as? String }
    let documents = try names.filter { $0.hasSuffix(".yaml") }.flatMap { name in
      try YAMLParser.documents(in: Array(Data(contentsOf: inventory.appending(path: name))), named: name)
    }
    #expect(documents.count >= 8)
    let problems = try JSONSchemaValidator.problems(of: documents, against: DocumentJSONSchema.inventory)
    #expect(problems.compactMap { $0 } == [])
  }

  @Test("what the decoder takes the schema takes", .enabled(if: JSONSchemaValidator.isInstalled))
  func neverStricter() throws {
    let documents = try Self.parse(Self.valid)
    for text in Self.valid { #expect(Self.isDecoded(text), "the decoder refuses: \(text)") }
    let problems = try JSONSchemaValidator.problems(of: documents, against: DocumentJSONSchema.inventory)
    for (text, problem) in zip(Self.valid, problems) { #expect(problem == nil, "\(text)") }
  }

  @Test("where the decoder is strict the schema is", .enabled(if: JSONSchemaValidator.isInstalled))
  func asStrict() throws {
    let documents = try Self.parse(Self.invalid)
    for text in Self.invalid { #expect(!Self.isDecoded(text), "the decoder takes: \(text)") }
    let problems = try JSONSchemaValidator.problems(of: documents, against: DocumentJSONSchema.inventory)
    for (text, problem) in zip(Self.invalid, problems) { #expect(problem != nil, "\(text)") }
  }

  @Test(
    "a duration's pattern is what is parsed",
    arguments: [
      "90s", "5m", "1h30m", "2d", "1d2h3m4s", "0s", "", "s", "5", "5m5m", "1m1h", "1.5h", "-1s", "1h 30m", "5M",
      "1234567890s",
    ])
  func durationPattern(_ text: String) throws {
    let pattern = try NSRegularExpression(pattern: DurationText.pattern)
    let range = NSRange(text.startIndex..., in: text)
    // 366 days at most is more than a pattern says.
    #expect((DurationText.parse(text) != nil) == (pattern.firstMatch(in: text, range: range) != nil))
  }

  @Test("every pattern matches what its rule accepts")
  func rulePatterns() throws {
    let samples: [(TextRule, String)] = [
      (.absolutePath, "/"), (.absolutePath, "/etc/motd"), (.absolutePath, "etc"), (.absolutePath, "/a b/ü"),
      (.hostName, "pi-1"), (.hostName, "pi-"), (.name, "a.b-c"), (.address, "fe80::1%eth0"), (.address, "::1"),
      (.account, "_apt"), (.fileMode, "0644"), (.unitName, "getty@tty1.service"), (.unitName, #"dev-disk-by\x2d.swap"#),
      (.packageName, "libc6-dev"), (.packageName, "g++"), (.packageName, "g"), (.packageVersion, "1:2.6*"),
      (.packageVersion, "[0-9]*"), (.packageVersion, "2.6.1~rc^1"), (.secretName, "k3s-token"),
      (.kernelParameter, "root=PARTUUID=1-2"), (.labelValue, ""), (.labelValue, "a_b.c"), (.labelKey, "a.b/c_d"),
      (.hostKey, "ssh-ed25519 AAAAC3+/= me"), (.hostKey, "ecdsa-sha2-nistp256 AAAA"),
      (.releaseURL, "http://[::1]:8080/k3s"), (.endpointURL, "https://k3s.lan:6443"), (.taint, "a=b:NoSchedule"),
      (.taint, "a:NoExecute"), (.k3sVersion, "v1.33.4-rc1+k3s1"), (.notEmpty, " "), (.sysctlKey, "net.ipv4.ip_forward"),
    ]
    for (rule, text) in samples where rule.problem(with: text) == nil {
      guard let pattern = rule.pattern else { continue }
      let range = NSRange(text.startIndex..., in: text)
      #expect(try NSRegularExpression(pattern: pattern).firstMatch(in: text, range: range) != nil, "\(text)")
    }
    #expect(samples.contains { $0.0.problem(with: $0.1) != nil })
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func parse(_ texts: [String]) throws -> [YAMLNode] {
    try texts.map { text in
      try #require(YAMLParser.documents(in: Array(text.utf8), named: "corpus.yaml").first)
    }
  }

  /// Whether the document has no problem of its own: what other documents it needs is not asked.
  private static func isDecoded(_ text: String) -> Bool {
    var diagnostics = Diagnostics()
    guard let node = try? YAMLParser.documents(in: Array(text.utf8), named: "corpus.yaml").first else { return false }
    guard let kind = node.mapping?["kind"]?.string,
      let document = SchemaPath.documents.first(where: { $0.kind == kind && DocumentSchema.kinds.contains(kind) })
    else { return false }
    document.schema.validate(node, at: kind, into: &diagnostics)
    return diagnostics.isEmpty
  }

  private static let k3s = "version: v1.33.4+k3s1, source: {directory: /srv/k3s}, token: {secret: k3s-token}"

  private static let valid = [
    InventoryText.fleet,
    InventoryText.fleet("{ssh: {user: ops, port: 2222}, profiles: [base, a.b-c]}"),
    InventoryText.fleet("{k3s: {\(k3s)}}"),
    InventoryText.fleet("{k3s: {\(k3s), datastore: sqlite, endpoint: \"https://k3s.lan:6443\", startTimeout: 1h30m}}"),
    InventoryText.fleet("{k3s: {\(k3s), config: {server: {disable: [traefik], x: {y: 1.5}}, agent: null}}}"),
    InventoryText.fleet(
      "{k3s: {\(k3s), registries: {mirrors: {\"*\": {endpoint: [\"https://r\"], rewrite: {\"^a\": \"\"}}},"
        + " configs: {r:5000: {auth: {username: pi, password: {secret: r}}, tls: {insecure_skip_verify: true}}}}}}"),
    InventoryText.fleet(
      "{rollout: {agents: {maxUnavailable: 2}, drain: {timeout: 5m}, windows: [{days: [Sat], from: \"02:00\", to: \"05:00\", timeZone: Europe/Berlin}]}}"
    ),
    InventoryText.fleet("{manifests: {path: cluster, prune: true, maxDeletions: 0}, reprovision: {target: 60m}}"),
    InventoryText.node("pi1"),
    "apiVersion: fleetd/v1\nkind: Profile\nmetadata: {name: empty}\n",
    InventoryText.node(
      "pi2", address: "\"fe80::1%eth0\"",
      spec: "role: agent, arch: amd64, hostKeys: [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me\"], profiles: [ssd],"
        + " kubernetes: {labels: {a.b/c: \"\"}, taints: [\"k=v:NoSchedule\"]}"),
    InventoryText.profile(
      "p", "{packages: {nfs-common: present, vim: {version: \"1:2.6*\", hold: true}, g++: absent}}"),
    InventoryText.profile("p", "{sysctl: {net.ipv4.ip_forward: 1, kernel.x: \"a b\", vm.y: 1.5, a.b: true}}"),
    InventoryText.profile(
      "p",
      "{files: [{path: /etc/motd, content: \"a\\nb\\t\", mode: \"0644\", notify: ssh}, {path: /etc/x, state: absent},"
        + " {path: /etc/y, content: {secret: y}, notify: [a.service, b], validate: [cat, \"%s\"]}]}"),
    InventoryText.profile("p", "{services: {bluetooth: {enabled: false, state: stopped}, getty@tty1: {}}}"),
    InventoryText.profile(
      "p", "{boot: {cmdline: {present: [a=1], absent: [b]}, cgroups: [memory], rebootDeadline: 15m}}"),
    InventoryText.profile("p", "{host: {hostname: x, minimumFreeSpace: 0x100}}"),
  ]

  private static let invalid = [
    "kind: Fleet\n", "apiVersion: fleetd/v2\nkind: Fleet\nmetadata: {name: x}\nspec: {}\n",
    InventoryText.document("Flete", "x", "{}"), "apiVersion: fleetd/v1\nmetadata: {name: x}\nspec: {}\n",
    InventoryText.document("Node", "x", "{}"), InventoryText.document("Node", "x", "{address: 1.5}"),
    InventoryText.node("Pi1"), InventoryText.node("pi-"), InventoryText.node("pi1", spec: "pakages: {}"),
    InventoryText.node("pi1", spec: "role: agnet"), InventoryText.node("pi1", spec: "arch: null"),
    InventoryText.node("pi1", spec: "hostKeys: [nonsense]"), InventoryText.node("pi1", spec: "ssh: {port: 65536}"),
    InventoryText.node("pi1", spec: "ssh: {port: \"22\"}"), InventoryText.node("pi1", spec: "profiles: [a, a]"),
    InventoryText.node("pi1", spec: "kubernetes: {taints: [\"k=v:Never\"]}"),
    InventoryText.fleet("{k3s: {version: stable, source: {directory: /srv/k3s}, token: {secret: t}}}"),
    InventoryText.fleet("{k3s: {version: v1.33.4+k3s1, source: {directory: /srv/k3s}, token: literal}}"),
    InventoryText.fleet("{k3s: {version: v1.33.4+k3s1, source: {directory: srv}, token: {secret: t}}}"),
    InventoryText.fleet("{k3s: {\(k3s), startTimeout: 5}}"), InventoryText.fleet("{k3s: {\(k3s), startTimeout: soon}}"),
    InventoryText.fleet("{k3s: {\(k3s), datastore: mysql}}"), InventoryText.fleet("[]"),
    InventoryText.fleet("{manifests: {prune: \"true\"}}"), InventoryText.fleet("{manifests: {maxDeletions: -1}}"),
    InventoryText.profile("p", "{packages: {NFS: present}}"),
    InventoryText.profile("p", "{packages: {vim: installed}}"),
    InventoryText.profile("p", "{packages: {vim: {version: 1.2}}}"), InventoryText.profile("p", "{sysctl: {a.b: [1]}}"),
    InventoryText.profile("p", "{files: [{path: /etc/motd, content: x, mode: 0644}]}"),
    InventoryText.profile("p", "{files: [{path: /etc/motd, content: x, mode: \"0944\"}]}"),
    InventoryText.profile("p", "{files: [{content: x}]}"), InventoryText.profile("p", "{files: {}}"),
    InventoryText.profile("p", "{files: [{path: /etc/, content: x}]}"),
    InventoryText.profile("p", "{services: {\"a b\": {}}}"), InventoryText.profile("p", "{services: {a: {state: on}}}"),
    InventoryText.profile("p", "{boot: {cmdline: {present: [\"a b\"]}}}"),
    InventoryText.profile("p", "{boot: {cgroups: [memroy]}}"),
  ]
}
