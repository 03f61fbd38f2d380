import Testing

@testable import FleetModel

@Suite("boot.config")
struct BootConfigTests {
  private static let path = "/boot/firmware/config.txt"
  private static let image = "# comment\ndtparam=audio=on\n[cm4]\notg_mode=1\n\n[all]\n"

  private func edited(_ text: String, present: [String] = [], absent: [String] = []) -> String {
    ConfigText(path: Self.path, text: text).edited(present: present, absent: absent).text
  }

  private func fixture(_ text: String?, _ config: String = "dtparam: [i2c_arm=on]") -> ModelFixture {
    var fixture = ModelFixture("boot: {config: {\(config)}}")
    fixture.sections["bootconfig"] =
      (text.map { [("file/0", $0), ("changed/0", "100")] } ?? []) + [("booted", "200")]
    return fixture
  }

  // MARK: - The file

  @Test("lines are added at the end, and every other byte is kept")
  func append() {
    #expect(edited(Self.image, present: ["dtparam=i2c_arm=on"]) == Self.image + "dtparam=i2c_arm=on\n")
    #expect(edited("a=1", present: ["b=2"]) == "a=1\nb=2\n")
    #expect(edited("", present: ["b=2"]) == "b=2\n")
  }

  @Test("a file that ends in a section for some boards gets one for all", arguments: ["[pi4]", " [CM5] ", "[none]"])
  func section(_ section: String) {
    #expect(edited("a=1\n\(section)\nb=2\n", present: ["c=3"]) == "a=1\n\(section)\nb=2\n[all]\nc=3\n")
  }

  @Test("the line ends of DOS stay, on old lines and new ones")
  func carriageReturns() {
    #expect(edited("a=1\r\n[pi4]\r\n", present: ["b=2"]) == "a=1\r\n[pi4]\r\n[all]\r\nb=2\r\n")
    #expect(ConfigText(path: Self.path, text: "b=2\r\n").holds("b=2"))
  }

  @Test("a line within a section for some boards, or behind a #, does not hold for all")
  func conditional() {
    let text = "[pi4]\nb=2\n[all]\n#b=2\n"
    #expect(edited(text, present: ["b=2"]) == text + "b=2\n")
    #expect(ConfigText(path: Self.path, text: "[pi4]\n[all]\nb=2\n").holds("b=2"))
  }

  @Test("a line that a later one defeats is said again; an overlay is not defeated by another")
  func defeated() {
    let text = "dtparam=i2c_arm=on\ndtparam=i2c_arm=off\ngpu_mem=16\n"
    #expect(edited(text, present: ["dtparam=i2c_arm=on", "gpu_mem=16"]) == text + "dtparam=i2c_arm=on\n")
    let overlays = "dtoverlay=disable-wifi\ndtoverlay=disable-bt\n"
    #expect(edited(overlays, present: ["dtoverlay=disable-wifi"]) == overlays)
  }

