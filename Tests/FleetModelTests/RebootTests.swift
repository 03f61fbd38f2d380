import Testing

@testable import FleetModel

@Suite("reboot")
struct RebootTests {
  private func fixture(_ reasons: [String], pending: String? = nil) -> ModelFixture {
    var fixture = ModelFixture("")
    fixture.requests = [.restart(unit: "ssh.service")] + reasons.map { .reboot(because: $0) }
    fixture.sections["reboot"] = pending.map { [("pending", $0)] } ?? []
    return fixture
  }

  @Test("nobody reboots without a reason")
  func none() throws {
    #expect(try fixture([]).plan(Reboot.self).changeSets.isEmpty)
  }

  @Test("one reboot answers every reason, each named once, those of an earlier pass included")
  func once() throws {
    let plan = try fixture(["one", "two", "one"], pending: "two\nthree\n").plan(Reboot.self)
    #expect(plan.changes == [Change(.act, Reboot.kind, "", note: "one; two; three")])
    #expect(plan.changeSets.map(\.disturbance) == [.reboots])
    #expect(plan.steps.filter { $0.action == .reboot(because: ["one", "two", "three"]) }.count == 1)
  }

  @Test("the reasons and the boot that was on are written down before, and the boot that follows after")
  func record() throws {
    let plan = try fixture(["one", "two"]).plan(Reboot.self)
    #expect(plan.steps.map(\.title) == ["write down why", "reboot", "write down that it is back"])
    #expect(plan.lines(of: .recordReboot) == [["b2"], ["one", "two"]])
    #expect(plan.lines(of: .recordBoot) == [["b2"]])
  }

  @Test("how long it may take is declared with boot")
  func deadline() throws {
    var fixture = fixture(["one"])
    #expect(try fixture.plan(Reboot.self).steps[1].deadline == .seconds(600))
    fixture.spec = "boot: {rebootDeadline: 90s}"
    #expect(try fixture.plan(Reboot.self).steps[1].deadline == .seconds(90))
  }

  @Test("only a later boot shows that a reboot was tried, and only for its own reasons")
  func tried() throws {
    var fixture = fixture([])
    #expect(try fixture.facts().hasRebooted(for: "one") == false)
    for (record, isTried) in [("b1\none\n", true), ("b1 b2\none\n", true), ("b2\none\n", false), ("b1\ntwo\n", false)] {
      fixture.host["last-reboot"] = record
      #expect(try fixture.facts().hasRebooted(for: "one") == isTried)
    }
  }
}
