import Testing

@Suite("k3s' certificates on a node", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CertificateTests {
  @Test("their end is said, a restart is planned before it, and renews them", .timeLimit(.sharedNodes))
  func renewal() async throws {
    try await NodePool.lease { node in
      let cluster = try await TestCluster([node], servers: 1)
      #expect(try await cluster.fleet.once().code == 0)
      _ = try await Lab.run("lab/age-certificates", node.name, "60")
      let planned = try await cluster.fleet.check()
      #expect(planned.code == 2, "\(planned.summary)")
      #expect(planned.document?.nodes?.first?.findings.contains { $0.reason == "k3s-certificates-expire" } == false)
      _ = try await Lab.run("lab/age-certificates", node.name, "9")
      let warned = try await cluster.fleet.check()
      #expect(warned.document?.nodes?.first?.findings.contains { $0.reason == "k3s-certificates-expire" } == true)
      let renewed = try await cluster.fleet.once()
      #expect(renewed.code == 0, "\(renewed.summary)")
      let check = try await cluster.fleet.check()
      #expect(check.code == 0, "\(check.summary)")
    }
  }
}