  @Test("absent lines go where they hold for all boards, and stay where they hold for some")
  func absent() {
    #expect(
      edited("dtparam=audio=on\n[pi4]\ndtparam=audio=on\n", absent: ["dtparam=audio=on"])
        == "[pi4]\ndtparam=audio=on\n")
  }

  @Test("an edit is done once", arguments: [image, "", "a=1\r\n[pi4]\r\n", "x", "dtparam=i2c_arm=off\n"])
  func idempotent(_ text: String) {
    let present = ["dtparam=i2c_arm=on", "dtoverlay=disable-wifi"]
    let once = edited(text, present: present, absent: ["dtparam=audio=on"])
    #expect(edited(once, present: present, absent: ["dtparam=audio=on"]) == once)
  }

  // MARK: - The plan

  @Test("a file that says it all needs nothing")
  func inSync() throws {
    let plan = try fixture("dtparam=i2c_arm=on\n").plan(BootConfig.self)
    #expect(plan.changeSets.isEmpty && plan.requests.isEmpty && plan.findings.isEmpty)
  }

  @Test("an edit is one change, and asks for the node's one reboot with the reason")
  func edit() throws {
    let plan = try fixture(
      Self.image, "dtoverlay: [disable-wifi], dtparam: [i2c_arm=on], present: [gpu_mem=16], absent: [dtparam=audio=on]"
    ).plan(BootConfig.self)
    #expect(plan.changes.map(\.name) == ["config.txt"])
    let edits = ["- dtparam=audio=on", "+ gpu_mem=16", "+ dtparam=i2c_arm=on", "+ dtoverlay=disable-wifi"]
    #expect(plan.changes.map(\.after) == [.text(edits.joined(separator: "  "))])
    #expect(plan.requests == [.reboot(because: "config.txt changes: " + edits.joined(separator: ", "))])
  }

  @Test("an edit that is gone after its own reboot is not made again")
  func undone() throws {
    var fixture = fixture(Self.image)
    fixture.host["last-reboot"] = "b1 b2\nconfig.txt changes: + dtparam=i2c_arm=on\n"
    let plan = try fixture.plan(BootConfig.self)
    #expect(plan.changeSets.isEmpty && plan.requests.isEmpty)
    #expect(plan.findings.map(\.reason) == [.rebootDidNotHelp])
    fixture.host["last-reboot"] = "b0 b1\nconfig.txt changes: + dtparam=i2c_arm=on\n"
    #expect(try fixture.plan(BootConfig.self).changeSets.count == 1)
  }

  @Test("a file that somebody changed after the boot is told, and nothing is rebooted for it")
  func newer() throws {
    var fixture = fixture("dtparam=i2c_arm=on\n")
    fixture.sections["bootconfig"]?.append(("booted", "50"))
    fixture.sections["bootconfig"]?.removeAll { $0 == ("booted", "200") }
    let plan = try fixture.plan(BootConfig.self)
    #expect(plan.requests.isEmpty && plan.findings.map(\.severity) == [.note])
  }

  @Test("a decoy, a file that is not mounted, one that is no text, and none at all are refused")
  func unsafe() throws {
    #expect(try fixture(nil).plan(BootConfig.self).findings.map(\.reason) == [.configTextUnsafe])
    #expect(try fixture("DO NOT EDIT THIS FILE\n").plan(BootConfig.self).findings.map(\.reason) == [.configTextUnsafe])
    var unmounted = fixture("a=1\n")
    unmounted.sections["bootconfig"]?.append(("unmounted", "/boot/firmware"))
    #expect(try unmounted.plan(BootConfig.self).findings.first?.next == "mount /boot/firmware")
  }

  @Test("behind a decoy the real file is found")
  func decoy() {
    var section = ProbeSection(kind: "bootconfig")
    section.append("file/0", Array("DO NOT EDIT THIS FILE\n".utf8))
    section.append("file/1", Array("a=1\n".utf8))
    #expect((try? BootConfigObservation(section).file.get())?.path == "/boot/config.txt")
  }

  @Test(
    "what fleetd could not keep true is an error",
    arguments: [
      "present: [\"[pi4]\"]", "present: [include extra.txt]", "present: [\"# x=1\"]", "present: [enable]",
      "dtparam: [dtparam=audio=on]", "dtparam: [audio=on, audio=off]", "present: [a=1], absent: [a=1]",
      "present: [\"a=1 \"]",
    ])
  func errors(_ config: String) {
    let node = InventoryText.node(spec: "boot: {config: {\(config)}}")
    #expect(InventoryText.decode(InventoryText.fleet, node).fleet == nil)
  }

  @Test(
    "a line that redirects cmdline.txt is an error beside boot.cmdline", arguments: ["cmdline=x.txt", "os_prefix=a/"])
  func redirect(_ line: String) {
    let spec = "boot: {config: {present: [\(line)]}, cmdline: {present: [a=1]}}"
    let messages = InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: spec)).messages
    #expect(messages.contains { $0.contains("another command line than boot.cmdline keeps") })
  }
}
