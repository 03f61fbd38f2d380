import Foundation
import Testing

@Suite("a check with a key that may only look", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CheckPlanTests {
  private static let spec = """
    host: {hostname: other-name}
    packages: {fleet-demo: {version: "1.*", hold: true}, dphys-swapfile: absent, jq: present}
    boot: {cmdline: {present: [cgroup_memory=1], absent: [quiet]}}
    sysctl: {net.ipv4.ip_forward: 1}
    users: {alice: {groups: [video]}}
    directories: [{path: /srv/d, mode: "0700"}]
    links: [{path: /srv/l, target: d}]
    files:
      - {path: /etc/fleet-new, content: "new\\n", notify: systemd-journald}
      - {path: /etc/fleet-differs, content: "wanted\\n"}
      - {path: /etc/fleet-secret, content: {secret: other}}
      - {path: /etc/fleet-old, state: absent}
    services: {systemd-timesyncd: {enabled: false, state: stopped}}
    """

  /// What a check says of a node, without the time at which it was said.
  private static func told(_ run: Run, of node: LabNode) -> [String] {
    let plan = run.plan(of: node)
    return (plan?.changes ?? []).map { "\($0.action) \($0.kind) \($0.name): \($0.note ?? "") \($0.diff)" }
      + (plan?.findings ?? []).map { "\($0.severity) \($0.reason): \($0.message)" }
  }

  @Test("its plan is that of the key that may do everything", .timeLimit(.sharedNodes))
  func same() async throws {
    try await NodePool.lease { node in
      let key = try await CheckKey()
      let fleet = try TestFleet([node], spec: Self.spec, fleet: key.grant)
      let once = try await fleet.once()
      #expect(once.code == 0, "\(once.summary)")
      for isDrifting in [false, true] {
        if isDrifting {
          try await node.run(
            """
            apt-get -q -y remove jq; echo other > /etc/fleet-differs; echo other > /etc/fleet-secret; rm /etc/fleet-new
            echo old > /etc/fleet-old; sysctl -q net.ipv4.ip_forward=0; systemctl -q enable systemd-timesyncd; rm /srv/l; chmod 755 /srv/d
            gpasswd -d alice video; hostname pi; echo '# more' >> /usr/local/lib/fleetd/check.allow
            """)
        }
        try fleet.configure("ssh: {identities: [{file: \(node.identityFile)}]}")
        let full = try await fleet.check()
        try fleet.configure("ssh: {identities: [{file: \(key.file)}], access: check}")
        let looked = try await fleet.check()
        #expect(Self.told(looked, of: node) == Self.told(full, of: node), "\(looked.summary)")
        #expect(looked.code == full.code && full.code == (isDrifting ? 2 : 0), "\(looked.summary)")
        #expect(Self.told(full, of: node).isEmpty != isDrifting)
      }
      // Everything else is for other keys.
      let once2 = try await fleet.once()
      #expect(once2.code == 1 && once2.output.errors.contains("may only look"), "\(once2.output.errors)")
      let forget = try await fleet.command("forget", node.name, "file", "/etc/x")
      #expect(forget.status == 1 && forget.errors.contains("may only look"), "\(forget.text)\(forget.errors)")
    }
  }

  @Test("it says what it could not compare, and why", .timeLimit(.sharedNodes))
  func notCompared() async throws {
    try await NodePool.lease { node in
      let key = try await CheckKey()
      let files = """
        files:
          - {path: /etc/fleet-root, content: "wanted\\n", mode: "0600"}
          - {path: /etc/fleet-secret, content: {secret: other}}
        """
      let fleet = try TestFleet([node], spec: files, fleet: key.grant)
      #expect(try await fleet.once().code == 0)
      try await node.run("echo confidential > /etc/fleet-root")
      // A branch that adds a file, by somebody without the secret.
      try fleet.write(
        spec: files + "\n  - {path: /etc/issue, content: \"x\\n\"}\npackages: {jq: present}", fleet: key.grant)
      try fleet.configureWithoutSecrets("ssh: {identities: [{file: \(key.file)}], access: check}")
      let looked = try await fleet.check()
      #expect(looked.code == 4, "\(looked.summary)")
      let plan = try #require(looked.plan(of: node), "\(looked.summary)")
      #expect(Set(plan.findings.map(\.reason)) == ["not-compared"])
      for name in ["/etc/fleet-secret", "/etc/issue", "jq"] {
        #expect(plan.findings.contains { $0.message.contains(name) }, "\(name): \(looked.summary)")
      }
      let root = try #require(plan.changes.first { $0.name == "/etc/fleet-root" })
      #expect(root.diff == [] && root.note == "13 bytes on the node, not shown")
      #expect(plan.changes.contains { $0.name == "/usr/local/lib/fleetd/check.allow" })
      #expect(!looked.output.text.contains("confidential"))
    }
  }

  @Test("a cluster's nodes are compared as well", .timeLimit(.sharedNodes))
  func cluster() async throws {
    try await NodePool.lease(2) { nodes in
      let key = try await CheckKey()
      let k3s = try await TestFleet.k3s("v1.33.4+k3s1") + "\n" + key.grant
      let roles = TestFleet.roles(nodes)
      let fleet = try TestFleet(nodes, spec: TestFleet.k3sBoot, fleet: k3s, node: roles)
      let once = try await fleet.once()
      #expect(once.code == 0, "\(once.summary)")
      try await nodes[1].run("echo '# more' >> /etc/rancher/k3s/config.yaml")
      let secrets = "k3s-token: {file: \(fleet.directory)/secret}"
      try fleet.configure("ssh: {identities: [{file: \(nodes[0].identityFile)}]}", secrets: secrets)
      let full = try await fleet.check()
      try fleet.configure("ssh: {identities: [{file: \(key.file)}], access: check}", secrets: secrets)
      let looked = try await fleet.check()
      for node in nodes { #expect(Self.told(looked, of: node) == Self.told(full, of: node), "\(looked.summary)") }
      #expect(full.code == 2 && looked.code == 2, "\(full.summary)\n\(looked.summary)")
      #expect(looked.document?.clusterFindings?.map(\.message) == full.document?.clusterFindings?.map(\.message))

      try fleet.configureWithoutSecrets("ssh: {identities: [{file: \(key.file)}], access: check}")
      let blind = try await fleet.check()
      // Without the token nothing can be said of k3s; that is said.
      #expect(blind.code == 3, "\(blind.summary)")
      let notes = blind.plan(of: nodes[1])?.findings ?? []
      #expect(notes.map(\.reason) == ["not-compared"], "\(blind.summary)")
      #expect(notes.first?.message.hasSuffix("nor is the rest of k3s on this node") == true, "\(blind.summary)")
      #expect(!blind.output.text.contains("sixteen-char-tok"))
    }
  }
}

extension TestFleet {
  /// As CI has it: a key, and no secret of the fleet's.
  func configureWithoutSecrets(_ spec: String) throws {
    try configure(spec)
    let path = "\(directory)/fleetd.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let without = text.split(separator: "\n").filter { !$0.contains("secrets:") && !$0.contains("/other}") }
    try (without.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
  }
}
