import Foundation
import Testing

@Suite("k3s from an HTTP mirror", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct K3sMirrorTests {
  /// No other test takes this release from the mirror.
  private static let version = "v1.32.6+k3s1"

  @Test("a release is fetched once for all nodes, checked, and kept", .timeLimit(.sharedNodes))
  func fetchedOnce() async throws {
    try await NodePool.lease(2) { nodes in
      let mirror = try await Lab.inventory().mirrorURL
      let fleet = try TestFleet(
        nodes, spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s(Self.version, from: "{url: \"\(mirror)\"}"),
        node: TestFleet.roles(nodes))
      let before = try Self.fetches()

      // A check wants to know that it is there, and no more.
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      #expect(try Self.fetches() == before)

      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try Self.fetches() == before + 1)
      let published = try await Lab.run("sha256sum", "\(fleet.directory)/cache/k3s/\(Self.version)/k3s").text.prefix(64)
      for node in nodes {
        #expect(try await node.run("sha256sum /usr/local/bin/k3s").hasPrefix(published))
        try await node.run("rm /usr/local/bin/k3s")
      }

      let again = try await fleet.once()
      #expect(again.code == 0, "\(again.summary)")
      #expect(try Self.fetches() == before + 1)
    }
  }

  /// How often the binary itself was fetched.
  private static func fetches() throws -> Int {
    try String(contentsOfFile: "/var/lib/\(Lab.name)/mirror.log", encoding: .utf8).split(separator: "\n")
      .filter { $0.contains(" GET ") && $0.contains(version) && $0.hasSuffix("/k3s 200") }.count
  }
}
