import Testing

/// The nodes share the host's clock, and their images hold neither zones nor a time service: both are laid down here.
@Suite("time", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct TimeTests {
  private static let spec = "time: {zone: Europe/Berlin, synchronisation: true, servers: [192.0.2.1]}"
  private static let file = "/etc/systemd/timesyncd.conf.d/60-fleetd.conf"

  private func prepare(_ node: LabNode) async throws {
    try await node.run(
      """
      mkdir -p /usr/share/zoneinfo/Europe; : > /usr/share/zoneinfo/Europe/Berlin; echo Etc/UTC > /etc/timezone
      printf '[Service]\\nExecStart=sleep infinity\\n[Install]\\nWantedBy=sysinit.target\\n' \
        > /usr/lib/systemd/system/systemd-timesyncd.service
      systemctl daemon-reload
      """)
  }

  @Test("change: service, servers and zone are set, the service first; idempotence and no-op: once")
  func change() async throws {
    try await NodePool.lease { node in
      try await prepare(node)
      let fleet = try TestFleet([node], spec: Self.spec)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      let unit = "systemd-timesyncd.service"
      #expect(
        run.changes(of: node) == [
          "add time \(Self.file)", "change time \(unit)", "act time \(unit)", "change timezone zone",
        ])
      #expect(try await node.holds("systemctl is-active -q \(unit) && systemctl is-enabled -q \(unit)"))
      #expect(try await node.holds("grep -qx NTP=192.0.2.1 \(Self.file)"))
      #expect(
        try await node.run("readlink -f /etc/localtime; cat /etc/timezone")
          == "/usr/share/zoneinfo/Europe/Berlin\nEurope/Berlin\n")
      #expect(try await fleet.check().code == 0)
      #expect(try await fleet.once().changes(of: node) == [])
      try await node.expectNoLeftovers()
    }
  }

  @Test("failure: a node without zones and without a time service is blocked with what brings them")
  func missing() async throws {
    try await NodePool.lease { node in
      let check = try await TestFleet([node], spec: Self.spec).check()
      #expect(check.code == 1, "\(check.summary)")
      #expect(check.plan(of: node)?.findings.map(\.reason) == ["time-service-missing", "time-zone-unknown"])
    }
  }
}
