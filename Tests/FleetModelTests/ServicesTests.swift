import Testing

@testable import FleetModel

@Suite("services")
struct ServicesTests {
  private func plan(_ wish: String, _ state: String) throws -> KindPlan {
    var fixture = ModelFixture("services: {bluetooth: {\(wish)}}")
    fixture.units = ["bluetooth.service": state]
    return try fixture.plan(Services.self)
  }

  private func actions(_ plan: KindPlan) -> [[String]] { plan.lines(of: .units) }

  private static let disabled = UnitAnswer.state(active: "inactive", sub: "dead", file: "disabled")

  @Test("a unit as it is wanted needs nothing")
  func inSync() throws {
    #expect(try plan("enabled: true, state: started", UnitAnswer.running).changeSets.isEmpty)
    #expect(try plan("enabled: false, state: stopped", Self.disabled).changeSets.isEmpty)
    #expect(try plan("", Self.disabled).changeSets.isEmpty)
  }

  @Test("what starts at boot and what runs now are two changes, made by one step")
  func both() throws {
    let plan = try plan("enabled: true, state: started", Self.disabled)
    #expect(
      plan.changes == [
        Change(.change, Services.kind, "bluetooth.service", from: .text("disabled"), to: .text("enabled")),
        Change(.act, Services.kind, "bluetooth.service", note: "start: it is inactive"),
      ]
    )
    #expect(actions(plan) == [["enable", "bluetooth.service"], ["start", "bluetooth.service"]])
    #expect(plan.steps.count == 1)
  }

  @Test("a unit that shall not run is disabled and stopped")
  func off() throws {
    let plan = try plan("enabled: false, state: stopped", UnitAnswer.running)
    #expect(actions(plan) == [["disable", "bluetooth.service"], ["stop", "bluetooth.service"]])
  }

  @Test("a unit that does not exist satisfies the wish that it does not run")
  func missingAndUnwanted() throws {
    let plan = try plan("enabled: false, state: stopped", UnitAnswer.notFound)
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("a unit that does not exist blocks every other wish", arguments: ["enabled: true", "state: started"])
  func missing(_ wish: String) throws {
    let plan = try plan(wish, UnitAnswer.notFound)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.unitNotFound])
    #expect(plan.findings.first?.message == "there is no unit bluetooth.service")
  }

  @Test("a unit that a change before may bring is planned for")
  func mayAppear() throws {
    var fixture = ModelFixture("services: {bluetooth: {enabled: true, state: started}}")
    fixture.units = ["bluetooth.service": UnitAnswer.notFound]
    fixture.hasChangesBefore = true
    let plan = try fixture.plan(Services.self)
    #expect(plan.findings.isEmpty && actions(plan).map { $0[0] } == ["enable", "start"])
    #expect(plan.changes.map(\.note) == Array(repeating: "once what comes before has brought it", count: 2))
  }

  @Test("a masked unit says how it is unmasked, and is not")
  func masked() throws {
    let state = UnitAnswer.state(load: "masked", active: "inactive", sub: "dead", file: "masked")
    let plan = try plan("state: started", state)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.severity) == [.blocked])
    #expect(plan.findings.first?.next?.contains("systemctl unmask bluetooth.service") == true)
    #expect(try self.plan("enabled: false", state).changeSets.isEmpty)
  }

  @Test(
    "what systemd starts without being enabled is enabled",
    arguments: ["static", "alias", "indirect", "generated", "transient"]
  )
  func cannotBeEnabled(_ file: String) throws {
    let state = UnitAnswer.state(active: "active", sub: "running", file: file)
    #expect(try plan("enabled: true", state).changeSets.isEmpty)
    #expect(try plan("enabled: false", state).changeSets.isEmpty)
  }

  @Test("what the next boot forgets is not enabled", arguments: ["enabled-runtime", "linked", "disabled", ""])
  func forgotten(_ file: String) throws {
    let state = UnitAnswer.state(active: "active", sub: "running", file: file)
    #expect(actions(try plan("enabled: true", state)) == [["enable", "bluetooth.service"]])
  }

  @Test("a unit that fails or starts again and again does not run", arguments: ["failed", "activating"])
  func failing(_ active: String) throws {
    let sub = active == "failed" ? "failed" : "auto-restart"
    let state = UnitAnswer.state(active: active, sub: sub, file: "enabled", restarts: 7)
    let plan = try plan("state: started", state)
    #expect(actions(plan) == [["start", "bluetooth.service"]])
    #expect(
      plan.changes.first?.note
        == (active == "failed" ? "start: it is failed" : "start: it is restarting again and again (7 times)")
    )
  }

  @Test("a unit on its first way up is left to it; one that crashes is stopped when it shall be")
  func activating() throws {
    let starting = UnitAnswer.state(active: "activating", sub: "start", file: "enabled")
    #expect(try plan("state: started", starting).changeSets.isEmpty)
    let crashing = UnitAnswer.state(active: "activating", sub: "auto-restart", file: "enabled")
    #expect(actions(try plan("state: stopped", crashing)) == [["stop", "bluetooth.service"]])
  }

  @Test("a unit may be named without its suffix, and only once")
  func names() throws {
    let node = InventoryText.node(spec: "services: {ssh: {enabled: true}, ssh.service: {enabled: false}}")
    let text = InventoryText.decode(InventoryText.fleet, node).messages.joined()
    #expect(text.contains("services: \"ssh.service\" is ssh.service, which is declared already"))
    let units = try #require(
      try ModelFixture("services: {a.timer: {}, b: {}, c.d: {}}").node().resource(of: Services.self))
    #expect(units.wishes.map(\.unit) == ["a.timer", "b.service", "c.d.service"])
  }

  @Test(
    "an answer for fewer or other units than asked is an error",
    arguments: ["", "LoadState=loaded\nActiveState=active", "x\n\ny", "LoadState=loaded\n\nActiveState=active"]
  )
  func garbled(_ text: String) throws {
    var fixture = ModelFixture("services: {a: {}, b: {}}")
    fixture.sections["service"] = [("units", text), ("asked", "a.service"), ("asked", "b.service")]
    #expect(throws: ProbeError.self) { try fixture.plan(Services.self) }
  }
}

