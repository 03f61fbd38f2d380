import Testing

@testable import FleetModel

@Suite("cgroups")
struct CgroupsTests {
  private static let enable = "cgroup_enable=memory"
  private static let disable = "cgroup_disable=memory"

  /// A Pi whose memory controller is off, unless a test says otherwise.
  private func fixture(
    running: String = "\(disable) root=x",
    file: String? = nil,
    cmdline: String? = "present: [\(enable)]",
    controllers: String = "cpuset cpu io pids",
    type: String = "cgroup2fs",
    lastReboot: String? = nil
  ) -> ModelFixture {
    var fixture = ModelFixture(
      "boot: {cgroups: [cpu, cpuset, memory, pids]\(cmdline.map { ", cmdline: {\($0)}" } ?? "")}"
    )
    fixture.sections["cgroups"] = [("type", type + "\n"), ("controllers", controllers + "\n")]
    fixture.sections["boot"] = file.map { [("file/1", $0 + "\n")] } ?? []
    fixture.host = ["cmdline": running + "\n"]
    fixture.host["last-reboot"] = lastReboot
    return fixture
  }

  private func blocked(_ fixture: ModelFixture) throws -> Finding? {
    let plan = try fixture.plan(Cgroups.self)
    #expect(plan.requests.isEmpty && plan.changeSets.isEmpty)
    #expect(plan.findings.count == 1 && plan.findings.first?.severity == .blocked)
    return plan.findings.first
  }

  @Test("live controllers need nothing, whatever any file says")
  func live() throws {
    let plan = try fixture(controllers: "cpuset cpu io memory hugetlb pids").plan(Cgroups.self)
    #expect(plan.findings.isEmpty && plan.requests.isEmpty && plan.changeSets.isEmpty)
  }

  @Test("nothing declared is nothing verified")
  func undeclared() throws {
    #expect(try ModelFixture("boot: {cmdline: {present: [a=1]}}").node().resource(of: Cgroups.self) == nil)
  }

  /// The same after `boot`, which edits the file in this pass and asks for a reboot.
  private func edited(_ fixture: ModelFixture) -> ModelFixture {
    var fixture = fixture
    fixture.requests = [.reboot(because: "cmdline.txt changes")]
    return fixture
  }

  @Test("a file that boot does not edit in this pass is no reason to reboot")
  func editNotPlanned() throws {
    let plan = try fixture(file: "root=x").plan(Cgroups.self)
    #expect(plan.requests.isEmpty && plan.findings.isEmpty)
  }

  @Test("a file that will ask for memory after this pass's edit needs the one reboot")
  func editPlanned() throws {
    let plan = try edited(fixture(file: "root=x")).plan(Cgroups.self)
    #expect(
      plan.requests == [
        .reboot(because: "the memory controller is not live: the firmware passes cgroup_disable=memory")
      ]
    )
    #expect(plan.findings.isEmpty)
  }

  @Test("a file that asks for memory already needs a reboot")
  func rebootPending() throws {
    #expect(try fixture(file: "root=x \(Self.enable)").plan(Cgroups.self).requests.count == 1)
    let plan = try fixture(running: "root=x", file: "root=x \(Self.enable)").plan(Cgroups.self)
    #expect(
      plan.requests
        == [.reboot(because: "the memory controller is not live: the kernel was started without cgroup_enable=memory")]
    )
  }

  @Test("a reboot that did not help is not repeated")
  func rebootDidNotHelp() throws {
    let reason = "the memory controller is not live: the firmware passes cgroup_disable=memory"
    let tried = fixture(file: "root=x \(Self.enable)", lastReboot: "b1\n\(reason)\n")
    #expect(try blocked(tried)?.reason == .rebootDidNotHelp)
    let before = edited(fixture(file: "root=x", lastReboot: "b1\n\(reason)\n"))
    #expect(try before.plan(Cgroups.self).requests.count == 1)
    let notYet = fixture(file: "root=x \(Self.enable)", lastReboot: "b2\n\(reason)\n")
    #expect(try notYet.plan(Cgroups.self).requests.count == 1)
  }

  @Test("a kernel that was asked and ignores it is not rebooted")
  func kernelIgnores() throws {
    let finding = try blocked(fixture(running: "\(Self.disable) root=x \(Self.enable)", file: "root=x \(Self.enable)"))
    #expect(finding?.reason == .cgroupsKernelIgnores)
    #expect(finding?.message.contains("although the kernel was started with cgroup_enable=memory") == true)
  }

  @Test("of several words on memory the last one counts")
  func lastWins() throws {
    let running = "\(Self.disable) root=x \(Self.enable) \(Self.disable)"
    let finding = try blocked(fixture(running: running, file: "root=x \(Self.enable) \(Self.disable)"))
    #expect(finding?.reason == .cgroupsFileWrong)
    #expect(finding?.next == "a later cgroup_disable=memory defeats it: add it to boot.cmdline.absent")
    let removed = "present: [\(Self.enable)], absent: [\(Self.disable)]"
    let mended = fixture(running: running, file: "root=x \(Self.enable) \(Self.disable)", cmdline: removed)
    let plan = try edited(mended).plan(Cgroups.self)
    #expect(plan.requests.count == 1 && plan.findings.isEmpty)
  }

  @Test("a file that nobody asks to be right says what to declare")
  func fileWrong() throws {
    #expect(try blocked(fixture(file: "root=x", cmdline: nil))?.reason == .cgroupsFileWrong)
    let other = try blocked(fixture(file: "root=x", cmdline: "present: [quiet]"))
    #expect(other?.reason == .cgroupsFileWrong)
    #expect(other?.next == "add cgroup_enable=memory to boot.cmdline.present")
  }

  @Test("without a file that can be edited there is nothing to reboot for")
  func noFile() throws {
    #expect(try blocked(fixture())?.reason == .cgroupsFileWrong)
  }

  @Test("a controller that the kernel lacks is no reason to reboot")
  func notInKernel() throws {
    let finding = try blocked(fixture(controllers: "cpu io memory"))
    #expect(finding?.reason == .cgroupsKernelIgnores)
    #expect(finding?.message.contains("the kernel offers no cpuset, pids controller") == true)
  }

  @Test("memory is mended even if the kernel lacks another controller")
  func both() throws {
    let plan = try edited(fixture(file: "root=x", controllers: "cpu cpuset")).plan(Cgroups.self)
    #expect(plan.requests.count == 1 && plan.findings.map(\.reason) == [.cgroupsKernelIgnores])
  }

  @Test("the old hierarchy is told with its cause, and rebooted away once it is removed from the file")
  func legacyHierarchy() throws {
    let token = "systemd.unified_cgroup_hierarchy=0"
    #expect(try blocked(fixture(type: "tmpfs"))?.reason == .cgroupsLegacyHierarchy)
    let passed = try blocked(fixture(running: "root=x \(token)", type: "tmpfs"))
    #expect(passed?.message.hasSuffix("the kernel was started with \(token)") == true)
    let removed = fixture(running: "root=x \(token)", cmdline: "absent: [\(token)]", type: "tmpfs")
    let reason = "cgroup v2 is not mounted: \(token) was passed"
    #expect(try removed.plan(Cgroups.self).requests == [.reboot(because: reason)])
    var tried = removed
    tried.host["last-reboot"] = "b1\n\(reason)\n"
    #expect(try blocked(tried)?.reason == .rebootDidNotHelp)
  }

  @Test("an answer without the file system's type is an error")
  func garbled() throws {
    var fixture = fixture()
    fixture.sections["cgroups"] = []
    #expect(throws: ProbeError.self) { try fixture.plan(Cgroups.self) }
  }
}
