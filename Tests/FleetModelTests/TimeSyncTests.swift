import Testing

@testable import FleetModel

@Suite("time: synchronisation and zone")
struct TimeSyncTests {
  private static let dropIn = "/etc/systemd/timesyncd.conf.d/60-fleetd.conf"
  private static let servers = "# Managed by fleetd.\n[Time]\nNTP=ntp.lan 192.0.2.1\n"

  /// systemd-timesyncd runs and is enabled, and no other service is there.
  private func fixture(
    _ time: String = "synchronisation: true", file: FileAnswer = .absent, _ records: [ModelFixture.Record] = []
  ) -> ModelFixture {
    var fixture = ModelFixture("time: {\(time)}")
    for unit in TimeSync.others { fixture.units[unit] = UnitAnswer.notFound }
    fixture.sections["time"] = file.records(of: Self.dropIn, 0) + records
    return fixture
  }

  @Test("a time service that runs and starts at boot is all that is asked, whichever it is")
  func inSync() throws {
    #expect(try fixture().plan(TimeSync.self).changeSets.isEmpty)
    var chrony = fixture()
    chrony.units[TimeSync.unit] = UnitAnswer.notFound
    chrony.units["chrony.service"] = UnitAnswer.running
    let plan = try chrony.plan(TimeSync.self)
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("a service that is off is enabled and started")
  func off() throws {
    var fixture = fixture()
    fixture.units[TimeSync.unit] = UnitAnswer.state(active: "inactive", sub: "dead", file: "disabled")
    let plan = try fixture.plan(TimeSync.self)
    #expect(
      plan.changes == [
        Change(.change, TimeSync.kind, TimeSync.unit, from: .text("disabled"), to: .text("enabled")),
        Change(.act, TimeSync.kind, TimeSync.unit, note: "start: it is inactive"),
      ])
    #expect(plan.lines(of: .units) == [["enable", TimeSync.unit], ["start", TimeSync.unit]])
  }

  @Test("servers are written, and asked before anything else goes on")
  func serverList() throws {
    let spec = "synchronisation: true, servers: [ntp.lan, 192.0.2.1]"
    let plan = try fixture(spec).plan(TimeSync.self)
    #expect(plan.changes.map(\.name) == [Self.dropIn])
    #expect(plan.steps.map(\.title) == ["write \(Self.dropIn)", "systemd units"])
    #expect(plan.steps.last?.action == .run(.units, StepInput([["restart", TimeSync.unit]])))
    guard case .run(.writeFile, let input) = plan.steps.first?.action else { return }
    #expect(input.payload?.text == Self.servers)
    #expect(try fixture(spec, file: .regular(Self.servers)).plan(TimeSync.self).changeSets.isEmpty)
  }

  @Test("servers that nobody declares any more leave with fleetd's own file")
  func serversGone() throws {
    let plan = try fixture(file: .regular(Self.servers)).plan(TimeSync.self)
    #expect(plan.changes.map(\.action) == [.remove])
  }

