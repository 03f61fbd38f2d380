import Testing

@testable import FleetModel

@Suite("what a branch changes")
struct FleetComparisonTests {
  private static let k3s = "k3s: {version: v1.33.4+k3s1, source: {directory: /srv/k3s}, token: {secret: k3s-token}}"

  private static func side(
    _ profile: String = "", k3s: String = k3s, more: String = "", nodes: [String] = ["pi1", "pi2", "pi3"],
    manifests: [(String, String)] = []
  ) throws -> FleetComparison.Side {
    var text = """
      apiVersion: fleetd/v1
      kind: Fleet
      metadata: {name: home}
      spec: {profiles: [base], \(k3s)\(more)}
      ---
      apiVersion: fleetd/v1
      kind: Profile
      metadata: {name: base}
      spec: {\(profile)}

      """
    for (index, name) in nodes.enumerated() {
      text += """
        ---
        apiVersion: fleetd/v1
        kind: Node
        metadata: {name: \(name)}
        spec: {address: 10.0.0.\(name.dropFirst(2)), role: \(index == 0 ? "server" : "agent")}

        """
    }
    let (fleet, diagnostics) = FleetDecoder.decode([InventoryFile(name: "inventory/f.yaml", bytes: Array(text.utf8))])
    #expect(diagnostics.all.map(\.description) == [])
    let files = manifests.map { ManifestFile(name: $0.0, bytes: Array($0.1.utf8)) }
    let (set, problems) = ManifestSet.decode(files, below: "cluster")
    #expect(problems.all.map(\.description) == [])
    return .init(fleet: fleet, manifests: set)
  }

  private static func compare(
    _ before: FleetComparison.Side, _ after: FleetComparison.Side
  ) throws -> FleetComparison {
    FleetComparison(
      from: before, at: "aaaaaaa0", to: try #require(after.fleet), after.manifests,
      .commit("bbbbbbb0", isModified: false))
  }

  @Test("two equal states are no change, wherever a value is written")
  func equal() throws {
    let profile = "packages: {nfs-common: present}, sysctl: {net.ipv4.ip_forward: 1}"
    let moved = "sysctl: {net.ipv4.ip_forward: 1}, packages: {nfs-common: present}"
    let comparison = try Self.compare(try Self.side(profile), try Self.side(moved))
    #expect(comparison.isEmpty && ExitCode(comparing: comparison) == .inSync)
    #expect(comparison.counted == "nothing changes")
  }

