import Testing

@testable import FleetModel

@Suite("mounts")
struct MountsTests {
  private static let disk = "device: UUID=1-2, type: ext4, options: [noatime, nofail]"
  private static let line = "UUID=1-2 /mnt/ssd ext4 noatime,nofail 0 0\n"
  private static let row = "40 1 8:1 / /mnt/ssd rw,noatime shared:1 - ext4 /dev/sda1 rw"

  private func plan(
    _ entry: String, fstab: String = "", row: String = "", device: Bool = true, same: Bool = true,
    type: String = "directory", path: String = "/mnt/ssd", more: [ModelFixture.Record] = []
  ) throws -> KindPlan {
    var fixture = ModelFixture("mounts: [{path: \(path), \(entry)}]")
    fixture.sections["mount"] =
      [("fstab", fstab), ("mountinfo", row), ("path", "\(type)\t\(path)")]
      + (device ? [("device", "yes\t\(path)")] : []) + (same && !row.isEmpty ? [("same", "yes\t\(path)")] : []) + more
    return try fixture.plan(Mounts.self)
  }

  private func orders(_ plan: KindPlan) -> [[String]] {
    plan.steps.flatMap { step -> [[String]] in
      guard case .runAsUnit(.mounts, let input) = step.action else { return [] }
      return input.lines
    }
  }

  @Test("what is in fstab and mounted needs nothing; neither does what is absent from both")
  func inSync() throws {
    #expect(try plan(Self.disk, fstab: Self.line, row: Self.row).changeSets.isEmpty)
    #expect(try plan("state: absent", fstab: "# nothing\n").changeSets.isEmpty)
    #expect(try plan(Self.disk + ", state: present", fstab: Self.line).changeSets.isEmpty)
  }

  @Test("each half is told; it is mounted before fstab promises it to the next boot")
  func both() throws {
    let plan = try plan(Self.disk, fstab: "# mine")
    #expect(plan.changes.map(\.name) == ["/mnt/ssd fstab", "/mnt/ssd"])
    #expect(plan.changes.first?.after == .text("UUID=1-2 ext4 noatime,nofail 0 0"))
    #expect(plan.steps.map(\.title) == ["mount /mnt/ssd", "write /etc/fstab", "reload systemd for /etc/fstab"])
    #expect(orders(plan).first == ["mount", "/mnt/ssd", "UUID=1-2", "ext4", "noatime"])
    guard case .run(.writeFile, let input) = plan.steps[1].action else { return }
    #expect(input.payload?.text == "# mine\n" + Self.line)
  }

  @Test("what would hide the keys that fleetd logs in with is refused; what is there already is kept")
  func home() throws {
    for path in ["/home", "/home/fleet", "/home/fleet/.ssh"] {
      let plan = try plan("device: tmpfs, type: tmpfs", path: path)
      #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.accountInUse], "\(path)")
    }
    let line = Self.line.replacing("/mnt/ssd", with: "/home")
    let row = Self.row.replacing("/mnt/ssd", with: "/home")
    let there = try plan(Self.disk, fstab: line, row: row, path: "/home")
    #expect(there.changeSets.isEmpty && there.findings.isEmpty)
    #expect(try plan("state: absent", fstab: line, row: row, path: "/home").findings.map(\.reason) == [.accountInUse])
    #expect(try plan("device: tmpfs, type: tmpfs", path: "/home/alice").findings.isEmpty)
  }

  @Test("either half is repaired alone")
  func halves() throws {
    let live = try plan(Self.disk, fstab: Self.line)
    #expect(live.changes.map(\.name) == ["/mnt/ssd"] && live.steps.map(\.title) == ["mount /mnt/ssd"])
    let fstab = try plan(Self.disk, row: Self.row)
    #expect(fstab.changes.map(\.name) == ["/mnt/ssd fstab"] && !fstab.steps.map(\.title).contains("mount /mnt/ssd"))
  }

  @Test("what shall go leaves fstab first, then it is unmounted")
  func absent() throws {
    let plan = try plan("state: absent", fstab: Self.line, row: Self.row)
    #expect(plan.steps.map(\.title) == ["write /etc/fstab", "unmount /mnt/ssd"])
    #expect(orders(plan) == [["reload", "/etc/fstab"], ["unmount", "/mnt/ssd"]])
  }

  @Test("another device in its place is exchanged; options that do not hold are set")
  func drift() throws {
    let other = try plan(Self.disk, fstab: Self.line, row: Self.row.replacing("sda1", with: "sdb1"), same: false)
    #expect(orders(other).map(\.first) == ["replace"])
    let options = try plan(Self.disk, fstab: Self.line, row: Self.row.replacing("rw,noatime", with: "ro,noexec"))
    #expect(options.changes.map(\.note) == ["remount: noatime, exec, rw"])
    #expect(orders(options).map(\.first) == ["remount"])
  }

