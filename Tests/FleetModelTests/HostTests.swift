import Testing

@testable import FleetModel

@Suite("host")
struct HostTests {
  @Test("a node in sync has nothing to do")
  func inSync() throws {
    let plan = try ModelFixture("").plan(Host.self)
    #expect(plan.changes.isEmpty && plan.findings.isEmpty && plan.requests.isEmpty)
  }

  @Test("every fact is read")
  func facts() throws {
    var fixture = ModelFixture("")
    fixture.host = [
      "pending": "ssh.service\nb.service\n", "last-reboot": "b1\nwhy\nand why\n", "running": "apt 1795229990\n",
    ]
    let facts = try fixture.facts()
    #expect(facts.bootID == "b2" && facts.machineID == "0123456789abcdef0123456789abcdef")
    #expect(facts.hostname == "pi1" && facts.kernel == "6.12.25+rpt-rpi-v8")
    #expect(facts.operatingSystem == "Debian GNU/Linux 12 (bookworm)")
    #expect(facts.model == "Raspberry Pi 4 Model B Rev 1.4" && facts.serial == "10000000abcdef01")
    #expect(facts.freeBytes == 4_096_000_000 && facts.clock == ModelFixture.clock)
    #expect(facts.isClockSynchronised == true && facts.firstBoot == nil)
    #expect(facts.pendingRestarts == ["b.service", "ssh.service"])
    #expect(facts.lastReboot == .init(bootIDBefore: "b1", bootIDAfter: nil, reasons: ["why", "and why"]))
    #expect(facts.runningStep == .init(name: "apt", since: 1_795_229_990))
  }

  @Test("without a device tree there is no model and no serial")
  func plainMachine() throws {
    var fixture = ModelFixture("")
    fixture.missing = ["model", "serial", "synchronised", "os-release"]
    let facts = try fixture.facts()
    #expect(facts.model == nil && facts.serial == nil && facts.isClockSynchronised == nil)
    #expect(facts.operatingSystem == "unknown")
  }

  @Test("a fact that everything rests on must be there", arguments: ["boot-id", "architecture", "clock", "free"])
  func required(_ key: String) throws {
    var fixture = ModelFixture("")
    fixture.missing = [key]
    #expect(throws: ProbeError.self) { try fixture.facts() }
    #expect(try fixture.plan().failure?.reason == .probeGarbled)
  }

  @Test("numbers that no machine has are no crash")
  func absurdNumbers() throws {
    var fixture = ModelFixture("")
    fixture.host = ["free": "\(Int.max) \(Int.max)\nx y\n-1 4096"]
    #expect(try fixture.plan().findings.map(\.reason) == [.diskFull])
    for clock in ["\(Int.min)", "\(Int.max)", "-1", "9999999999999999999", "soon"] {
      fixture.host = ["clock": clock]
      #expect(try fixture.plan().failure?.reason == .probeGarbled)
    }
  }

  @Test("another architecture is refused, and nothing else is looked at")
  func architecture() throws {
    var fixture = ModelFixture("sysctl: {vm.swappiness: 10}, services: {cron: {state: stopped}}")
    fixture.host = ["architecture": "amd64", "hostname": "other\n", "free": "1 1"]
    let plan = try fixture.plan()
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.reason) == [.architectureMismatch])
    #expect(plan.findings.first?.message == "the node is amd64, the inventory says arm64")
    #expect(plan.findings.first?.next == "set spec.arch: amd64 if that is right")
    fixture.host = ["architecture": "armhf"]
    #expect(try fixture.plan().findings.first?.next == "fleetd knows arm64 and amd64; flash a 64-bit image")
  }

  @Test("too little space is refused with the numbers, and nothing is changed")
  func space() throws {
    var fixture = ModelFixture("host: {minimumFreeSpace: 100}, services: {cron: {state: stopped}}")
    fixture.host = ["free": "1000000 4096\n25599 4096"]
    let plan = try fixture.plan()
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.severity) == [.refused])
    #expect(plan.findings.first?.message == "99 MiB are free, 100 MiB are needed to change anything safely")
    fixture.host = ["free": "25600 4096"]
    #expect(try fixture.plan().findings.isEmpty)
  }

  @Test("a clock that is off holds, with its distance and direction", arguments: [(31, "ahead of"), (-31, "behind")])
  func skew(_ seconds: Int, _ direction: String) throws {
    var fixture = ModelFixture("")
    fixture.host = ["clock": "\(ModelFixture.clock + seconds)"]
    let plan = try fixture.plan()
    #expect(plan.findings.map(\.reason) == [.clockSkew] && plan.findings.map(\.severity) == [.held])
    #expect(
      plan.findings.first?.message == "the clock is 31 s \(direction) the control node's: packages and k3s wait"
    )
    #expect(plan.observed?.facts.isClockOff == true)
  }

  @Test("half a minute of skew is tolerated")
  func toleratedSkew() throws {
    var fixture = ModelFixture("")
    fixture.host = ["clock": "\(ModelFixture.clock - 30)"]
    #expect(try fixture.plan().isInSync)
  }

  @Test("a clock that nobody has synchronised is worth a note")
  func unsynchronised() throws {
    var fixture = ModelFixture("")
    fixture.host = ["synchronised": "no"]
    let plan = try fixture.plan()
    #expect(plan.findings.map(\.severity) == [.note] && plan.isInSync)
  }

  @Test(
    "a first boot that goes on holds every change",
    arguments: [
      ("cloud-init", "running"), ("cmdline", "root=x init=/usr/lib/raspberrypi-sys-mods/firstboot\n"),
      ("cmdline", "root=x systemd.run=/boot/firstrun.sh systemd.run_success_action=reboot\n"),
    ]
  )
  func firstBoot(_ key: String, _ value: String) throws {
    var fixture = ModelFixture("services: {cron: {state: stopped}}")
    fixture.host = [key: value]
    let plan = try fixture.plan()
    #expect(plan.findings.map(\.reason) == [.firstBoot])
    #expect(plan.changes.count == 1 && plan.changeSets.allSatisfy { $0.held?.reason == .firstBoot })
    #expect(plan.actionable.isEmpty)
  }

  @Test("the host name is the node's, or the one that is given")
  func hostname() throws {
    var fixture = ModelFixture("")
    fixture.host = ["hostname": "raspberrypi\n"]
    let plan = try fixture.plan(Host.self)
    #expect(plan.changes == [Change(.change, Host.kind, "hostname", from: .text("raspberrypi"), to: .text("pi1"))])
    #expect(plan.steps.map(\.action) == [.run(.setHostname, StepInput([["pi1"]]))])
    fixture.spec = "host: {hostname: raspberrypi}"
    #expect(try fixture.plan(Host.self).changes.isEmpty)
  }
}
