import Testing

@Suite("an upload that is killed half-way", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct KilledUploadTests {
  private static let version = "v1.33.4+k3s1"
  private static let isArriving = "find /usr/local/bin -name '*.fleetd-new' -size +1M | grep -q ."

  @Test("killed while k3s is copied: the node cleans up, and the next run installs it", .timeLimit(.sharedNodes))
  func killed() async throws {
    try await NodePool.lease { node in
      let fleet = try await Self.fleet(node)
      async let killed = fleet.once()
      try await node.await(Self.isArriving)
      try await fleet.signal("KILL")
      _ = try await killed
      #expect(try await !node.holds("test -e /usr/local/bin/k3s"))
      try await node.expectNoLeftovers()

      try await Self.expectConvergence(of: fleet, node)
    }
  }

  @Test("interrupted while k3s is copied: it says so with 130 and leaves nothing", .timeLimit(.sharedNodes))
  func interrupted() async throws {
    try await NodePool.lease { node in
      let fleet = try await Self.fleet(node)
      async let interrupted = fleet.once()
      try await node.await(Self.isArriving)
      try await fleet.signal("INT")
      let run = try await interrupted
      #expect(run.code == 130, "\(run.summary)")
      #expect(run.output.errors.contains("interrupted"))
      #expect(try await !node.holds("test -e /usr/local/bin/k3s"))
      try await node.expectNoLeftovers()
    }
  }

  @Test("the power goes while k3s is copied: the next run replaces what was left", .timeLimit(.sharedNodes))
  func power() async throws {
    try await NodePool.lease { node in
      let fleet = try await Self.fleet(node)
      async let cut = fleet.once()
      try await node.await(Self.isArriving)
      try await Lab.run("lab/power", "off", node.name)
      let run = try await cut
      #expect(run.code == 1, "\(run.summary)")
      try await Lab.run("lab/power", "on", node.name)
      // The test is about this: half a binary, beside its target.
      #expect(try await node.holds(Self.isArriving))

      try await Self.expectConvergence(of: fleet, node)
    }
  }

  private static func fleet(_ node: LabNode) async throws -> TestFleet {
    let fleet = try TestFleet([node], spec: TestFleet.k3sBoot)
    #expect(try await fleet.once().code == 0)
    let source = try await fleet.paddedRelease(version, mebibytes: 256)
    try fleet.write(
      spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s(version, from: source), node: TestFleet.roles([node]))
    return fleet
  }

  private static func expectConvergence(of fleet: TestFleet, _ node: LabNode) async throws {
    let next = try await fleet.once()
    #expect(next.code == 0, "\(next.summary)")
    #expect(try await node.run("k3s --version").contains(version))
    #expect(try await fleet.check().code == 0)
    try await node.expectNoLeftovers()
  }
}