@Suite("restarts that files ask for")
struct RestartTests {
  private static let spec = """
    files: [{path: /a, content: a, notify: ssh}, {path: /b, content: b, notify: [ssh, cron]}],
      services: {cron: {state: started}}
    """

  private func restarts(_ plan: KindPlan) -> [[String]] { plan.lines(of: .units) }

  @Test("are made once however many files ask")
  func once() throws {
    var fixture = ModelFixture(Self.spec)
    fixture.requests = [.restart(unit: "ssh.service"), .restart(unit: "cron.service"), .restart(unit: "ssh.service")]
    let plan = try fixture.plan(Services.self)
    #expect(restarts(plan) == [["restart", "cron.service"], ["restart", "ssh.service"]])
    #expect(plan.changes.map(\.note) == Array(repeating: "restart: what it reads changes", count: 2))
  }

  @Test("are made by this pass when an earlier one did not get to them")
  func owed() throws {
    var fixture = ModelFixture(Self.spec)
    fixture.host = ["pending": "ssh.service\n"]
    #expect(restarts(try fixture.plan(Services.self)) == [["restart", "ssh.service"]])
  }

  @Test("are not made for a unit that no file of the inventory notifies any more")
  func notKnown() throws {
    var fixture = ModelFixture(Self.spec)
    fixture.host = ["pending": "other.service\n"]
    #expect(try fixture.plan(Services.self).changeSets.isEmpty)
  }

  @Test("are not made for a unit that does not run, or is started anyway")
  func notRunning() throws {
    let stopped = UnitAnswer.state(active: "inactive", sub: "dead", file: "enabled")
    var fixture = ModelFixture(Self.spec)
    fixture.units = ["ssh.service": stopped, "cron.service": stopped]
    fixture.requests = [.restart(unit: "ssh.service"), .restart(unit: "cron.service")]
    #expect(restarts(try fixture.plan(Services.self)) == [["start", "cron.service"]])
  }

  @Test("are asked for by every file that changes, through all kinds")
  func endToEnd() throws {
    var fixture = ModelFixture(Self.spec)
    fixture.files = ["/a": .absent, "/b": .absent]
    let plan = try fixture.plan()
    #expect(
      plan.changeSets.flatMap(\.steps).map(\.title) == [
        "write down what is declared", "write /a", "write /b", "systemd units",
      ]
    )
    #expect(plan.changes.filter { $0.kind == Services.kind }.map(\.name) == ["cron.service", "ssh.service"])
  }
}