  @Test("servers are not for another service, which keeps its own")
  func foreign() throws {
    var fixture = fixture("servers: [ntp.lan]")
    fixture.units["chrony.service"] = UnitAnswer.running
    let plan = try fixture.plan(TimeSync.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.timeServiceForeign])
  }

  @Test("a node without any service is blocked, unless a package of the inventory brings one")
  func missing() throws {
    var fixture = fixture()
    fixture.units[TimeSync.unit] = UnitAnswer.notFound
    #expect(try fixture.plan(TimeSync.self).findings.map(\.reason) == [.timeServiceMissing])
    fixture.spec += ", packages: {systemd-timesyncd: present}"
    #expect(try fixture.plan(TimeSync.self).findings.isEmpty)
    fixture.spec = fixture.spec.replacing("present", with: "absent")
    #expect(try fixture.plan(TimeSync.self).findings.map(\.reason) == [.timeServiceMissing])
  }

  @Test("a masked service is not unmasked behind somebody's back")
  func masked() throws {
    var fixture = fixture()
    fixture.units[TimeSync.unit] = UnitAnswer.state(load: "masked", active: "inactive", sub: "dead", file: "masked")
    #expect(try fixture.plan(TimeSync.self).findings.map(\.reason) == [.unitNotFound])
  }

  @Test("false stops and disables it, once")
  func unwanted() throws {
    var fixture = fixture("synchronisation: false")
    #expect(
      try fixture.plan(TimeSync.self).lines(of: .units) == [["disable", TimeSync.unit], ["stop", TimeSync.unit]])
    fixture.units[TimeSync.unit] = UnitAnswer.notFound
    #expect(try fixture.plan(TimeSync.self).changeSets.isEmpty)
  }

  @Test("a drop-in that is read later and names other servers is told")
  func overridden() throws {
    let later = "/etc/systemd/timesyncd.conf.d/90-x.conf:NTP=other\n"
    let plan = try fixture("servers: [ntp.lan]", [("settings", later)]).plan(TimeSync.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.settingOverridden])
  }

  // MARK: - Waiting for the clock

  @Test("a clock that is off is awaited, within bounds, where nobody says that it is synchronised")
  func wait() throws {
    var fixture = fixture()
    fixture.clockSkew = -4000
    fixture.host["synchronised"] = "no"
    let plan = try fixture.plan(TimeSync.self)
    #expect(
      plan.changes == [
        Change(
          .act, TimeSync.kind, "clock", note: "wait until it is synchronised, at most 90 s: it is 4000 s off")
      ])
    #expect(plan.lines(of: .awaitClock) == [["90"]])
  }

  @Test("no pass waits for a clock that is right, that is synchronised already, or that one has just awaited")
  func noWait() throws {
    #expect(try fixture().plan(TimeSync.self).changeSets.isEmpty)
    var synchronised = fixture()
    synchronised.clockSkew = 4000
    #expect(try synchronised.plan(TimeSync.self).changeSets.isEmpty)
    for (seconds, steps) in [(5, 0), (599, 0), (600, 1)] {
      var awaited = fixture("synchronisation: true", [("awaited", "\(seconds)")])
      awaited.clockSkew = 4000
      awaited.host["synchronised"] = "no"
      #expect(try awaited.plan(TimeSync.self).steps.count == steps)
    }
  }

  @Test("the service is repaired before the clock is awaited, and only what looks at the machine comes before both")
  func order() throws {
    var fixture = fixture()
    fixture.clockSkew = 4000
    fixture.missing = ["synchronised"]
    fixture.units[TimeSync.unit] = UnitAnswer.state(active: "failed", sub: "failed", file: "enabled")
    #expect(try fixture.plan(TimeSync.self).steps.map(\.title) == ["systemd units", "await the clock"])
    // What comes earlier only looks: nothing that needs a right clock is done before.
    #expect(ResourceRegistry.kinds.prefix(3).map { $0.kind } == [Host.kind, Health.kind, TimeSync.kind])
  }

  @Test("what the clock held back is free in the second plan, once and on that node alone")
  func freed() {
    let change = Change(.add, Packages.kind, "nfs-common")
    func plan(held: Finding?) -> FleetPlan {
      RendererFixture.plan([
        RendererFixture.node("pi1", [RendererFixture.set(change, held: held)]),
        RendererFixture.node("pi2", [RendererFixture.set(Change(.add, Files.kind, "/a"))]),
      ])
    }
    let (off, right) = (plan(held: RendererFixture.skew), plan(held: nil))
    #expect(right.freed(after: [off], without: []).nodes.map(\.node) == ["pi1"])
    #expect(right.freed(after: [off, right], without: []).nodes.isEmpty)
    #expect(off.freed(after: [off], without: []).nodes.isEmpty)
    #expect(right.freed(after: [off], without: ["pi1"]).nodes.isEmpty)
  }

  @Test("nothing disturbs in a later round that the first plan did not show")
  func unseenDisturbance() {
    let restart = Change(.act, K3s.kind, "k3s-agent")
    let first = RendererFixture.plan([RendererFixture.node("pi1")])
    func later(_ disturbance: ChangeSet.Disturbance) -> FleetPlan {
      RendererFixture.plan([RendererFixture.node("pi1", [RendererFixture.set(restart, disturbance: disturbance)])])
    }
    #expect(later(.restartsK3s).freed(after: [first], without: []).nodes.isEmpty)
    #expect(later(.none).freed(after: [first], without: []).nodes.map(\.node) == ["pi1"])
  }

  // MARK: - Zone

  private func zone(_ records: [ModelFixture.Record]) throws -> ModelFixture {
    var fixture = fixture("zone: Europe/Berlin")
    fixture.sections["timezone"] = records
    return fixture
  }

  @Test(
    "a zone that /etc/localtime names, and /etc/timezone where there is one, needs nothing",
    arguments: ["/usr/share/zoneinfo/Europe/Berlin", "../usr/share/zoneinfo/Europe/Berlin"])
  func zoneInSync(_ link: String) throws {
    #expect(try zone([("link", link), ("file", "Europe/Berlin\n")]).plan(TimeZone.self).changeSets.isEmpty)
    #expect(try zone([("link", link)]).plan(TimeZone.self).changeSets.isEmpty)
    let file = try zone([("link", link), ("file", "Etc/UTC\n"), ("known", "yes")]).plan(TimeZone.self)
    #expect(file.changes.map(\.note) == ["/etc/timezone only"])
  }

  @Test("another zone is replaced; a node that names none has UTC")
  func zoneChange() throws {
    let plan = try zone([("known", "yes")]).plan(TimeZone.self)
    #expect(plan.changes.map(\.before) == [.text("UTC")])
    #expect(plan.lines(of: .setTimeZone) == [["Europe/Berlin", ""]])
    #expect(
      try zone([("copy", "yes"), ("known", "yes")]).plan(TimeZone.self).changes.map(\.before) == [.text("a copy")])
  }

  @Test("a zone that the node does not have is blocked, unless a package of this pass may bring it")
  func zoneUnknown() throws {
    var fixture = try zone([("link", "/usr/share/zoneinfo/Etc/UTC")])
    #expect(try fixture.plan(TimeZone.self).findings.map(\.reason) == [.timeZoneUnknown])
    fixture.installsPackages = true
    #expect(try fixture.plan(TimeZone.self).changes.count == 1)
  }

  @Test(
    "no zone leads out of the directory of zones", arguments: ["../etc/passwd", "/etc/passwd", "a/../b", "a//b", "a/"])
  func zoneEscapes(_ zone: String) {
    let node = InventoryText.node(spec: "time: {zone: \"\(zone)\"}")
    #expect(InventoryText.decode(InventoryText.fleet, node).fleet == nil)
  }
}
