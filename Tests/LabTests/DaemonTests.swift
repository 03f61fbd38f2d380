import Testing

@Suite("the daemon", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct DaemonTests {
  private static func spec(_ content: String) -> String {
    "files: [{path: /etc/fleet/app.conf, content: \"\(content)\\n\"}]"
  }

  private static func configuration(_ fleet: TestFleet, _ mode: String) -> String {
    """
    ssh: {identities: [{file: \(fleet.nodes[0].identityFile)}]}
    mode: \(mode)
    interval: 5s
    checkout: {path: \(fleet.directory)}
    """
  }

  @Test("in mode observe drift is seen and nothing is changed, and it ends in order", .timeLimit(.sharedNodes))
  func observes() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec("one"))
      try fleet.configure(Self.configuration(fleet, "observe"))
      try await fleet.commit()
      async let daemon = fleet.daemon()
      try await fleet.awaitStatus("\"state\": \"held\"", "\"reason\": \"mode-observe\"")
      #expect(try await node.run("test -e /etc/fleet/app.conf || echo absent") == "absent\n")
      // A person's word is done beside a daemon that only observes; the daemon then sees that nothing is left.
      #expect(try await fleet.once().code == 0)
      try await fleet.awaitStatus("\"state\": \"in-sync\"")
      try await node.run("echo drift > /etc/fleet/app.conf")
      try await fleet.awaitStatus("\"state\": \"held\"")
      try await fleet.signal("TERM")
      let ended = try await daemon
      #expect(ended.status == 0, "\(ended)")
    }
  }

  @Test(
    "in mode enforce drift and a new commit are mended, a pause holds, a bad commit changes nothing",
    .timeLimit(.sharedNodes))
  func enforces() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec("one"))
      try fleet.configure(Self.configuration(fleet, "enforce"))
      try await fleet.commit()
      async let daemon = fleet.daemon()
      try await node.await("grep -qx one /etc/fleet/app.conf")
      try await fleet.awaitStatus("\"state\": \"in-sync\"")

      try await node.run("echo drift > /etc/fleet/app.conf")
      try await node.await("grep -qx one /etc/fleet/app.conf")

      let refused = try await fleet.once()
      #expect(refused.code == 1, "\(refused.summary)")

      #expect(try await fleet.command("pause", node.name, "--for", "1h", "--reason", "new card").status == 0)
      try fleet.write(spec: Self.spec("two"))
      try await fleet.commit()
      try await fleet.awaitStatus("\"reason\": \"paused\"", "new card")
      #expect(try await node.run("cat /etc/fleet/app.conf") == "one\n")
      #expect(try await fleet.command("resume", node.name).status == 0)
      try await node.await("grep -qx two /etc/fleet/app.conf")

      try fleet.write(spec: "fils: []")
      try await fleet.commit()
      let status = try await fleet.awaitStatus("\"rejected\": {", "files")
      #expect(status.contains("\"state\": \"in-sync\""))
      try await fleet.signal("TERM")
      let ended = try await daemon
      #expect(ended.status == 0, "\(ended)")
      // What it did is in the history, pass by pass; what it only looked at is not.
      let history = try await fleet.record("history")
      #expect(history.status == 0 && history.text.contains("pass"), "\(history)")
    }
  }

  @Test("killed in the middle of a step, the next start repairs", .timeLimit(.sharedNodes))
  func killed() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}")
      try fleet.configure(Self.configuration(fleet, "enforce"))
      try await fleet.commit()
      async let first = fleet.daemon()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      try await fleet.signal("KILL")
      #expect(try await first.status != 0)
      async let second = fleet.daemon()
      try await fleet.awaitStatus("\"state\": \"in-sync\"")
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      #expect(try await node.run("grep -c '^Commandline:.*fleet-slow' /var/log/apt/history.log") == "1\n")
      try await fleet.signal("TERM")
      #expect(try await second.status == 0)
    }
  }

  @Test(
    "told to stop in the middle of a step, it finishes the step, begins no other, and ends", .timeLimit(.sharedNodes))
  func stopsInOrder() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}\n" + Self.spec("one"))
      try fleet.configure(Self.configuration(fleet, "enforce"))
      try await fleet.commit()
      async let daemon = fleet.daemon()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      try await fleet.signal("TERM")
      let ended = try await daemon
      #expect(ended.status == 0, "\(ended)")
      // The step is finished, and what comes after it was not begun.
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      #expect(try await node.run("test -e /etc/fleet/app.conf || echo absent") == "absent\n")
      try await node.expectNoLeftovers()
    }
  }
}
