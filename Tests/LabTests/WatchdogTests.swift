import Testing

/// A container has no /dev/watchdog. A device that takes no commands stands in for it: systemd keeps the setting, says in
/// its log that it cannot use the device, and goes on.
@Suite("watchdog", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct WatchdogTests {
  private static let file = "/etc/systemd/system.conf.d/60-fleetd-watchdog.conf"

  @Test("failure: a node without a watchdog is blocked, and nothing is written")
  func missing() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "watchdog: {timeout: 15s}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["watchdog-missing"])
      #expect(try await node.holds("test ! -e \(Self.file)"))
    }
  }

  @Test("change: systemd reads new times at once and keeps its units; idempotence and no-op: the second plan is empty")
  func change() async throws {
    try await NodePool.lease { node in
      let pid = try await node.run("systemctl show -p MainPID --value ssh")
      let fleet = try TestFleet([node], spec: "watchdog: {timeout: off, rebootTimeout: 2m}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["add watchdog \(Self.file)", "change watchdog rebootTimeout"])
      #expect(try await node.run("systemctl show -p RebootWatchdogUSec --value") == "2min\n")
      #expect(try await node.run("systemctl show -p MainPID --value ssh") == pid)
      #expect(try await fleet.check().code == 0)
      // fleetd dies between writing the file and having it read.
      try await node.run("sed -i s/120s/60s/ \(Self.file); systemctl daemon-reexec; sed -i s/60s/120s/ \(Self.file)")
      let again = try await fleet.once()
      #expect(again.code == 0, "\(again.summary)")
      #expect(again.changes(of: node) == ["change watchdog rebootTimeout"])
      try await node.expectNoLeftovers()
    }
  }
}
