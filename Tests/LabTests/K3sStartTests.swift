import Testing

@Suite("k3s that does not start", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct K3sStartTests {
  @Test(
    "a release that dies fails with the end of its journal, and the next release mends it", .timeLimit(.sharedNodes))
  func dies() async throws {
    try await NodePool.lease { node in
      let roles = TestFleet.roles([node])
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.5+k3s1"), node: roles)
      #expect(try await fleet.once().code == 0)
      try fleet.write(spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.6+k3s1"), node: roles)
      let failed = try await fleet.once()
      #expect(failed.code == 1, "\(failed.summary)")
      let failure = try #require(failed.result(of: node)?.failure)
      #expect(failure.step == "start k3s")
      #expect(failure.message.contains("this release dies when it starts"), "\(failure.message)")

      // The way on is a newer one that runs.
      try fleet.write(spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.34.1+k3s1"), node: roles)
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      try await node.expectNoLeftovers()
    }
  }

  @Test("a release that never gets ready fails after startTimeout, with its journal", .timeLimit(.sharedNodes))
  func neverReady() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.9+k3s1", "startTimeout: 45s"),
        node: TestFleet.roles([node]))
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.message.contains("never gets ready"), "\(failure.message)")
      #expect(failure.message.contains("after 45 s"), "\(failure.message)")
    }
  }
}
