import Testing

@testable import FleetModel

@Suite("the plan of one node")
struct NodePlannerTests {
  private static let everything = """
    host: {hostname: pi}, files: [{path: /a, content: a, notify: ssh}], sysctl: {vm.swappiness: 10},
      boot: {cmdline: {present: [cgroup_enable=memory]}, cgroups: [memory]}, services: {cron: {state: started}}
    """

  /// Everything differs from what is wanted.
  private func drifted() -> ModelFixture {
    var fixture = ModelFixture(Self.everything)
    fixture.files = ["/a": .absent]
    fixture.units = ["cron.service": UnitAnswer.state(active: "inactive", sub: "dead", file: "enabled")]
    fixture.host = ["cmdline": "cgroup_disable=memory root=x\n"]
    fixture.sections = [
      "sysctl": [("live", "/proc/sys/vm/swappiness\t60\n")], "boot": [("file/1", "root=x\n")],
      "cgroups": [("type", "cgroup2fs"), ("controllers", "cpu pids\n")],
    ]
    return fixture
  }

  @Test("a node in sync has an empty plan")
  func inSync() throws {
    let plan = try ModelFixture("files: [{path: /a, content: a}], sysctl: {vm.swappiness: 10}, services: {ssh: {}}")
      .plan()
    #expect(plan.isInSync && plan.changes.isEmpty && plan.actionable.isEmpty && !plan.needsAttention)
  }

  @Test("what disturbs nothing comes first, in the order of the kinds; the one reboot last")
  func order() throws {
    let plan = try drifted().plan()
    #expect(
      plan.changeSets.flatMap(\.changes).map(\.kind.name) == [
        "host", "file", "boot", "sysctl", "service", "service", "reboot",
      ])
    #expect(plan.changeSets.filter { $0.disturbance == .reboots }.count == 1)
    #expect(plan.undisturbing.count == 5 && plan.disturbing.map(\.disturbance) == [.reboots])
    #expect(plan.findings.isEmpty)
  }

  @Test("the reboot names every kind's reason")
  func reasons() throws {
    let reboot = try drifted().plan().changes.last
    #expect(
      reboot?.note == "cmdline.txt changes: + cgroup_enable=memory; "
        + "the memory controller is not live: the firmware passes cgroup_disable=memory"
    )
  }

  @Test("a reboot that an earlier pass did not get to is made by this one")
  func owedReboot() throws {
    var fixture = ModelFixture("")
    fixture.sections["reboot"] = [("pending", "cmdline.txt changes: + a\n")]
    #expect(try fixture.plan().changes.map(\.note) == ["cmdline.txt changes: + a"])
  }

  @Test("k3s is started after the reboot, and the plan says so")
  func afterReboot() throws {
    var fixture = K3sNodes()
    fixture.agentHost = ["cmdline": "cgroup_disable=memory root=x\n"]
    fixture.agentSections = [
      "boot": [("file/1", "root=x cgroup_enable=memory\n")],
      "cgroups": [("type", "cgroup2fs"), ("controllers", "cpu pids\n")],
    ]
    fixture.agentAnswer = .blank
    let plan = try #require(try fixture.plan().nodes.first { $0.node == "agent" })
    #expect(plan.changeSets.map(\.disturbance) == [.reboots, .restartsK3s, .restartsK3s])
    #expect(plan.changes.last?.kind == NodeObject.kind)
    #expect(plan.changes.last { $0.action == .act }?.note?.hasSuffix("(after reboot)") == true)
  }

  @Test("a node where a step still runs is not planned, but awaited")
  func stepRunning() throws {
    var fixture = drifted()
    fixture.host["running"] = "apt 1795229990\n"
    let plan = try fixture.plan()
    #expect(plan.failure?.reason == .stepRunning && plan.failure?.runningStep == "apt")
    #expect(plan.failure?.isTransient == true && plan.changes.isEmpty && !plan.needsAttention)
  }

  @Test("a node that did not answer keeps its reason")
  func notObserved() throws {
    let failure = NodeFailure(.connectionRefused, "connection refused")
    let observation = NodeObservation(answer: .failure(failure), sent: 0, received: 0)
    let plan = NodePlanner(vault: SecretVault()).plan(try ModelFixture("").node(), from: observation)
    #expect(plan.failure == failure && !plan.isInSync && !plan.needsAttention)
  }

  @Test("an answer that lacks a section is no plan at all", arguments: ["host", "file", "service", "reboot"])
  func missingSection(_ kind: String) throws {
    let fixture = ModelFixture("files: [{path: /a, content: a}]")
    let answer = String(decoding: try fixture.bytes(), as: UTF8.self)
    let without = answer.replacing("section \(kind)\n", with: "section other\n")
    let transcript = try ProbeTranscript(parsing: Array(without.utf8))
    let observation = NodeObservation(answer: .success(transcript), sent: 0, received: 0)
    let plan = NodePlanner(vault: SecretVault()).plan(try fixture.node(), from: observation)
    #expect(plan.failure?.reason == .probeGarbled)
    #expect(plan.failure?.message == "the node's answer lacks \(kind)")
  }

  @Test("every step of every kind runs a constant script: what varies is input")
  func constantScripts() throws {
    let steps = try drifted().plan().changeSets.flatMap(\.steps)
    var other = drifted()
    other.spec = Self.everything.replacing("/a", with: "/other").replacing("hostname: pi", with: "hostname: other")
    other.files = ["/other": .absent]
    let others = try other.plan().changeSets.flatMap(\.steps)
    #expect(scripts(steps).count > 4 && scripts(steps) == scripts(others))
    #expect(steps != others)
  }

  private func scripts(_ steps: [Step]) -> [String] {
    steps.compactMap { step -> String? in
      guard case .run(let script, _) = step.action else { return nil }
      return StepPrelude.text(for: script)
    }
  }

  @Test("a node that is not selected is planned and shown, and not changed")
  func notSelected() throws {
    let fixture = drifted()
    let plan = NodePlanner(vault: SecretVault())
      .plan(try fixture.node(), from: try fixture.observation(), isSelected: false)
    #expect(!plan.changes.isEmpty && plan.actionable.isEmpty && plan.disturbing.isEmpty)
  }

  @Test("what is held is shown and not done, and a change set without steps is nothing to do")
  func held() {
    let change = Change(.act, Reboot.kind, "")
    let held = Finding(.held, .clockSkew, Packages.kind, "the clock is off")
    let plan = RendererFixture.node("pi1", [ChangeSet([change], steps: []), RendererFixture.set(change, held: held)])
    #expect(plan.changes.count == 2 && plan.actionable.isEmpty && !plan.isInSync)
  }
}
