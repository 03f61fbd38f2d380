import Testing

@testable import FleetModel

@Suite("swap")
struct SwapTests {
  private static let heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

  /// A node without swap, but for what a test adds.
  private func fixture(
    swaps: String = "", available: Int = 2_000_000, _ records: [ModelFixture.Record] = [],
    rpi: FileAnswer = .absent
  ) -> ModelFixture {
    var fixture = ModelFixture("swap: {state: off}")
    for unit in Swap.units { fixture.units[unit] = UnitAnswer.notFound }
    fixture.sections["swap"] =
      rpi.records(of: Swap.raspberryPi.path, 0) + FileAnswer.absent.records(of: Swap.zramGenerator.path, 1)
      + [("swaps", Self.heading + swaps), ("available", "\(available)")] + records
    return fixture
  }

  @Test("a node without swap needs nothing, also where its generators are configured already")
  func inSync() throws {
    #expect(try fixture().plan(Swap.self).changeSets.isEmpty)
    let wanted = Swap.raspberryPi.content.text ?? ""
    #expect(try fixture([("rpi", "yes")], rpi: .regular(wanted)).plan(Swap.self).changeSets.isEmpty)
  }

  @Test("Bookworm's swap file is turned off, and its unit disabled; the package stays")
  func dphys() throws {
    var fixture = fixture(swaps: "/var/swap                               file\t\t204796\t\t1024\t\t-2\n")
    fixture.units["dphys-swapfile.service"] = UnitAnswer.state(active: "active", sub: "exited", file: "enabled")
    let plan = try fixture.plan(Swap.self)
    #expect(
      plan.changes == [
        Change(.change, Swap.kind, "dphys-swapfile.service", from: .text("enabled"), to: .text("disabled")),
        Change(.remove, Swap.kind, "/var/swap", from: .text("199 MiB, 1 MiB in use")),
      ])
    #expect(plan.steps.map(\.title) == ["disable what turns swap on", "swapoff"])
    #expect(plan.steps.last?.action == .runAsUnit(.swapOff, StepInput([["/var/swap"]])))
    #expect(plan.steps.last?.deadline == .seconds(600))
  }

  @Test("Trixie's generator is told to make none, and what it made is turned off without a reboot")
  func raspberryPi() throws {
    let plan = try fixture(swaps: "/dev/zram0 partition 2097148 0 100\n", [("rpi", "yes")]).plan(Swap.self)
    #expect(plan.changes.map(\.name) == ["/etc/rpi/swap.conf.d/90-fleetd.conf", "/dev/zram0"])
    #expect(plan.requests.isEmpty)
  }

  @Test("systemd's zram-generator is given a configuration of nothing")
  func zram() throws {
    let plan = try fixture([("zram", "/usr/lib/systemd")]).plan(Swap.self)
    #expect(plan.changes.map(\.name) == ["/etc/systemd/zram-generator.conf"])
  }

  @Test("swap in fstab is commented out by its whole line, and by no other")
  func fstab() throws {
    let lines = [
      "/swapfile none swap sw 0 0", "PARTUUID=1-02 / ext4 defaults,noatime 0 1", "\t # x none swap sw 0 0",
      "/srv/swap /mnt/swap ext4 defaults 0 0",
    ]
    let plan = try fixture(lines.map { ("fstab", $0) }).plan(Swap.self)
    #expect(
      plan.changes == [
        Change(.remove, Swap.kind, "/etc/fstab", from: .text(lines[0]), note: "commented out")
      ])
  }

  @Test("swap that memory cannot take back is left on, with the numbers; the next boot has none all the same")
  func inUse() throws {
    var fixture = fixture(swaps: "/var/swap file 1000000 400000 -2\n", available: 420_000)
    fixture.units["dphys-swapfile.service"] = UnitAnswer.running
    let plan = try fixture.plan(Swap.self)
    #expect(plan.findings.map(\.reason) == [.swapInUse])
    #expect(
      plan.findings.first?.message.hasPrefix("390 MiB are swapped out and 410 MiB of memory are available") == true)
    #expect(plan.steps.map(\.title) == ["disable what turns swap on"])
  }

  @Test("swap that several areas hold must fit together")
  func several() throws {
    let plan = try fixture(swaps: "/a file 9 300000 -2\n/b file 9 300000 -3\n", available: 500_000).plan(Swap.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.swapInUse])
  }

  @Test(
    "an answer without /proc/swaps, or with a line that is none, is an error",
    arguments: ["", "x y\n", "/a f 1 -2 3\n"])
  func garbled(_ line: String) throws {
    var fixture = fixture(swaps: line)
    if line.isEmpty { fixture.sections["swap"]?.removeAll { $0.key == "swaps" } }
    #expect(throws: ProbeError.self) { try fixture.plan(Swap.self) }
  }

  @Test("nothing but off can be said")
  func words() {
    let node = InventoryText.node(spec: "swap: {state: on}")
    #expect(
      InventoryText.decode(InventoryText.fleet, node).messages.contains { $0.contains("expected \"off\", found") })
  }
}