  @Test("a profile's change is told for each node: what is added, changed and gone, with values; files as a diff")
  func profile() throws {
    let before = try Self.side(
      #"packages: {a-tool: present, b-tool: present}, files: [{path: /etc/motd, content: "one\ntwo\n"}]"#)
    let after = try Self.side(
      #"packages: {a-tool: absent, c-tool: present}, files: [{path: /etc/motd, content: "one\nthree\n"}]"#)
    let comparison = try Self.compare(before, after)
    #expect(comparison.nodes.map(\.name) == ["pi1", "pi2", "pi3"])
    let changes = try #require(comparison.nodes.first).changes
    #expect(
      changes.map { "\($0.action.rawValue) \($0.kind) \($0.name) \($0.before ?? "") \($0.after ?? "")" } == [
        "~ packages a-tool present absent", "- packages b-tool present ", "+ packages c-tool  present",
        "~ files /etc/motd content  ",
      ])
    #expect(changes.last?.diff == [" one", "-two", "+three"])
    #expect(comparison.rollout.waves.isEmpty)
  }

  @Test("a secret is named and never shown")
  func secret() throws {
    let after = try Self.side(#"files: [{path: /etc/key, content: {secret: api-key}}]"#)
    let comparison = try Self.compare(try Self.side(), after)
    #expect(comparison.nodes.first?.changes.first?.after?.contains("{secret: api-key}") == true)
    let registries =
      Self.k3s.dropLast()
      + ", registries: {configs: {registry.lan: {auth: {username: pi, password: {secret: registry}}}}}}"
    let changed = try Self.compare(try Self.side(), try Self.side(k3s: String(registries)))
    let diff = changed.nodes.first?.changes.first { $0.name.hasSuffix("registries.yaml") }?.diff ?? []
    #expect(diff.contains { $0.contains("{secret: registry}") })
  }

  @Test("a bump of k3s is told for each node, with the order in which nodes are disturbed")
  func bump() throws {
    let minor = Self.k3s.replacing("v1.33.4", "v1.34.1")
    let comparison = try Self.compare(
      try Self.side(), try Self.side(k3s: minor, more: ", rollout: {agents: {maxUnavailable: 2}}"))
    let version = comparison.nodes.map { $0.changes.first { $0.name == "version" } }
    #expect(version.count == 3 && version.allSatisfy { $0?.before == "v1.33.4+k3s1" && $0?.after == "v1.34.1+k3s1" })
    #expect(comparison.rollout.waves.map { $0.map(\.node) } == [["pi1"], ["pi2", "pi3"]])
    #expect(comparison.rollout.waves[0][0].words == ["drain", "upgrade k3s", "the API is down meanwhile"])
    #expect(comparison.settings.map(\.name).contains("version"))
    let patch = try Self.compare(try Self.side(), try Self.side(k3s: Self.k3s.replacing("v1.33.4", "v1.33.5")))
    #expect(patch.rollout.waves[1][0].words == ["cordon", "restart k3s"])
  }

  @Test("a downgrade and a skipped minor version are told before they are merged")
  func refused() throws {
    for version in ["v1.32.9", "v1.35.0"] {
      let comparison = try Self.compare(try Self.side(), try Self.side(k3s: Self.k3s.replacing("v1.33.4", version)))
      #expect(comparison.nodes[0].changes[0].note?.hasPrefix("will be refused: ") == true)
    }
  }

  @Test("a change of the kernel command line is told with the reboot that it brings")
  func reboot() throws {
    let after = try Self.side("boot: {cmdline: {present: [cgroup_enable=memory]}}")
    let comparison = try Self.compare(try Self.side("boot: {cmdline: {present: [quiet]}}"), after)
    #expect(comparison.nodes[1].changes.map(\.action) == [.remove, .add])
    #expect(comparison.rollout.waves[1][0].words == ["drain", "reboot"])
  }

  @Test("nodes come and go, and a removed one says what does not happen by itself")
  func nodes() throws {
    let comparison = try Self.compare(
      try Self.side(nodes: ["pi1", "pi2"]), try Self.side("modules: [overlay]", nodes: ["pi1", "pi3"]))
    #expect(comparison.nodes.map { "\($0.name) \($0.fate.rawValue)" } == ["pi1 changed", "pi2 removed", "pi3 added"])
    #expect(comparison.nodes[1].remark?.contains("fleetd remove pi2") == true)
    #expect(comparison.counted == "3 of 3 nodes")
  }

  @Test("settings of the fleet are told: windows, roll-out, target")
  func settings() throws {
    let comparison = try Self.compare(
      try Self.side(),
      try Self.side(more: #", reprovision: {target: 45m}, rollout: {windows: [{from: "02:00", to: "05:00"}]}"#))
    #expect(comparison.settings.map { "\($0.kind) \($0.name)" } == ["rollout windows", "reprovision target"])
    #expect(comparison.nodes.isEmpty)
  }

  private static let object = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: front, namespace: default}
    spec: {replicas: 1}

    """

  @Test("objects are compared as YAML; one that is gone says whether it is pruned")
  func objects() throws {
    let before = try Self.side(manifests: [
      ("cluster/a.yaml", Self.object),
      ("cluster/b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, namespace: default}\n"),
    ])
    let after = try Self.side(manifests: [("cluster/a.yaml", Self.object.replacing("replicas: 1", "replicas: 2"))])
    let comparison = try Self.compare(before, after)
    #expect(comparison.manifests.map(\.action) == [.change, .remove])
    #expect(
      comparison.manifests[0].diff.contains("-  replicas: 1") && comparison.manifests[0].diff.contains("+  replicas: 2")
    )
    #expect(comparison.manifests[1].note == "will be deleted from the cluster")
    let kept = try Self.compare(
      before, try Self.side(more: ", manifests: {prune: false}", manifests: [("cluster/a.yaml", Self.object)]))
    #expect(kept.manifests[0].note?.hasPrefix("stays in the cluster") == true)
  }

  @Test("a key that may look brings objects of its own, and they go with it")
  func granted() throws {
    let manifests = [("cluster/a.yaml", ObjectsFixture.configMap("a", namespace: "default"))]
    let without = try Self.side(manifests: manifests)
    let granted = try Self.side(more: ", checkAccess: {keys: [\"\(CheckKeyFixture.line)\"]}", manifests: manifests)
    for (before, after, action) in [(without, granted, Change.Action.add), (granted, without, .remove)] {
      let objects = try Self.compare(before, after).manifests
      #expect(objects.allSatisfy { $0.isGrant })
      #expect(objects.count == 7 && objects.allSatisfy { $0.action == action && $0.what.hasSuffix("fleetd-check") })
    }
    #expect(try Self.compare(granted, granted).isEmpty)
  }

  @Test("of a Secret no value is shown, in a manifest or in a kustomization's file")
  func secrets() throws {
    func manifests(_ value: String) -> [(String, String)] {
      [
        (
          "cluster/s.yaml",
          "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {key: \(value)}\n"
        ),
        ("cluster/k/kustomization.yaml", "resources: [t.yaml]\nsecretGenerator: [{name: x, envs: [x.env]}]\n"),
        ("cluster/k/x.env", "PASSWORD=\(value)\n"),
        (
          "cluster/k/t.yaml",
          "apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: default}\nstringData: {key: \(value)}\n"
        ),
      ]
    }
    let comparison = try Self.compare(
      try Self.side(manifests: manifests("hunter1")), try Self.side(manifests: manifests("hunter2")))
    #expect(comparison.manifests.count == 3)
    for text in [
      TextRenderer(style: .plain, isVerbose: true).render(comparison), JSONRenderer().render(comparison),
      MarkdownRenderer().render(comparison),
    ] { #expect(!text.contains("hunter")) }
  }

  @Test("of kustomizations the source files are compared, and it is said that a server renders them")
  func kustomizations() throws {
    func manifests(_ replicas: Int) -> [(String, String)] {
      [
        ("cluster/k/kustomization.yaml", "resources: [d.yaml]\n"),
        ("cluster/k/d.yaml", Self.object.replacing("replicas: 1", "replicas: \(replicas)")),
      ]
    }
    let comparison = try Self.compare(
      try Self.side(manifests: manifests(1)), try Self.side(manifests: manifests(2)))
    #expect(comparison.manifests.map(\.what) == ["cluster/k/d.yaml"] && comparison.manifests[0].isFile)
    #expect(comparison.notes.contains { $0.contains("rendered by a server") })
  }

  @Test("a base that does not validate is told, and hides nothing of the head")
  func brokenBase() throws {
    let comparison = try Self.compare(
      .init(fleet: nil, manifests: .none, problems: ["inventory/f.yaml:1:1: wrong"]), try Self.side())
    let text = TextRenderer(style: .plain).render(comparison)
    #expect(text.contains("the base does not validate") && text.contains("inventory/f.yaml:1:1: wrong"))
    #expect(text.contains("3 nodes") && ExitCode(comparing: comparison) == .drift)
  }

  @Test("the comment is bounded, and what was cut is told")
  func bounded() throws {
    let long = (0..<400).map { "line \($0) of the text" }.joined(separator: #"\n"#)
    let files = (0..<40).map { "{path: /etc/f\($0), content: \"\(long)\\n\"}" }.joined(separator: ", ")
    let comparison = try Self.compare(try Self.side(), try Self.side("files: [\(files)]"))
    let text = MarkdownRenderer().render(comparison)
    #expect(text.utf8.count <= MarkdownRenderer.limit && text.contains("**Cut:**"))
  }

  @Test("what a stranger wrote cannot leave its cell, its fence or its line")
  func hostile() throws {
    let after = try Self.side(#"files: [{path: "/etc/a|b`@all", content: "```\n<script>\n\u001b[2J\n"}]"#)
    let text = MarkdownRenderer().render(try Self.compare(try Self.side(), after))
    #expect(text.contains("````diff") && !text.contains("\u{1B}") && !text.contains("| /etc/a|b"))
  }
}

extension String {
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    var (text, rest) = ("", self[...])
    while let range = rest.firstRange(of: old) {
      text += rest[..<range.lowerBound] + new
      rest = rest[range.upperBound...]
    }
    return text + rest
  }
}
