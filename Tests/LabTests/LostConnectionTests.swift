import Testing

@Suite("a connection that is cut", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct LostConnectionTests {
  @Test("apt finishes on the node, the run says what happened, the next one knows", .timeLimit(.sharedNodes))
  func duringApt() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}")
      async let cut = fleet.once()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      // The session's own process, not the listener.
      try await node.run("pkill -KILL -f '^sshd: fleet[@ ]'")
      let run = try await cut
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "connection-lost")

      let next = try await fleet.once()
      #expect(next.code == 0, "\(next.summary)")
      #expect(next.changes(of: node).isEmpty)
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      #expect(try await node.run("grep -c '^Commandline:.*fleet-slow' /var/log/apt/history.log") == "1\n")
      try await node.expectNoLeftovers()
    }
  }

  @Test("a network that falls silent is given up, apt finishes, the next run knows", .timeLimit(.sharedNodes))
  func silence() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}")
      async let cut = fleet.once()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      // No packet goes through and none comes back, not even one that says so.
      try await node.run("ip link set eth0 down")
      let run = try await cut
      try await node.run("ip link set eth0 up && ip route replace default via 10.77.0.1")
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "connection-lost", "\(run.summary)")

      let next = try await fleet.once()
      #expect(next.code == 0, "\(next.summary)")
      #expect(next.changes(of: node).isEmpty)
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      try await node.expectNoLeftovers()
    }
  }
}
