import Testing

@testable import FleetModel

@Suite("k3s: plans")
struct K3sPlanTests {
  @Test("a node that matches has an empty plan")
  func inSync() throws {
    for role in Role.allCases {
      var answer = Answer()
      answer.data = role == .server ? "etcd agent" : "agent"
      let plan = try K3sFixture(role: role).plan(answer)
      #expect(plan.changeSets.isEmpty)
      #expect(plan.findings.isEmpty)
    }
  }

  @Test("a blank node gets the binary, its files and the start, as one disturbing change set in this order")
  func blank() throws {
    let plan = try K3sFixture().plan(.blank)
    #expect(plan.findings.isEmpty)
    let set = try #require(plan.changeSets.first)
    #expect(plan.changeSets.count == 1)
    #expect(set.disturbance == .restartsK3s)
    #expect(set.held == nil)
    #expect(
      set.changes.map { "\($0.action.rawValue) \($0.name)" } == [
        "+ /usr/local/bin/k3s", "+ /etc/rancher/k3s/fleetd-token", "+ /etc/rancher/k3s/config.yaml",
        "+ /etc/systemd/system/k3s-agent.service.env", "+ /etc/systemd/system/k3s-agent.service", "! k3s-agent",
      ]
    )
    #expect(set.changes.allSatisfy { $0.kind == K3s.kind })
    #expect(
      set.steps.map(\.title) == [
        "copy k3s v1.33.4+k3s1 to the node", "install k3s v1.33.4+k3s1", "write /etc/rancher/k3s/fleetd-token",
        "write /etc/rancher/k3s/config.yaml", "write /etc/systemd/system/k3s-agent.service.env",
        "write /etc/systemd/system/k3s-agent.service", "start k3s-agent",
      ]
    )
  }

  @Test("a changed setting shows its diff, and restarts once")
  func changedSetting() throws {
    var fixture = K3sFixture()
    fixture.nodeConfig = "{kubelet-arg: [system-reserved=memory=256Mi]}"
    let before = try fixture.configText().replacing("256Mi", with: "128Mi")
    let plan = try fixture.plan(Answer().having(K3sPaths.config, .text(before)))
    let change = try #require(plan.changes.first)
    #expect(change.name == K3sPaths.config)
    #expect(change.note == "restarts k3s-agent")
    #expect(change.diff.contains("-  - system-reserved=memory=128Mi"))
    #expect(change.diff.contains("+  - system-reserved=memory=256Mi"))
    #expect(plan.changes.map(\.action) == [.change, .act])
    #expect(plan.steps.map(\.title) == ["write \(K3sPaths.config)", "start k3s-agent"])
    #expect(plan.changeSets.first?.disturbance == .restartsK3s)
  }

  @Test("a config.yaml that differs in its layout alone is told as such")
  func layout() throws {
    let text = "token-file: '/etc/rancher/k3s/fleetd-token'\nserver: https://k3s.lan:6443\nnode-name: \"pi3\"\n"
    let change = try #require(try K3sFixture().plan(Answer().having(K3sPaths.config, .text(text))).changes.first)
    #expect(change.diff.isEmpty)
    #expect(change.note == "only its layout; restarts k3s-agent")
  }

  @Test("the unit is install.sh's, with nothing but the role behind k3s")
  func unit() {
    let text = K3sUnitFile.text(for: .server)
    #expect(text.hasPrefix("# Managed by fleetd\n[Unit]\n"))
    #expect(text.hasSuffix("\nExecStart=/usr/local/bin/k3s server\n"))
    for line in [
      "Type=notify", "KillMode=process", "Delegate=yes", "TimeoutStartSec=0", "Restart=always", "RestartSec=5s",
      "EnvironmentFile=-/etc/systemd/system/k3s.service.env", "WantedBy=multi-user.target",
    ] {
      #expect(text.contains("\n\(line)\n"))
    }
  }

  @Test("every file that k3s reads marks the restart of its unit before it is written")
  func marksRestart() throws {
    for file in try K3sFixture().k3s().files { #expect(file.notify == ["k3s-agent.service"]) }
  }

  @Test("a restart that an earlier pass owes, or that another kind asks for, is made up for")
  func owedRestart() throws {
    var owing = K3sFixture()
    owing.facts = K3sFixture.facts(pending: ["k3s-agent.service", "cron.service"])
    var asking = K3sFixture()
    asking.requests = [.restart(unit: "k3s-agent.service")]
    for fixture in [owing, asking] {
      let plan = try fixture.plan(Answer())
      #expect(plan.changes.map(\.note) == ["restart: what it reads changes"])
      #expect(plan.steps.map(\.title) == ["start k3s-agent"])
    }
    var other = K3sFixture()
    other.facts = K3sFixture.facts(pending: ["k3s.service"])
    #expect(try other.plan(Answer()).changeSets.isEmpty)
  }

  @Test(
    "a unit that does not run is started, and the plan says what is the matter",
    arguments: [
      ("failed", "failed", "start: it is failed (exit-code)"), ("inactive", "dead", "start: it is inactive"),
      ("activating", "auto-restart", "start: it is restarting again and again (7 times)"),
      ("activating", "start", "start: it is starting (start)"),
    ]
  )
  func notRunning(state: String, sub: String, note: String) throws {
    var answer = Answer()
    (answer.state, answer.sub, answer.restarts) = (state, sub, 7)
    let plan = try K3sFixture().plan(answer)
    #expect(plan.changes.map(\.note) == [note])
    #expect(plan.changeSets.first?.disturbance == .restartsK3s)
  }

  @Test("a running unit that is not enabled is enabled without a disturbance")
  func notEnabled() throws {
    var answer = Answer()
    answer.unitFile = "disabled"
    let plan = try K3sFixture().plan(answer)
    #expect(plan.changes.map(\.after) == [.text("enabled")])
    #expect(plan.changeSets.first?.disturbance == ChangeSet.Disturbance.none)
  }

  @Test("an upgrade pushes the published file and replaces exactly the file that was observed")
  func upgrade() throws {
    var fixture = K3sFixture(version: "v1.33.5+k3s1")
    fixture.serverVersion = "v1.33.5+k3s1"
    let plan = try fixture.plan(Answer())
    let change = try #require(plan.changes.first)
    #expect((change.before, change.after) == (.text("v1.33.4+k3s1"), .text("v1.33.5+k3s1")))
    guard case .push(let artifact, let path, let mode)? = plan.steps.first?.action,
      case .run(let script, let input)? = plan.steps.dropFirst().first?.action
    else {
      Issue.record("no push and install")
      return
    }
    #expect(artifact.sha256 == K3sFixture.sum)
    #expect((path, mode) == ("/usr/local/bin/.k3s.fleetd-new", "0755"))
    #expect(script == .installK3s)
    #expect(input.lines == [[path, artifact.sha256, "v1.33.5+k3s1", "k3s-agent.service"], ["77 73400320 1700000000"]])
  }

  @Test("a release that is published and not fetched yet plans the same")
  func published() throws {
    var fixture = K3sFixture()
    let artifact = Artifact(path: "/var/cache/fleetd/k3s", size: 70 << 20, sha256: K3sFixture.sum)
    let ready = try fixture.plan(.blank)
    fixture.artifact = .published(artifact)
    #expect(try fixture.plan(.blank).changeSets == ready.changeSets)
  }

  @Test("an installed file that is not the published one is replaced")
  func altered() throws {
    var answer = Answer()
    (answer.stamp, answer.sum) = (nil, String(repeating: "ee", count: 32))
    let plan = try K3sFixture().plan(answer)
    #expect(plan.changes.first?.note == "the installed file is not the published one; restarts k3s-agent")
    answer.sum = K3sFixture.sum
    #expect(try K3sFixture().plan(answer).changeSets.isEmpty)
  }

  @Test("a release is needed only where it must be installed")
  func artifactNotNeeded() throws {
    var fixture = K3sFixture()
    for state in [K3sArtifactState.notNeeded, .missing("404"), .wrong("sum")] {
      fixture.artifact = state
      #expect(try fixture.plan(Answer()).findings.isEmpty)
    }
  }

  @Test("k3s waits for the clock and for the first boot")
  func held() throws {
    var fixture = K3sFixture()
    fixture.facts = K3sFixture.facts(skew: -3600)
    #expect(try fixture.plan(.blank).changeSets.first?.held?.reason == .clockSkew)
    fixture.facts = K3sFixture.facts(firstBoot: "cloud-init is still running")
    #expect(try fixture.plan(.blank).changeSets.first?.held?.reason == .firstBoot)
  }

  @Test("an agent's upgrade waits for the server, its restart does not")
  func waitsForServer() throws {
    var fixture = K3sFixture(version: "v1.34.1+k3s1")
    fixture.serverVersion = "v1.33.4+k3s1"
    #expect(try fixture.plan(Answer()).changeSets.first?.held?.reason == .waitsForServer)
    var restarting = K3sFixture()
    restarting.serverVersion = nil
    restarting.facts = K3sFixture.facts(pending: ["k3s-agent.service"])
    let set = try #require(try restarting.plan(Answer()).changeSets.first)
    #expect(set.held == nil)
  }

  @Test("a server's restart says that the API is down meanwhile; its first start founds the cluster")
  func serverNotes() throws {
    var fixture = K3sFixture(role: .server)
    #expect(try fixture.plan(.blank).changes.last?.note == "start; it founds the cluster")
    fixture.facts = K3sFixture.facts(pending: ["k3s.service"])
    var answer = Answer()
    answer.data = "etcd agent"
    #expect(try fixture.plan(answer).changes.last?.note?.contains("API is down meanwhile") == true)
  }

  @Test("drop-ins that the inventory does not declare are noted")
  func dropIns() throws {
    var answer = Answer()
    answer.dropIns = ["/etc/rancher/k3s/config.yaml.d/10-mine.yaml"]
    let plan = try K3sFixture().plan(answer)
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.severity) == [.note])
  }

  @Test("no plan, step or diff holds a secret's bytes, and none is part of a script")
  func secretsStayOut() throws {
    var fixture = K3sFixture(role: .server)
    fixture.registries = "{configs: {registry.lan: {auth: {username: pi, password: {secret: registry}}}}}"
    let foreign = "token: \(K3sFixture.token)\nnode-name: pi3\ncluster-init: true\n"
    var answer = Answer.blank.having(K3sPaths.config, .text(foreign))
    answer = answer.having(K3sPaths.registries, .text("configs: {a: {auth: {password: hunter2}}}\n"))
    let plan = try fixture.plan(answer)
    #expect(!plan.changes.isEmpty)
    var shown = ""
    dump(plan, to: &shown)
    #expect(!shown.contains(K3sFixture.token))
    #expect(!shown.contains("hunter2"))
    #expect(plan.changes.first { $0.name == K3sPaths.config }?.diff.contains("-token: \"(hidden)\"") == true)
    #expect(plan.changes.first { $0.name == K3sPaths.token }?.after == .secret)
  }

  @Test("scripts are constants: hostile values stay in their input")
  func scriptsAreConstant() throws {
    var fixture = K3sFixture()
    fixture.nodeConfig = "{kubelet-arg: [\"$(reboot)\", \"'; rm -rf / #\"]}"
    let known: Set<StepScript> = [.installK3s, .startK3s, .writeFile]
    for step in try fixture.plan(.blank).steps {
      switch step.action {
      case .run(let script, _), .runAsUnit(let script, _): #expect(known.contains(script))
      case .push, .reboot, .verifyAccess, .onServer, .await, .snapshot: break
      }
    }
  }

  @Test("the start runs on the node by itself and gives up before its step does")
  func startStep() throws {
    let step = try #require(try K3sFixture().plan(.blank).steps.last)
    guard case .runAsUnit(.startK3s, let input) = step.action else {
      Issue.record("the start is no unit")
      return
    }
    #expect(input.lines == [["k3s-agent.service", "300"], []])
    #expect(step.deadline > .seconds(300))
  }
}