  @Test("tmpfs' size is compared as a number")
  func tmpfs() throws {
    let wish = "device: tmpfs, type: tmpfs, options: [size=64M]"
    let line = "tmpfs /mnt/ssd tmpfs size=64M 0 0\n"
    let row = "40 1 0:50 / /mnt/ssd rw shared:1 - tmpfs tmpfs rw,size=65536k"
    #expect(try plan(wish, fstab: line, row: row, device: false, same: false).changeSets.isEmpty)
    let grown = try plan(wish, fstab: line, row: row.replacing("65536k", with: "8192k"), device: false, same: false)
    #expect(grown.changes.map(\.note) == ["remount: size=64M instead of size=8192k"])
  }

  @Test("a device that is not there is not promised to a boot that would wait for it")
  func missingDevice() throws {
    let strict = try plan("device: UUID=1-2, type: ext4", device: false)
    #expect(strict.changeSets.isEmpty && strict.findings.first?.reason == .deviceNotFound)
    let lenient = try plan(Self.disk, device: false)
    #expect(lenient.changes.map(\.name) == ["/mnt/ssd fstab"] && lenient.findings.map(\.severity) == [.blocked])
  }

  @Test("without nofail the plan says what a boot does when it is away")
  func withoutNofail() throws {
    let plan = try plan("device: \"nas.lan:/x\", type: nfs", device: false)
    #expect(plan.findings.map(\.severity) == [.note] && plan.findings[0].message.contains("emergency mode"))
    #expect(try self.plan(Self.disk, fstab: Self.line, row: Self.row).findings.isEmpty)
  }

  @Test("a path that is a link, leads through one, or is a file is refused")
  func occupied() throws {
    for type in ["link", "file", "special"] {
      #expect(try plan(Self.disk, type: type).findings.map(\.reason) == [.pathOccupied])
    }
    let through = try plan(Self.disk, more: [("elsewhere", "/run/ssd\t/mnt/ssd")])
    #expect(through.changeSets.isEmpty && through.findings.map(\.next) == ["declare /run/ssd instead"])
  }

  @Test("other people's lines keep their bytes, or fstab is not touched")
  func notText() throws {
    var fixture = ModelFixture("mounts: [{path: /m, device: tmpfs, type: tmpfs}]")
    fixture.sections["mount"] = [("fstab", "x"), ("mountinfo", ""), ("path", "absent\t/m")]
    let tables = Mounts.Tables(
      fstab: [0xFF, 0x0A], live: [:], types: ["/m": "absent"], elsewhere: [:], devices: [], same: [])
    let node = try fixture.node()
    let context = PlanContext(
      node: node, facts: try fixture.facts(), vault: SecretVault(), artifact: .notNeeded, serverVersion: nil,
      transcript: try fixture.transcript())
    let plan = try #require(node.resource(of: Mounts.self)).plan(from: tables, in: context)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.fileNotRegular])
  }

  @Test("a password that somebody wrote into fstab is not shown")
  func password() throws {
    let line = "//nas/x /mnt/ssd cifs user=a,password=geheim 0 0\n"
    let plan = try plan(Self.disk, fstab: line, row: Self.row)
    #expect(plan.changes.count == 1 && !"\(plan.changes)".contains("geheim"))
  }

  @Test("what is written below a mount point of this pass comes behind the mount")
  func order() throws {
    var fixture = ModelFixture(
      "directories: [{path: /mnt/ssd/k3s}, {path: /srv/x}], mounts: [{path: /mnt/ssd, device: tmpfs, type: tmpfs}]")
    fixture.sections["directory"] = [("path", "absent\t/mnt/ssd/k3s"), ("path", "absent\t/srv/x")]
    fixture.sections["mount"] = [("fstab", ""), ("mountinfo", ""), ("path", "absent\t/mnt/ssd")]
    #expect(try fixture.plan().changes.map(\.name) == ["/srv/x", "/mnt/ssd fstab", "/mnt/ssd", "/mnt/ssd/k3s"])
  }

  @Test(
    "what is not fleetd's to mount, or no mount at all, is a diagnostic",
    arguments: [
      ("path: /boot/firmware, device: x, type: vfat", "not fleetd's to change"),
      ("path: /proc/x, device: x, type: tmpfs", "not fleetd's to change"),
      ("path: /bin, device: x, type: tmpfs", "not fleetd's to change"),
      ("path: /lib/x, device: x, type: tmpfs", "not fleetd's to change"),
      ("path: /var/run/x, device: x, type: tmpfs", "not fleetd's to change"),
      ("path: /var/lib, device: x, type: tmpfs", "not fleetd's to change"),
      ("path: /, device: x, type: ext4", "is the root directory"), ("path: /m, device: x", "\"type\" is missing"),
      ("path: /m, device: x, type: swap", "swap is no file system"),
      ("path: /m, device: x, type: cifs, options: [password=x]", "holds a secret"),
      ("path: /m, device: x, type: ext4, options: [\"a,b\"]", "holds a comma"),
    ])
  func diagnostics(_ entry: String, _ words: String) {
    let node = InventoryText.node(spec: "mounts: [{\(entry)}]")
    let messages = InventoryText.decode(InventoryText.fleet, node).messages
    #expect(messages.count == 1 && messages[0].contains(words), "\(messages)")
  }

  @Test("a garbled table is an error", arguments: ["x", "1 2 3 4 5 6 7 8 9 10"])
  func garbled(_ row: String) throws {
    #expect(throws: ProbeError.self) { try plan(Self.disk, row: row) }
  }
}
