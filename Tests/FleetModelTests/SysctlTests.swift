import Testing

@testable import FleetModel

@Suite("sysctl")
struct SysctlTests {
  private static let file = "# Managed by fleetd: spec.sysctl of the node or its profiles.\n"

  /// Two settings, and what the node says of them.
  private func fixture(live: String, file: String?) -> ModelFixture {
    var fixture = ModelFixture("sysctl: {vm.swappiness: 10, net.ipv4.ip_forward: 1}")
    fixture.sections["sysctl"] = [("live", live)] + (file.map { [("file", Self.file + $0)] } ?? [])
    return fixture
  }

  private static let liveRight = "/proc/sys/net/ipv4/ip_forward\t1\n/proc/sys/vm/swappiness\t10\n"
  private static let fileRight = "net.ipv4.ip_forward = 1\nvm.swappiness = 10\n"

  @Test("values that are live and written need nothing")
  func inSync() throws {
    #expect(try fixture(live: Self.liveRight, file: Self.fileRight).plan(Sysctl.self).changeSets.isEmpty)
  }

  @Test("a value that is neither live nor written is both written and set")
  func change() throws {
    let live = Self.liveRight.replacing("\t10", with: "\t60")
    let plan = try fixture(live: live, file: nil).plan(Sysctl.self)
    #expect(
      plan.changes == [
        Change(
          .add,
          Sysctl.kind,
          "net.ipv4.ip_forward",
          to: .text("1"),
          note: "live already; written for the next boot"
        ),
        Change(.change, Sysctl.kind, "vm.swappiness", from: .text("60"), to: .text("10")),
      ]
    )
    #expect(plan.steps.map(\.title) == ["write /etc/sysctl.d/zz-fleetd.conf", "set kernel parameters"])
    #expect(plan.steps.last?.action == .run(.setSysctl, StepInput([["vm/swappiness", "10"]])))
    guard case .run(.writeFile, let input) = plan.steps.first?.action else { return }
    #expect(input.payload?.text == Self.file + Self.fileRight)
    #expect(input.lines.first?[4] == "absent")
  }

  @Test("a value that somebody set by hand is set back, and the file left alone")
  func liveOnly() throws {
    let plan = try fixture(live: Self.liveRight.replacing("\t1\n", with: "\t0\n"), file: Self.fileRight).plan(
      Sysctl.self)
    #expect(plan.changes.map(\.note) == ["live only: /etc/sysctl.d/zz-fleetd.conf is right"])
    #expect(plan.steps.map(\.action) == [.run(.setSysctl, StepInput([["net/ipv4/ip_forward", "1"]]))])
  }

  @Test("a key that nobody declares any more leaves the file, and is not touched live")
  func stale() throws {
    let plan = try fixture(live: Self.liveRight, file: Self.fileRight + "vm.dirty_ratio = 5\n").plan(Sysctl.self)
    #expect(plan.changes.map(\.action) == [.remove] && plan.changes.map(\.name) == ["vm.dirty_ratio"])
    #expect(plan.steps.map(\.title) == ["write /etc/sysctl.d/zz-fleetd.conf"])
  }

  @Test("a file that says the same in other words is rewritten, and told")
  func layout() throws {
    let plan = try fixture(live: Self.liveRight, file: "vm.swappiness=10\nnet.ipv4.ip_forward=1\n").plan(Sysctl.self)
    #expect(plan.changes.map(\.note) == ["rewritten; same values"])
  }

  @Test("a key that the kernel does not know is blocked, unless a kind before may bring it")
  func unknown() throws {
    var fixture = fixture(live: "/proc/sys/vm/swappiness\t10\n", file: Self.fileRight)
    let plan = try fixture.plan(Sysctl.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.sysctlUnknown])
    fixture.hasChangesBefore = true
    #expect(try fixture.plan(Sysctl.self).findings.isEmpty)
    #expect(try fixture.plan(Sysctl.self).changes.map(\.name) == ["net.ipv4.ip_forward"])
  }

  @Test("several numbers are equal however they are separated")
  func numbers() throws {
    var fixture = ModelFixture("sysctl: {net.ipv4.tcp_rmem: \"4096  131072 6291456\"}")
    fixture.sections["sysctl"] = [
      ("live", "/proc/sys/net/ipv4/tcp_rmem\t4096\t131072\t6291456\n"),
      ("file", Self.file + "net.ipv4.tcp_rmem = 4096 131072 6291456\n"),
    ]
    #expect(try fixture.plan(Sysctl.self).changeSets.isEmpty)
  }

  @Test(
    "keys become paths as sysctl(8) makes them",
    arguments: [
      ("vm.swappiness", "vm/swappiness"), ("net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
      ("net/ipv4/conf/eth0.100/rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
    ]
  )
  func paths(_ key: String, _ path: String) throws {
    let sysctl = try #require(try ModelFixture("sysctl: {\"\(key)\": 1}").node().resource(of: Sysctl.self))
    #expect(sysctl.settings.map(\.procPath) == [path])
  }

  @Test(
    "no key leads out of /proc/sys", arguments: ["../etc/passwd", "a/../../b", "/etc/passwd", "a..b", ".a", "a b", ""])
  func escapes(_ key: String) {
    let node = InventoryText.node(spec: "sysctl: {\"\(key)\": 1}")
    #expect(InventoryText.decode(InventoryText.fleet, node).fleet == nil)
  }

  @Test(
    "an answer without the live values is an error, and so is one that is none", arguments: [nil, "x", "/etc/a\t1"])
  func garbled(_ live: String?) throws {
    var fixture = fixture(live: "", file: nil)
    fixture.sections["sysctl"] = live.map { [("live", $0)] } ?? []
    #expect(throws: ProbeError.self) { try fixture.plan(Sysctl.self) }
  }
}
