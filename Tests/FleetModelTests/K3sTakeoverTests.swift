import Testing

@testable import FleetModel

@Suite("k3s: what install.sh set up")
struct K3sTakeoverTests {
  /// In sync: nothing is touched, and it is said why fleetd's files are not there.
  private func expectInSync(_ takeover: K3sTakeoverFixture, _ location: SourceLocation = #_sourceLocation) throws {
    let plan = try takeover.plan()
    #expect(plan.changeSets.isEmpty, "\(plan.changes)", sourceLocation: location)
    #expect(plan.findings.map(\.severity) == [.note], "\(plan.findings)", sourceLocation: location)
    #expect(plan.findings.first?.message.contains("install.sh") == true, sourceLocation: location)
  }

  private func expectRefused(
    _ takeover: K3sTakeoverFixture,
    _ mentions: String...,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let plan = try takeover.plan()
    #expect(plan.changeSets.isEmpty, sourceLocation: location)
    #expect(plan.refusals == [.k3sForeignUnit], "\(plan.findings)", sourceLocation: location)
    let text = plan.findings.map { $0.message + " " + ($0.next ?? "") }.joined(separator: " ")
    for mention in mentions { #expect(text.contains(mention), "\(text)", sourceLocation: location) }
  }

  @Test("a server and an agent that mean what the inventory means are in sync, with not a file of fleetd's")
  func inSync() throws {
    for role in Role.allCases { try expectInSync(K3sTakeoverFixture(role)) }
  }

  @Test(
    "however an argument is given, it is the same",
    arguments: [
      ["--disable", "traefik", "--disable", "servicelb", "--secrets-encryption", "-i", "192.0.2.3"],
      ["--disable=servicelb,traefik", "--secrets-encryption=true", "--node-ip=192.0.2.3"],
      ["--disable=local-storage", "--node-ip=192.0.2.9"],
    ]
  )
  func arguments(arguments: [String]) throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.fixture.serverConfig = "{disable: [traefik, servicelb], secrets-encryption: true, node-ip: 192.0.2.3}"
    takeover.arguments = arguments
    if arguments.count < 3 {
      let plan = try takeover.plan()
      #expect(plan.refusals.contains(.k3sImmutableChange) || !plan.changes.isEmpty)
    } else {
      try expectInSync(takeover)
    }
  }

