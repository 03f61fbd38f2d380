import Testing

/// A container has no swap of its own: turning live swap off is tested at the script (MachineScriptTests).
@Suite("swap", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct SwapTests {
  @Test("change: whatever turns swap on at boot is told not to; idempotence: once; what it came from stays")
  func change() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        mkdir -p /etc/rpi; : > /etc/rpi/swap.conf
        printf '/swapfile none swap sw 0 0\\ntmpfs /srv tmpfs noauto 0 0\\n' >> /etc/fstab
        """)
      let fleet = try TestFleet([node], spec: "swap: {state: off}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(
        run.changes(of: node) == [
          "add swap /etc/rpi/swap.conf.d/90-fleetd.conf", "remove swap /etc/fstab",
          "change swap dphys-swapfile.service",
        ])
      #expect(try await node.holds("grep -qx '# fleetd: swap is off: /swapfile none swap sw 0 0' /etc/fstab"))
      #expect(try await node.holds("grep -q '^tmpfs /srv' /etc/fstab"))
      #expect(try await node.holds("grep -qx Mechanism=none /etc/rpi/swap.conf.d/90-fleetd.conf"))
      #expect(try await node.holds("dpkg -s dphys-swapfile && ! systemctl is-enabled -q dphys-swapfile"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("no-op: without the key swap is left as it is, and a node without any is in sync")
  func noop() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "sysctl: {vm.swappiness: 60}")
      #expect(try await !fleet.check().changes(of: node).contains { $0.contains("swap ") })
      try await node.run("systemctl disable -q dphys-swapfile")
      try fleet.write(spec: "swap: {state: off}")
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("failure: a directory where fleetd's own file belongs is refused, and the rest is done")
  func failure() async throws {
    try await NodePool.lease { node in
      try await node.run("mkdir -p /etc/rpi/swap.conf.d/90-fleetd.conf; : > /etc/rpi/swap.conf")
      let fleet = try TestFleet([node], spec: "swap: {state: off}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["file-not-regular"])
      #expect(try await node.holds("! systemctl is-enabled -q dphys-swapfile"))
    }
  }
}
