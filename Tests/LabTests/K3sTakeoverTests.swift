import Testing

/// k3s as install.sh lays it out, set up by hand, and an inventory that comes afterwards.
@Suite("k3s that runs already", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct K3sTakeoverTests {
  private static let token = "K3S_TOKEN=sixteen-char-tok"
  private static let version = "v1.33.4+k3s1"

  /// The Fleet's `k3s`, as the arguments of `handmade` are.
  private static func wanted(_ further: String = "") async throws -> String {
    try await TestFleet.k3s(
      version, "config: {server: {disable: [traefik], write-kubeconfig-mode: \"0644\"}}\n" + further)
  }

  /// A server is ready before its own agent has written its files; the Node object comes after them.
  private static func handmade(_ node: LabNode, _ words: String...) async throws {
    let output = try await Lab.execute(["lab/handmade", node.name] + words)
    try #require(output.status == 0, "\(node.name): \(output.errors)")
    if words.first == "server" { try await node.await("k3s kubectl get node \(node.name) > /dev/null 2>&1") }
  }

  private static func server(_ node: LabNode) async throws {
    try await handmade(node, "server", token, "--", "--disable", "traefik", "--write-kubeconfig-mode=644")
  }

  @Test(
    "no-op: a server and an agent as the inventory wants them stay to the byte as they are, and are not restarted",
    .timeLimit(.sharedNodes))
  func inSync() async throws {
    try await NodePool.lease(2) { nodes in
      let (server, agent) = (nodes[0], nodes[1])
      try await Self.server(server)
      try await Self.handmade(agent, "agent", Self.token, "K3S_URL=https://\(server.address):6443", "NO_PROXY=.lan")
      let before = [try await server.setUp(), try await agent.setUp()]
      var roles = TestFleet.roles(nodes)
      roles[agent.name] = "role: agent\nk3s: {environment: {NO_PROXY: .lan}}"
      let fleet = try TestFleet(nodes, spec: "files: []", fleet: try await Self.wanted(), node: roles)
      for run in [try await fleet.check(), try await fleet.once()] {
        #expect(run.code == 0, "\(run.summary)")
        for node in nodes {
          #expect(run.changes(of: node).isEmpty)
        }
      }
      let check = try await fleet.check()
      #expect(check.plan(of: agent)?.findings.contains { $0.message.contains("install.sh") } == true)
      #expect([try await server.setUp(), try await agent.setUp()] == before)
      // The token was compared, and never left the node: with another one the node is refused.
      try fleet.secret("secret", "another-token")
      let refused = try await fleet.check()
      #expect(refused.code == 1)
      #expect(refused.plan(of: server)?.findings.map(\.reason) == ["k3s-foreign-unit"])
    }
  }

  @Test(
    "change: one conversion with one restart takes the set-up over; idempotence: the second plan is empty",
    .timeLimit(.sharedNodes))
  func conversion() async throws {
    try await NodePool.lease(2) { nodes in
      let (server, agent) = (nodes[0], nodes[1])
      try await Self.server(server)
      try await Self.handmade(agent, "agent", Self.token, "K3S_URL=https://\(server.address):6443", "NO_PROXY=.lan")
      var roles = TestFleet.roles(nodes)
      roles[agent.name] = "role: agent\nk3s: {environment: {NO_PROXY: .lan}, config: {kubelet-arg: [max-pods=50]}}"
      let fleet = try TestFleet(nodes, spec: "files: []", fleet: try await Self.wanted(), node: roles)
      let before = try await server.setUp()
      let starts = try await agent.starts(of: "k3s-agent")
      let scripts = try await agent.run(
        "cd /usr/local/bin && ls -l | sort && cat k3s-killall.sh k3s-agent-uninstall.sh")

      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await agent.starts(of: "k3s-agent") == starts + 1)
      #expect(try await server.setUp() == before)
      let environment = try await agent.run("cat /etc/systemd/system/k3s-agent.service.env")
      #expect(environment.contains("NO_PROXY='.lan'"))
      #expect(!environment.contains("K3S_TOKEN"))
      let process = try await agent.run("tr '\\0' '\\n' < /proc/$(systemctl show -p MainPID --value k3s-agent)/environ")
      #expect(process.contains("NO_PROXY=.lan\n"))
      #expect(
        try await agent.run("cd /usr/local/bin && ls -l | sort && cat k3s-killall.sh k3s-agent-uninstall.sh") == scripts
      )

      let second = try await fleet.once()
      #expect(second.code == 0)
      #expect(second.changes(of: agent).isEmpty, "\(second.summary)")
      #expect(try await agent.starts(of: "k3s-agent") == starts + 1)
      #expect(try await fleet.check().plan(of: agent)?.findings.isEmpty == true)
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }

  @Test(
    "failure: what the inventory does not say is refused with the YAML, and with that very YAML the node is in sync",
    .timeLimit(.sharedNodes))
  func refused() async throws {
    try await NodePool.lease { node in
      try await node.run(
        "mkdir -p /etc/rancher/k3s/config.yaml.d"
          + "; echo 'kubelet-arg: [max-pods=50]' > /etc/rancher/k3s/config.yaml"
          + "; echo 'kubelet-arg+: [v=2]' > /etc/rancher/k3s/config.yaml.d/10-more.yaml")
      try await Self.handmade(
        node, "server", Self.token, "HTTPS_PROXY=http://me:geheim@proxy.lan", "--", "--disable", "traefik",
        "--tls-san=k3s.lan,pi.lan")
      let before = try await node.setUp()
      let fleet = try TestFleet(
        [node], spec: "files: []", fleet: try await TestFleet.k3s(Self.version), node: TestFleet.roles([node]))
      let run = try await fleet.once()
      #expect(run.code == 1)
      #expect(!run.output.text.contains("geheim"))
      let findings = run.plan(of: node)?.findings ?? []
      #expect(findings.map(\.reason) == ["k3s-foreign-unit", "k3s-foreign-unit"], "\(run.summary)")
      #expect(try await node.setUp() == before)

      let config = try #require(Self.yaml(behind: "write k3s.config: ", in: findings))
      let environment = try #require(Self.yaml(behind: "write k3s.environment: ", in: findings))
      #expect(environment == "{HTTPS_PROXY: {secret: https_proxy}}")
      let spec = "role: server\nk3s:\n  config: \(config)\n  environment: {HTTPS_PROXY: {secret: other}}"
      try fleet.secret("other", "http://me:geheim@proxy.lan")
      try fleet.write(spec: "files: []", fleet: try await TestFleet.k3s(Self.version), node: [node.name: spec])
      let check = try await fleet.check()
      #expect(check.code == 0, "\(check.summary)")
      #expect(try await node.setUp() == before)
    }
  }

  @Test("a unit of INSTALL_K3S_NAME is in sync, and is retired by the conversion", .timeLimit(.sharedNodes))
  func namedUnit() async throws {
    try await NodePool.lease { node in
      try await Self.handmade(
        node, "server", Self.token, "INSTALL_K3S_NAME=home", "INSTALL_K3S_TYPE=exec", "--", "--disable=traefik")
      let before = try await node.setUp()
      let further = "config: {server: {disable: [traefik]}}"
      let fleet = try TestFleet(
        [node], spec: "files: []", fleet: try await TestFleet.k3s(Self.version, further), node: TestFleet.roles([node]))
      let check = try await fleet.check()
      #expect(check.code == 0, "\(check.summary)")
      #expect(try await node.setUp() == before)
      try fleet.write(
        spec: "files: []", fleet: try await TestFleet.k3s(Self.version, "config: {server: {disable: [servicelb]}}"),
        node: TestFleet.roles([node]))
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.holds("systemctl is-active --quiet k3s && systemctl is-enabled --quiet k3s"))
      #expect(try await !node.holds("systemctl is-active --quiet k3s-home || systemctl is-enabled --quiet k3s-home"))
      #expect(try await fleet.check().code == 0)
    }
  }

  /// The YAML of a refusal, as a person copies it.
  private static func yaml(behind words: String, in findings: [Run.Finding]) -> String? {
    for case let next? in findings.map(\.next) {
      guard let start = next.firstRange(of: words), let end = next.firstRange(of: " in the Node") else { continue }
      return String(next[start.upperBound..<end.lowerBound])
    }
    return nil
  }
}

extension LabNode {
  /// Everything that k3s and its set-up have on the node, by content, mode and time, and which start of it runs.
  fileprivate func setUp() async throws -> String {
    try await run(
      """
      find /etc /usr/local /var/lib/rancher /boot -xdev -printf '%p %y %m %U:%G %s %T@ %l\\n' \\
        | grep -v /server/db | sort
      find /etc /usr/local /var/lib/rancher /boot -xdev -type f -exec sha256sum {} + | grep -v /server/db | sort
      systemctl show -p InvocationID,NRestarts,ActiveEnterTimestamp 'k3s*'
      """)
  }
}