  @Test("config.yaml, its drop-ins, the environment and the arguments are laid over each other in k3s' order")
  func layers() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.fixture.agentConfig = "{kubelet-arg: [a=1, b=2, c=3], snapshotter: native, debug: true}"
    takeover.environment.append("K3S_NODE_NAME=other")
    takeover.config = "kubelet-arg: [a=1]\nsnapshotter: overlayfs\nnode-name: pi3\n"
    takeover.answer.foreign = [
      ("/etc/rancher/k3s/config.yaml.d/10-a.yaml", "kubelet-arg+: [b=2]\nsnapshotter: fuse-overlayfs\n"),
      ("/etc/rancher/k3s/config.yaml.d/20-b.yml", "kubelet-arg+:\n- c=3\ndebug: 'true'\n"),
    ]
    takeover.arguments = ["--snapshotter", "native"]
    try expectInSync(takeover)
    takeover.answer.foreign[1].text = "kubelet-arg: [c=3]\ndebug: true\n"
    let change = try #require(try takeover.plan().changes.first)
    #expect(change.note?.contains("not as wanted: kubelet-arg)") == true)
    #expect(change.diff == ["- kubelet-arg: [c=3]", "+ kubelet-arg: [a=1, b=2, c=3]"])
  }

  @Test("what says what k3s does anyway is nothing to express")
  func standards() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.arguments = [
      "--cluster-cidr=10.42.0.0/16", "--flannel-backend", "vxlan", "--write-kubeconfig-mode", "600", "--debug=false",
      "--data-dir", "/var/lib/rancher/k3s", "--node-name=PI3", "--config", "/etc/rancher/k3s/config.yaml",
      "--cluster-init", "--etcd-snapshot-retention=5",
    ]
    try expectInSync(takeover)
  }

  @Test("labels and taints are compared as sets")
  func labels() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.fixture.labels = ["disk=ssd", "rack=a"]
    takeover.fixture.taints = ["gpu=yes:NoSchedule"]
    takeover.arguments = [
      "--node-label=rack=a", "--node-label", "disk=ssd", "--node-taint", "gpu=yes:NoSchedule",
    ]
    try expectInSync(takeover)
    takeover.fixture.labels = []
    takeover.fixture.taints = []
    try expectRefused(
      takeover,
      #"kubernetes.labels: {disk: ssd, rack: a}"#,
      #"kubernetes.taints: ["gpu=yes:NoSchedule"]"#
    )
  }

  @Test("an agent may point at the endpoint or at any declared server, and at no other")
  func anyServer() throws {
    var takeover = K3sTakeoverFixture(.agent)
    for url in ["https://192.0.2.9:6443", "https://192.0.2.1:6443/", "https://k3s.lan:6443"] {
      takeover.environment[1] = "K3S_URL=\(url)"
      try expectInSync(takeover)
    }
    takeover.environment[1] = "K3S_URL=https://old.lan:6443"
    try expectRefused(takeover, "old.lan", "spec.k3s.endpoint")
  }

  @Test("a living server's server: and cluster-init are without a meaning, and need not be expressed")
  func joinedServer() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.environment.append("K3S_URL=https://192.0.2.1:6443")
    try expectInSync(takeover)
  }

  @Test(
    "a token is told by its digest, in whichever form and place it stands",
    arguments: [
      ["K3S_TOKEN='\(K3sTakeoverFixture.hidden(K3sFixture.token))'"],
      ["K3S_TOKEN_FILE=/etc/k3s-token"], [],
    ]
  )
  func tokens(environment: [String]) throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.environment = environment
    var answer = takeover.complete
    answer.tokens["/etc/k3s-token"] = K3sHidden.digest(of: K3sFixture.token)
    #expect(try takeover.fixture.plan(answer).changeSets.isEmpty)
    #expect(try takeover.fixture.plan(answer).refusals.isEmpty)
  }

  @Test("the secure form of a token and its password are one")
  func tokenForms() {
    let secure = "K10\(String(repeating: "a", count: 64))::server:pass:word"
    #expect(K3sHidden.digest(of: secure) == K3sHidden.digest(of: "pass:word"))
    #expect(
      K3sToken.digest(of: SecretReference("a"), in: SecretVault(["a": Secret(Array("pass:word\n".utf8))]))
        == K3sHidden.digest(of: secure))
    #expect(K3sHidden.digest(of: "K10") != K3sHidden.digest(of: ""))
  }

  @Test("another token than the inventory's, or two that differ, is refused")
  func wrongToken() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.environment[0] = "K3S_TOKEN=\(K3sTakeoverFixture.hidden("other"))"
    try expectRefused(takeover, "another token", "k3s-token")
    takeover.environment[0] = "K3S_TOKEN=\(K3sTakeoverFixture.hidden(K3sFixture.token))"
    takeover.arguments = ["--token-file", "/etc/gone"]
    try expectRefused(takeover, "cannot be told")
  }

  @Test("what the inventory does not say is refused with the YAML, and with it the node is in sync")
  func unexpressed() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.arguments = [
      "--disable", "traefik", "--tls-san=a.lan", "--tls-san=b.lan", "--debug",
      "--kubelet-arg=eviction-hard=memory.available<100Mi,nodefs.available<5%%", "--write-kubeconfig-mode", "0644",
    ]
    let yaml =
      #"{debug: true, disable: [traefik], kubelet-arg: ["eviction-hard=memory.available<100Mi,nodefs.available<5%"], "#
      + #"tls-san: [a.lan, b.lan], write-kubeconfig-mode: "0644"}"#
    try expectRefused(takeover, "write k3s.config: \(yaml) in the Node", "spec.k3s.config.server")
    takeover.fixture.nodeConfig = yaml
    try expectInSync(takeover)
  }

  @Test("what config.yaml and its drop-ins say counts like an argument")
  func unexpressedFiles() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.config = "node-ip: 192.0.2.3\n"
    takeover.answer.foreign = [("/etc/rancher/k3s/config.yaml.d/a.yaml", "lb-server-port: 7443\n")]
    try expectRefused(takeover, #"{lb-server-port: 7443, node-ip: ["192.0.2.3"]}"#)
    takeover.fixture.nodeConfig = #"{lb-server-port: 7443, node-ip: ["192.0.2.3"]}"#
    try expectInSync(takeover)
  }

  @Test("keys that are written elsewhere are told with their place, and secrets are never shown")
  func elsewhere() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.arguments = [
      "--datastore-endpoint=\(K3sTakeoverFixture.hidden("mysql://a:b@c"))", "--agent-token",
      K3sTakeoverFixture.hidden("geheim"), "--kube-apiserver-arg=api-token=\(K3sTakeoverFixture.hidden("geheim"))",
      "--no-such-flag=1",
    ]
    try expectRefused(
      takeover, "datastore in the Fleet: etcd or sqlite", "agent-token-file", "has no key no-such-flag", "a secret")
    #expect(!"\(try takeover.plan())".contains(K3sHidden.digest(of: "geheim")))
  }

  @Test("an environment that is no setting of k3s is refused with the YAML, and with it the node is in sync")
  func environment() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.environment += ["NO_PROXY='10.0.0.0/8,.lan'", "CONTAINERD_LOG_LEVEL=warn"]
    try expectRefused(takeover, #"k3s.environment: {CONTAINERD_LOG_LEVEL: warn, NO_PROXY: "10.0.0.0/8,.lan"}"#)
    takeover.fixture.environment = #"{NO_PROXY: "10.0.0.0/8,.lan"}"#
    takeover.fixture.nodeEnvironment = "{CONTAINERD_LOG_LEVEL: warn}"
    try expectInSync(takeover)
    takeover.fixture.nodeEnvironment = "{CONTAINERD_LOG_LEVEL: debug}"
    #expect(try takeover.plan().changes.first?.note?.contains("CONTAINERD_LOG_LEVEL") == true)
  }

  @Test("a proxy with a password is named as a secret, and compared by its digest")
  func secretEnvironment() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.environment.append("HTTPS_PROXY=\(K3sTakeoverFixture.hidden("hunter2"))")
    try expectRefused(takeover, "k3s.environment: {HTTPS_PROXY: {secret: https_proxy}}")
    takeover.fixture.environment = "{HTTPS_PROXY: {secret: registry}}"
    try expectInSync(takeover)
  }

  @Test("what /etc/default says stays in force: its proxies need no place in the inventory, its keys of k3s do")
  func defaults() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.answer.foreign = [("/etc/default/k3s-agent", "HTTP_PROXY=http://proxy.lan\n")]
    try expectInSync(takeover)
    takeover.answer.foreign = [("/etc/default/k3s-agent", "K3S_RESOLV_CONF=/etc/own\n")]
    try expectRefused(takeover, "{resolv-conf: \"/etc/own\"}")
  }

  @Test("registries.yaml is compared by what it means, its passwords by their digests")
  func registries() throws {
    var takeover = K3sTakeoverFixture(.agent)
    let password = K3sTakeoverFixture.hidden("hunter2")
    takeover.answer.files[K3sPaths.registries] = .text(
      "configs:\n  registry.lan:\n    auth: {password: '\(password)', username: pi}\nmirrors: {}\n"
    )
    try expectRefused(takeover, "{configs: {registry.lan: {auth: {password: {secret: registry-registry.lan}")
    takeover.fixture.registries =
      "{mirrors: {}, configs: {registry.lan: {auth: {username: pi, password: {secret: registry}}}}}"
    try expectInSync(takeover)
    takeover.fixture.registries = "{mirrors: {docker.io: {endpoint: [\"https://a.lan\"]}}}"
    #expect(try takeover.plan().changes.contains { $0.name == K3sPaths.registries })
  }

  @Test("a change converts once: fleetd's files, the unit, the emptied environment, one restart")
  func conversion() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.fixture.agentConfig = "{kubelet-arg: [max-pods=50]}"
    let plan = try takeover.plan()
    #expect(plan.findings.isEmpty)
    let set = try #require(plan.changeSets.first)
    #expect(plan.changeSets.count == 1)
    #expect(set.disturbance == .restartsK3s)
    #expect(
      set.steps.map(\.title) == [
        "write \(K3sPaths.token)", "write \(K3sPaths.config)", "write \(K3sPaths.environment(for: .agent))",
        "write \(K3sPaths.unit(for: .agent))", "start k3s-agent",
      ]
    )
    #expect(set.changes.filter { $0.action == .act }.map(\.name) == ["k3s-agent", "k3s-agent"])
  }

  @Test("a conversion that was cut off anywhere is finished by the next pass, and refused at no point")
  func interrupted() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.fixture.agentConfig = "{kubelet-arg: [max-pods=50]}"
    takeover.fixture.nodeEnvironment = "{HTTPS_PROXY: \"http://a\"}"
    takeover.environment.append("HTTPS_PROXY=http://a")
    takeover.fixture.facts = K3sFixture.facts(pending: ["k3s-agent.service"])
    let paths = [K3sPaths.token, K3sPaths.config, K3sPaths.environment(for: .agent)]
    for count in 1...paths.count {
      var answer = takeover.complete
      for path in paths.prefix(count) { answer.files[path] = .wanted }
      answer.tokens[K3sPaths.token] = K3sHidden.digest(of: K3sFixture.token)
      if count == 3 {
        answer.foreign.removeLast()
        let wanted = K3sUnitFile.environment(for: .agent, try K3sFixture.yaml("{HTTPS_PROXY: \"http://a\"}")).text ?? ""
        answer.foreign.append((K3sPaths.environment(for: .agent), wanted))
      }
      let plan = try takeover.fixture.plan(answer)
      #expect(plan.refusals.isEmpty, "\(plan.findings)")
      #expect(plan.steps.map(\.title).suffix(2) == ["write \(K3sPaths.unit(for: .agent))", "start k3s-agent"])
    }
  }

  @Test("a unit of another name is in sync as it is, and retired by what starts in its place")
  func namedUnit() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.unit = "k3s-home"
    try expectInSync(takeover)
    takeover.fixture.serverConfig = "{debug: true}"
    let plan = try takeover.plan()
    #expect(plan.changes.first?.note?.contains("k3s-home.service is stopped and disabled") == true)
    guard case .runAsUnit(.startK3s, let input)? = plan.steps.last?.action else {
      Issue.record("no start")
      return
    }
    #expect(input.lines == [["k3s.service", "300"], ["k3s-home.service"]])
    // The unit is fleetd's already, and the old one still enabled: the pass that converted it was cut off.
    var answer = Answer()
    answer.data = "etcd agent"
    answer.also = ["k3s-home.service"]
    let next = try K3sFixture(role: .server).plan(answer)
    #expect(next.changes.map(\.action) == [.act, .act])
    #expect(next.steps.map(\.title) == ["start k3s"])
  }

  @Test("a stopped, disabled or outdated k3s of install.sh's is converted while it is mended")
  func mended() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.answer.state = "inactive"
    #expect(try takeover.plan().steps.last?.title == "start k3s-agent")
    takeover.answer.state = "active"
    takeover.answer.unitFile = "disabled"
    #expect(try takeover.plan().steps.last?.title == "start k3s-agent")
    takeover.answer.unitFile = "enabled"
    (takeover.answer.stamp, takeover.answer.sum) = (nil, String(repeating: "ee", count: 32))
    #expect(try takeover.plan().changes.first?.name == K3sPaths.binary)
    takeover.answer.sum = K3sFixture.sum
    try expectInSync(takeover)
  }

  @Test("a unit that says more than install.sh's, or starts something else, is refused")
  func strangeUnit() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.furtherUnitLines = ["MemoryMax=1G", "ExecStartPre=/usr/local/bin/mount-disk"]
    try expectRefused(takeover, "ExecStartPre, MemoryMax", "k3s-agent.service.d/10-own.conf")
    takeover.furtherUnitLines = []
    takeover.answer.foreign = [
      ("/etc/systemd/system/k3s-agent.service.d/own.conf", "[Service]\nMemoryMax=1G\nEnvironment=A=b\n")
    ]
    try expectInSync(takeover)
    takeover.answer.foreign[0].text = "[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s agent --debug\n"
    var answer = takeover.complete
    answer.foreign.reverse()
    #expect(try takeover.fixture.plan(answer).findings.contains { $0.message.contains("own.conf replaces ExecStart") })
    for text in ["[Service]\nExecStart=/opt/k3s agent\n", "[Service]\n", "ExecStart=/usr/local/bin/k3s server", ""] {
      let path = K3sPaths.unit(for: .agent)
      let plan = try K3sFixture().plan(Answer().having(path, .text(text)))
      #expect(plan.refusals == [.k3sForeignUnit], "\(text)")
    }
  }

  @Test("a file that the node could not send without a secret is refused, and told how to write it")
  func withheld() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.answer.withheld = ["/etc/rancher/k3s/config.yaml.d/a.yaml"]
    try expectRefused(takeover, "config.yaml.d/a.yaml", "on a line of its own")
    takeover.answer.withheld = []
    takeover.config = "[1]"
    try expectRefused(takeover, K3sPaths.config)
    takeover.config = nil
    takeover.answer.foreign = [("/etc/rancher/k3s/config.yaml.d/a.yaml", "[1, 2")]
    try expectRefused(takeover, "config.yaml.d/a.yaml")
  }

  @Test(
    "whatever stands in a unit file is taken apart without a crash",
    arguments: [
      "ExecStart=", "ExecStart=\\", "ExecStart='", "ExecStart=/usr/local/bin/k3s agent --", "ExecStart=\"\\\n\\\n",
      "ExecStart=/usr/local/bin/k3s agent = -= --= ---", "\\\n\\\n\\", "Environment==\nEnvironment='", "=", "%",
      String(repeating: "ExecStart=' \\\n", count: 4000),
    ]
  )
  func hostileUnit(text: String) throws {
    let files = [
      K3sForeignUnit.File(path: "/etc/systemd/system/k3s.service", text: text),
      K3sForeignUnit.File(path: "/etc/systemd/system/k3s.service.env", text: "=\n==\n'='\nA\n\u{0}=\nB='\n"),
    ]
    let unit = try #require(K3sForeignUnit(unit: "k3s.service", files: files, withheld: [], tokenDigests: [:]))
    #expect(unit.environment.map(\.name) == ["B"])
  }
}
