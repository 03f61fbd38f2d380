import Testing

@Suite("a run that is killed half-way", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct KilledRunTests {
  private static let slow = "packages: {fleet-slow: present}"
  /// Where fleet-slow's own script stays for 8 seconds.
  private static let isConfiguring = "dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured"

  @Test("killed while apt runs: apt goes on, a check says so, the next run awaits it", .timeLimit(.sharedNodes))
  func duringApt() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.slow)
      async let killed = fleet.once()
      try await node.await(Self.isConfiguring)
      try await fleet.signal("KILL")
      #expect(try await killed.document == nil)

      let check = try await fleet.check()
      #expect(check.code == 3, "\(check.summary)")
      #expect(check.plan(of: node)?.failure?.reason == "step-running")

      let next = try await fleet.once()
      #expect(next.code == 0, "\(next.summary)")
      // The first run's apt did it: there was nothing left to do.
      #expect(next.changes(of: node).isEmpty)
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      #expect(try await node.run("grep -c '^Commandline:.*fleet-slow' /var/log/apt/history.log") == "1\n")
      try await node.expectNoLeftovers()
    }
  }

  @Test("the power goes while apt runs: the next run repairs and converges", .timeLimit(.sharedNodes))
  func powerDuringApt() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.slow)
      async let cut = fleet.once()
      try await node.await(Self.isConfiguring)
      try await Lab.run("lab/power", "off", node.name)
      let run = try await cut
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "connection-lost")
      try await Lab.run("lab/power", "on", node.name)
      #expect(try await node.version(of: "fleet-slow") == nil)

      let next = try await fleet.once()
      #expect(next.code == 0, "\(next.summary)")
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("killed before the rename: the file is as it was, and the next run writes it", .timeLimit(.sharedNodes))
  func beforeRename() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: "files: [{path: /etc/fleet/app.conf, content: \"new\\n\", mode: \"0600\"}]")
      // What such a run leaves: half of the content beside the target.
      try await node.run(
        "mkdir /etc/fleet; echo old > /etc/fleet/app.conf; printf ne > /etc/fleet/.app.conf.fleetd-new")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.run("cat /etc/fleet/app.conf") == "new\n")
      #expect(try await node.run("stat -c %a /etc/fleet/app.conf") == "600\n")
      try await node.expectNoLeftovers()
    }
  }

  @Test("killed between rename and restart: the next run owes the restart, once", .timeLimit(.sharedNodes))
  func beforeRestart() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node],
        spec: """
          files:
            - path: /etc/systemd/journald.conf.d/40-size.conf
              content: "[Journal]\\nSystemMaxUse=200M\\n"
              notify: systemd-journald
          """)
      #expect(try await fleet.once().code == 0)
      let before = try await node.invocation(of: "systemd-journald")
      // The file is in place, the mark is written before the rename.
      try await node.run("mkdir -p /run/fleetd/pending; : > /run/fleetd/pending/systemd-journald.service")

      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      #expect(check.changes(of: node) == ["act service systemd-journald.service"])

      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      let after = try await node.invocation(of: "systemd-journald")
      #expect(after != before)
      #expect(try await fleet.once().code == 0)
      #expect(try await node.invocation(of: "systemd-journald") == after)
      try await node.expectNoLeftovers()
    }
  }
}

extension LabNode {
  /// New at each start of the unit.
  func invocation(of unit: String) async throws -> String {
    try await run("systemctl show -p InvocationID --value \(unit)")
  }
}
