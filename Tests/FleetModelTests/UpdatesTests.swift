import Testing

@testable import FleetModel

@Suite("updates of the operating system")
struct UpdatesTests {
  private static let timers = "apt-daily-upgrade.timer, apt-daily.timer"

  /// unattended-upgrades is there, and so is the file unless `file` says otherwise.
  private func fixture(_ spec: String, file: FileAnswer? = nil, kernels: String = "") throws -> ModelFixture {
    var fixture = ModelFixture(spec)
    fixture.sections["package"] = [
      ("architecture", "arm64"), ("dpkg", "unattended-upgrades\tall\t2.9\tinstall\tinstalled\tok"), ("lists", "none"),
    ]
    let node = try fixture.node()
    let updates = try #require(node.resource(of: Updates.self))
    var records: [ModelFixture.Record] = [("kernels", kernels)]
    if let wanted = updates.file(for: node) {
      records += (file ?? .regular(wanted.content.text ?? "", mode: "0644")).records(of: Updates.path, 0)
    }
    fixture.sections["updates"] = records
    return fixture
  }

  @Test("without a declaration nothing is wanted, written or installed")
  func undeclared() throws {
    let node = try ModelFixture("").node()
    #expect(node.resource(of: Packages.self) == nil && node.resource(of: Updates.self)?.claims.isEmpty == true)
    #expect(try fixture("").plan().isInSync)
  }

  @Test("a node as it is declared is in sync", arguments: ["auto", "hold"])
  func inSync(_ security: String) throws {
    #expect(try fixture("updates: {security: \(security)}").plan().isInSync)
  }

  @Test("auto installs security updates only, never reboots by itself, and spares what is kept at a version")
  func auto() throws {
    let spec = """
      updates: {security: auto}, packages: {jq: present, "g++": {version: "4*"}, nfs-common: {hold: true}}
      """
    let node = try ModelFixture(spec).node()
    let text = try #require(node.resource(of: Updates.self)?.file(for: node)?.content.text)
    #expect(text.contains(#"Unattended-Upgrade::Automatic-Reboot "false";"#))
    #expect(text.contains(#"APT::Periodic::Unattended-Upgrade "1";"#))
    #expect(text.contains("#clear Unattended-Upgrade::Origins-Pattern;"))
    #expect(text.contains("\"^g[+][+]$\";\n  \"^nfs-common$\";") && !text.contains("jq"))
    let origins = text.split(separator: "\n").filter { $0.contains("origin=") }
    #expect(origins.count == 3 && origins.allSatisfy { $0.contains("ecurity") })
  }

  @Test("auto brings the package that does it, beside those that are declared")
  func package() throws {
    let node = try ModelFixture("updates: {security: auto}, packages: {jq: present}").node()
    #expect(node.resource(of: Packages.self)?.packages.map(\.name) == ["jq", "unattended-upgrades"])
    let kinds = node.resources.map { type(of: $0).kind.name }
    #expect(kinds.firstIndex(of: "package") == kinds.firstIndex(of: "updates").map { $0 - 1 })
    let alone = try ModelFixture("updates: {security: auto}").node()
    #expect(alone.resource(of: Packages.self)?.packages.map(\.name) == ["unattended-upgrades"])
  }

  @Test("to want automatic updates without what makes them is a diagnostic")
  func contradiction() {
    let messages = InventoryText.decode(
      InventoryText.fleet,
      InventoryText.node(spec: "updates: {security: auto}, packages: {unattended-upgrades: absent}")
    ).messages
    #expect(messages.count == 1)
    #expect(messages.first?.contains("updates needs the package unattended-upgrades") == true)
  }

  @Test("a missing file is written, and only that")
  func write() throws {
    let plan = try fixture("updates: {security: hold}", file: .absent).plan()
    #expect(plan.changes.map(\.name) == [Updates.path] && plan.changes.map(\.kind) == [Updates.kind])
    #expect(plan.disturbing.isEmpty)
  }

  @Test("a file that the node says nothing of is not taken for missing")
  func unanswered() throws {
    var fixture = try fixture("updates: {security: hold}")
    fixture.sections["updates"] = []
    let plan = try fixture.plan()
    #expect(plan.changes.isEmpty && plan.findings.map(\.reason) == [.probeGarbled])
  }

