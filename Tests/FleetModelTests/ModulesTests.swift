import Testing

@testable import FleetModel

@Suite("modules")
struct ModulesTests {
  private static let spec = "modules: [br-netfilter, overlay]"
  private static let wanted =
    "# Managed by fleetd: spec.modules of the node or its profiles.\nbr_netfilter\noverlay\n"

  /// What modprobe(8) says of br_netfilter, and what stands in the file; overlay is loaded.
  private func fixture(_ state: String, file: FileAnswer = .regular(Self.wanted)) -> ModelFixture {
    var fixture = ModelFixture(Self.spec)
    fixture.sections["module"] =
      file.records(of: Modules.path, 0) + [("module", "br_netfilter\t\(state)"), ("module", "overlay\tloaded")]
    return fixture
  }

  @Test("what is loaded or built in, and in the file, needs nothing", arguments: ["loaded", "builtin br_netfilter"])
  func inSync(_ state: String) throws {
    let plan = try fixture(state).plan(Modules.self)
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("a module that is nowhere is written and loaded, each half told")
  func both() throws {
    let plan = try fixture("insmod /lib/modules/6.1/kernel/net/bridge/br_netfilter.ko.xz", file: .absent)
      .plan(Modules.self)
    #expect(
      plan.changes == [
        Change(.add, Modules.kind, "br_netfilter"),
        Change(.add, Modules.kind, "overlay", note: "live already; written for the next boot"),
      ])
    #expect(plan.steps.map(\.title) == ["write \(Modules.path)", "load kernel modules"])
    #expect(plan.lines(of: .loadModules) == [["br_netfilter"]])
  }

  @Test("a module that somebody unloaded is loaded, and the file left alone")
  func liveOnly() throws {
    let plan = try fixture("insmod /x/br_netfilter.ko").plan(Modules.self)
    #expect(plan.changes.map(\.note) == ["live only: \(Modules.path) is right"])
    #expect(plan.steps.map(\.title) == ["load kernel modules"])
  }

  @Test("a module that nobody declares any more leaves the file; a dash is an underscore")
  func stale() throws {
    let plan = try fixture("loaded", file: .regular("br-netfilter\noverlay\n; x\ndummy\n")).plan(Modules.self)
    #expect(plan.changes.map(\.action) == [.remove] && plan.changes.map(\.name) == ["dummy"])
    let rewritten = try fixture("loaded", file: .regular("br-netfilter\noverlay\n")).plan(Modules.self)
    #expect(rewritten.changes.map(\.note) == ["rewritten; same modules"])
  }

  @Test("a module that the kernel does not have is blocked; on Ubuntu with the package that brings some")
  func unknown() throws {
    var fixture = fixture("")
    let plan = try fixture.plan(Modules.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.moduleUnknown])
    fixture.host["os-release"] = "PRETTY_NAME=\"Ubuntu 22.04.5 LTS\"\n"
    #expect(try fixture.plan(Modules.self).findings.first?.next?.contains("linux-modules-extra-raspi") == true)
  }

  @Test("a module that a package of the same pass may bring is tried after it")
  func brought() throws {
    var fixture = fixture("")
    fixture.installsPackages = true
    let plan = try fixture.plan(Modules.self)
    #expect(plan.findings.isEmpty && plan.lines(of: .loadModules) == [["br_netfilter"]])
  }

  @Test("after an upgrade of the kernel a module waits for the reboot, and is written for it")
  func gone() throws {
    var fixture = fixture("", file: .absent)
    fixture.sections["module"]?.append(("others", "6.12.34+rpt-rpi-v8 "))
    let plan = try fixture.plan(Modules.self)
    #expect(plan.findings.map(\.reason) == [.kernelModulesGone])
    #expect(plan.findings.first?.next?.contains("reboot") == true)
    #expect(plan.steps.map(\.title) == ["write \(Modules.path)"])
  }

  @Test("a module that modprobe.d replaces by a command is blocked with that command")
  func replaced() throws {
    let plan = try fixture("install /bin/true").plan(Modules.self)
    #expect(plan.findings.first?.message.contains("/bin/true") == true)
  }

  @Test("modules come before the parameters that they bring")
  func order() {
    let names = ResourceRegistry.kinds.map { $0.kind.name }
    #expect(names.firstIndex(of: "module") ?? .max < names.firstIndex(of: "sysctl") ?? 0)
  }

  @Test("an answer that says nothing of the file is an error, and so is a garbled module")
  func garbled() throws {
    var fixture = ModelFixture(Self.spec)
    fixture.sections["module"] = [("module", "overlay\tloaded")]
    #expect(throws: ProbeError.self) { try fixture.plan(Modules.self) }
    fixture.sections["module"] = [("module", "overlay")]
    #expect(throws: ProbeError.self) { try fixture.plan(Modules.self) }
  }
}
