import Testing

@Suite("air-gap images on nodes", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct AirgapImagesTests {
  private static let file = "/var/lib/rancher/k3s/agent/images/k3s-airgap-images-amd64.tar.zst"

  @Test("they come with their release, are mended without a restart, and go with nothing", .timeLimit(.sharedNodes))
  func lifecycle() async throws {
    try await NodePool.lease { (node: LabNode) in
      let fleet = try TestFleet([node], spec: TestFleet.k3sBoot)
      try await declare("v1.33.4+k3s1", on: node, in: fleet)
      let first = try await fleet.once()
      #expect(first.code == 0, "\(first.summary)")
      #expect(first.changes(of: node).contains("add airgapimages \(Self.file)"))
      try await expect(imagesOf: "v1.33.4+k3s1", on: node)
      #expect(try await fleet.check().code == 0)

      // What somebody did to the file, and another form of it: both are mended, and k3s runs on.
      let invocation = try await node.invocation(of: "k3s")
      try await node.run("echo more >> \(Self.file); echo old > \(Self.file.dropLast(4)).gz")
      let drift = try await fleet.check()
      #expect(drift.code == 2, "\(drift.summary)")
      #expect(
        drift.changes(of: node) == [
          "change airgapimages \(Self.file)", "remove airgapimages \(Self.file.dropLast(4)).gz",
        ])
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      try await expect(imagesOf: "v1.33.4+k3s1", on: node)
      #expect(try await node.holds("! test -e \(Self.file.dropLast(4)).gz"))
      #expect(try await node.invocation(of: "k3s") == invocation)

      try await declare("v1.33.5+k3s1", on: node, in: fleet)
      let upgrade = try await fleet.once()
      #expect(upgrade.code == 0, "\(upgrade.summary)")
      try await expect(imagesOf: "v1.33.5+k3s1", on: node)

      try fleet.write(
        spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.5+k3s1"), node: TestFleet.roles([node]))
      let left = try await fleet.check()
      #expect(left.code == 0, "\(left.summary)")
      #expect(
        left.plan(of: node)?.findings.contains { $0.reason == "no-longer-declared" && $0.message.contains("airgap") }
          == true)
      try await node.expectNoLeftovers()
    }
  }

  private func declare(_ version: String, on node: LabNode, in fleet: TestFleet) async throws {
    try fleet.write(
      spec: TestFleet.k3sBoot + "\npackages: {jq: present}",
      fleet: try await TestFleet.k3s(version, "airgapImages: true"), node: TestFleet.roles([node]))
  }

  private func expect(imagesOf version: String, on node: LabNode) async throws {
    let published = try await Lab.run(
      "sha256sum", "\(try await Lab.inventory().k3sDirectory)/\(version)/k3s-airgap-images-amd64.tar.zst")
    #expect(try await node.run("sha256sum \(Self.file)").prefix(64) == published.text.prefix(64))
  }
}