  @Test("the timers are enabled and started; a masked one is blocked, as nothing would ever run")
  func timers() throws {
    var fixture = try fixture("updates: {security: auto}")
    let off = UnitAnswer.state(active: "inactive", sub: "dead", file: "disabled")
    fixture.units = ["apt-daily.timer": off]
    let plan = try fixture.plan()
    #expect(plan.changes.map(\.name) == ["apt-daily.timer", "apt-daily.timer"] && plan.findings.isEmpty)

    fixture.units = [
      "apt-daily.timer": UnitAnswer.state(load: "masked", active: "inactive", sub: "dead", file: "masked")
    ]
    let masked = try fixture.plan()
    #expect(masked.changes.isEmpty && masked.findings.map(\.reason) == [.unitNotFound])
  }

  // MARK: - Reboots

  private static let newer = "6.12.25+rpt-rpi-v8\n6.12.47+rpt-rpi-v8\n6.12.60+rpt-rpi-2712\n"
  private static let reason = "the kernel 6.12.47+rpt-rpi-v8 is installed, 6.12.25+rpt-rpi-v8 is running"

  @Test(
    "a newer kernel is a note, and no surprise: by default nothing reboots", arguments: ["", "updates: {reboot: hold}"])
  func noted(_ spec: String) throws {
    let plan = try fixture(spec, kernels: Self.newer).plan()
    #expect(plan.isInSync && plan.hasNews)
    #expect(plan.findings.map(\.reason) == [.rebootRequired] && plan.findings.first?.message == Self.reason)
  }

  @Test("planned, it goes through the node's one reboot, in its turn")
  func planned() throws {
    let plan = try fixture("updates: {reboot: planned}", kernels: Self.newer).plan()
    #expect(plan.findings.isEmpty && plan.changes.map(\.kind) == [Reboot.kind])
    #expect(plan.changes.first?.note == Self.reason && plan.disturbing.map(\.disturbance) == [.reboots])
  }

  @Test("a reboot that did not help is not made again")
  func didNotHelp() throws {
    var fixture = try fixture("updates: {reboot: planned}", kernels: Self.newer)
    fixture.host = ["last-reboot": "b1 b2\n\(Self.reason)\n"]
    let plan = try fixture.plan()
    #expect(plan.changes.isEmpty && plan.findings.map(\.reason) == [.rebootDidNotHelp])
    #expect(plan.findings.first?.severity == .blocked)
  }

  @Test("what the distribution's own scripts ask for counts, with the packages that asked")
  func asked() throws {
    var fixture = try fixture("")
    fixture.sections["updates"]?.append(("reboot-required", "libc6\ndbus\nlibc6\n"))
    #expect(try fixture.plan().findings.map(\.message) == ["updates ask for a reboot: dbus, libc6"])
    fixture.sections["updates"] = [("reboot-required", "")]
    #expect(try fixture.plan().findings.map(\.message) == ["updates ask for a reboot"])
  }

  @Test(
    "only a newer kernel of the running one's flavour counts",
    arguments: [
      ("6.12.25+rpt-rpi-v8", ["6.12.25+rpt-rpi-v8"], nil),
      ("6.12.25+rpt-rpi-v8", ["6.6.51+rpt-rpi-v8", "6.12.47+rpt-rpi-2712"], nil),
      ("6.12.9+rpt-rpi-v8", ["6.12.25+rpt-rpi-v8", "6.12.10+rpt-rpi-v8"], "6.12.25+rpt-rpi-v8"),
      ("6.1.0-rpi7-rpi-v8", ["6.1.0-rpi8-rpi-v8", "6.6.20+rpt-rpi-v8"], "6.6.20+rpt-rpi-v8"),
      ("6.6.51+rpt-rpi-2712", ["6.12.25+rpt-rpi-2712"], "6.12.25+rpt-rpi-2712"),
      ("6.1.21-v8+", ["6.1.21-v8+", "6.1.29-v8+", "6.1.30-v7l+"], "6.1.29-v8+"),
      ("6.1.0-18-arm64", ["6.1.0-9-arm64", "6.1.0-21-arm64", "6.1.0-30-cloud-arm64"], "6.1.0-21-arm64"),
      ("5.15.0-1049-raspi", ["5.15.0-1050-raspi"], "5.15.0-1050-raspi"),
      ("7.0", ["8.0"], nil), ("", ["6.1.0-18-arm64"], nil), ("6.1.0-18-arm64", ["../../x-arm64", "", "-arm64"], nil),
    ] as [(String, [String], String?)])
  func kernels(_ running: String, _ installed: [String], _ newer: String?) {
    #expect(InstalledKernels(running: running, installed: installed).newer == newer)
  }
}
