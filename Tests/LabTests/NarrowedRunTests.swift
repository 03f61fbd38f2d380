import Testing

@Suite("narrowed runs and exit codes", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct NarrowedRunTests {
  private static let spec = "files: [{path: /etc/fleet/app.conf, content: \"new\\n\"}]"
  private static let isWritten = "test -e /etc/fleet/app.conf"

  @Test("--node and -l change what they select, and all nodes are observed", .timeLimit(.sharedNodes))
  func narrowed() async throws {
    try await NodePool.lease(2) { nodes in
      let (one, other) = (nodes[0], nodes[1])
      let fleet = try TestFleet(nodes, spec: Self.spec)

      let named = try await fleet.once("--node", one.name)
      #expect(named.code == 0, "\(named.summary)")
      #expect(named.plan(of: other)?.changes.count == 1)
      #expect(named.result(of: other)?.outcome == "not-selected")
      #expect(try await one.holds(Self.isWritten))
      #expect(try await !other.holds(Self.isWritten))

      // What is not selected drifts, and that is not this run's affair.
      #expect(try await fleet.check("--node", one.name).code == 0)
      #expect(try await fleet.check("--node", other.name).code == 2)
      #expect(try await fleet.check("--node", "node99").code == 64)
      #expect(try await fleet.check("-l", "rack=none").code == 64)
      #expect(try await fleet.check("-l", "rack").code == 64)
    }
  }

  @Test("-l selects by fleetd's own labels", .timeLimit(.sharedNodes))
  func labelled() async throws {
    try await NodePool.lease(2) { nodes in
      let (one, other) = (nodes[0], nodes[1])
      let fleet = try TestFleet(nodes, spec: Self.spec)
      try fleet.label(other, "rack: b")
      let run = try await fleet.once("-l", "rack=b")
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await !one.holds(Self.isWritten))
      #expect(try await other.holds(Self.isWritten))
    }
  }

  @Test("0 in sync, 1 refused, 2 drift, 3 not all observed, 4 both", .timeLimit(.sharedNodes))
  func codes() async throws {
    try await NodePool.lease(2) { nodes in
      let (one, other) = (nodes[0], nodes[1])
      let fleet = try TestFleet(nodes, spec: Self.spec)
      #expect(try await fleet.check().code == 2)
      #expect(try await fleet.once().code == 0)
      #expect(try await fleet.check().code == 0)

      try await Lab.run("lab/power", "off", other.name)
      let partial = try await fleet.check()
      #expect(partial.code == 3, "\(partial.summary)")
      #expect(try await fleet.once().code == 3)
      try await one.run("echo drift > /etc/fleet/app.conf")
      let both = try await fleet.check()
      #expect(both.code == 4, "\(both.summary)")

      // What is refused wins.
      try await one.run("ln -sf /dev/null /etc/fleet/app.conf")
      let refused = try await fleet.check()
      #expect(refused.code == 1, "\(refused.summary)")
    }
  }
}
