import Testing

@Suite("journal", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct JournalTests {
  private static let image = "/usr/lib/systemd/journald.conf.d/40-rpi-volatile-storage.conf"
  private static let file = "/etc/systemd/journald.conf.d/60-fleetd.conf"

  @Test("change: the journal moves to the disk and to memory, and loses no line; idempotence: once each")
  func bothWays() async throws {
    try await NodePool.lease { node in
      // As current images of Raspberry Pi OS have it.
      try await node.run(
        "mkdir -p /usr/lib/systemd/journald.conf.d; printf '[Journal]\\nStorage=volatile\\n' > \(Self.image)"
          + "; rm -rf /var/log/journal; systemctl restart systemd-journald; logger -t fleetlab before-the-move")
      let fleet = try TestFleet([node], spec: "journal: {storage: persistent, maxUse: 200M, syncInterval: 10m}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["add journal \(Self.file)", "act service systemd-journald.service"])
      #expect(try await node.holds("test -e /var/log/journal/$(cat /etc/machine-id)/system.journal"))
      #expect(try await node.holds("journalctl -q -t fleetlab | grep -q before-the-move"))
      #expect(try await fleet.check().code == 0)

      try fleet.write(spec: "journal: {storage: volatile, runtimeMaxUse: 32M}")
      #expect(try await fleet.once().code == 0)
      #expect(try await node.holds("test -e /run/log/journal/$(cat /etc/machine-id)/system.journal"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("no-op: a second run does nothing; a journald that has not read its file is restarted")
  func unread() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "journal: {storage: volatile}")
      #expect(try await fleet.once().code == 0)
      #expect(try await fleet.once().changes(of: node) == [])
      // fleetd dies between writing the file and restarting: what stands there is right, and journald does not know.
      try fleet.write(spec: "journal: {storage: persistent}")
      try await node.run("printf '# Managed by fleetd.\\n[Journal]\\nStorage=persistent\\n' > \(Self.file)")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["act service systemd-journald.service"])
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("failure: a drop-in that is read after fleetd's and says otherwise is named")
  func overridden() async throws {
    try await NodePool.lease { node in
      try await node.run(
        "mkdir -p /etc/systemd/journald.conf.d; printf '[Journal]\\nStorage=none\\n' > /etc/systemd/journald.conf.d/99-x.conf"
      )
      let fleet = try TestFleet([node], spec: "journal: {storage: persistent}")
      let check = try await fleet.check()
      #expect(check.code == 1, "\(check.summary)")
      #expect(check.plan(of: node)?.findings.map(\.reason) == ["setting-overridden"])
    }
  }
}
