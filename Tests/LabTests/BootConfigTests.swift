import Testing

@Suite("boot.config", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct BootConfigTests {
  private static let file = "/boot/firmware/config.txt"
  private static let spec =
    "boot: {config: {dtparam: [i2c_arm=on], dtoverlay: [disable-wifi], absent: [dtparam=audio=on]}}"

  @Test("change: config.txt is edited with one reboot, and every foreign byte kept; idempotence and no-op: once")
  func edit() async throws {
    try await NodePool.lease { node in
      try await node.run("printf '# mine\\r\\ndtparam=audio=on\\r\\n[pi4]\\r\\narm_boost=1\\r\\n' > \(Self.file)")
      let decoy = try await node.run("sha256sum /boot/config.txt; stat -c %y /boot/config.txt")
      let boot = try await node.bootID()
      let fleet = try TestFleet([node], spec: Self.spec)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["change bootconfig config.txt", "act reboot "])
      #expect(
        try await node.run("cat \(Self.file)")
          == "# mine\r\n[pi4]\r\narm_boost=1\r\n[all]\r\ndtparam=i2c_arm=on\r\ndtoverlay=disable-wifi\r\n")
      #expect(try await node.holds("grep -q audio=on \(Self.file).fleetd-backup"))
      #expect(try await node.run("sha256sum /boot/config.txt; stat -c %y /boot/config.txt") == decoy)
      let rebooted = try await node.bootID()
      #expect(rebooted != boot)
      #expect(try await fleet.check().code == 0)
      #expect(try await fleet.once().changes(of: node) == [])
      #expect(try await node.bootID() == rebooted)
      try await node.expectNoLeftovers()
    }
  }

  @Test("an edit whose reboot did not happen is owed one by the next run")
  func owed() async throws {
    try await NodePool.lease { node in
      let boot = try await node.bootID()
      // The kernel refuses this value, behind the edit and before the reboot.
      let broken = "\nsysctl: {net.ipv4.ip_local_port_range: many}"
      let fleet = try TestFleet([node], spec: Self.spec + broken)
      let failed = try await fleet.once()
      #expect(failed.code == 1, "\(failed.summary)")
      #expect(try await node.holds("grep -q i2c_arm=on \(Self.file)"))
      #expect(try await node.bootID() == boot)
      try fleet.write(spec: Self.spec)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["act reboot "])
      #expect(try await node.bootID() != boot)
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("failure: an edit that something undoes at boot is blocked after one reboot, and not repeated")
  func undone() async throws {
    try await NodePool.lease { node in
      try await node.run("cp \(Self.file) /root/config.txt")
      try await node.atShutdown("cp /root/config.txt \(Self.file)", up: "true")
      let fleet = try TestFleet([node], spec: Self.spec)
      let first = try await fleet.once()
      #expect(first.code == 1, "\(first.summary)")
      #expect(first.document?.after?.nodes.first?.findings.map(\.reason).contains("reboot-did-not-help") == true)
      let boot = try await node.bootID()
      let second = try await fleet.once()
      #expect(second.code == 1 && second.changes(of: node) == [], "\(second.summary)")
      #expect(try await node.bootID() == boot)
    }
  }

  @Test("failure: a node without a Pi's firmware is refused")
  func missing() async throws {
    try await NodePool.lease { node in
      try await node.run("rm \(Self.file)")
      let check = try await TestFleet([node], spec: Self.spec).check()
      #expect(check.code == 1, "\(check.summary)")
      #expect(check.plan(of: node)?.findings.map(\.reason) == ["config-txt-unsafe"])
    }
  }
}
