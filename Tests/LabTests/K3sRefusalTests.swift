import Testing

/// What is refused is refused by the check already, and a run touches nothing.
@Suite("k3s, refused", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct K3sRefusalTests {
  struct Wish: Sendable, CustomTestStringConvertible {
    let version: String
    var source: String?
    let reason: String

    var testDescription: String { "\(version) \(source ?? ""): \(reason)" }
  }

  @Test("what cannot become of a living v1.33.4 leaves it untouched", .timeLimit(.sharedNodes))
  func living() async throws {
    let mirror = try await Lab.inventory().mirrorURL
    let wishes = [
      Wish(version: "v1.32.6+k3s1", reason: "k3s-downgrade"),
      Wish(version: "v1.33.8+k3s1", reason: "k3s-artifact-missing"),
      Wish(version: "v1.33.7+k3s1", reason: "k3s-artifact-wrong"),
      Wish(version: "v1.33.8+k3s1", source: "{url: \"\(mirror)\"}", reason: "k3s-artifact-missing"),
      Wish(version: "v1.33.5+k3s1", source: "{url: \"http://10.77.0.1:9/k3s\"}", reason: "k3s-artifact-missing"),
    ]
    try await NodePool.lease { node in try await expectRefusals(of: wishes, after: "v1.33.4+k3s1", on: node) }
  }

  @Test("a skipped minor version leaves the old one untouched", .timeLimit(.sharedNodes))
  func skippedMinor() async throws {
    try await NodePool.lease { node in
      let wish = Wish(version: "v1.34.1+k3s1", reason: "k3s-skipped-minor")
      try await expectRefusals(of: [wish], after: "v1.32.6+k3s1", on: node)
    }
  }

  @Test(
    "a file that does not match its checksum is fetched from the mirror and not installed", .timeLimit(.sharedNodes))
  func wrongOnMirror() async throws {
    try await NodePool.lease { node in
      let mirror = try await Lab.inventory().mirrorURL
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.7+k3s1", from: "{url: \"\(mirror)\"}"),
        node: TestFleet.roles([node]))
      let before = try await node.k3sDigest()
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "k3s-artifact-wrong", "\(run.summary)")
      #expect(try await node.k3sDigest() == before)
      try await node.expectNoLeftovers()
    }
  }

  @Test("another's unit with arguments of its own is not replaced", .timeLimit(.sharedNodes))
  func foreignUnit() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        cat > /etc/systemd/system/k3s.service <<'END'
        [Service]
        ExecStart=/usr/local/bin/k3s server --disable=servicelb --flannel-backend=host-gw
        END
        """)
      let before = try await node.k3sDigest()
      let fleet = try TestFleet(
        [node], spec: "files: []", fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: TestFleet.roles([node]))
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let finding = run.plan(of: node)?.findings.first { $0.reason == "k3s-foreign-unit" }
      #expect(finding?.message.contains("host-gw") == true, "\(run.summary)")
      #expect(try await node.k3sDigest() == before)
    }
  }

  @Test("a key that k3s does not know is a diagnostic with its place", .timeLimit(.sharedNodes))
  func unknownKey() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot,
        fleet: try await TestFleet.k3s("v1.33.4+k3s1", "config: {server: {disabel: [traefik]}}"),
        node: TestFleet.roles([node]))
      let run = try await fleet.once()
      #expect(run.code == 1)
      #expect(run.output.errors.contains(#/inventory\/fleet\.yaml:\d+:\d+: .*disabel/#), "\(run.summary)")
      #expect(run.output.errors.contains("disable"), "\(run.summary)")
      #expect(try await !node.holds("test -e /run/fleetd"))
    }
  }

  private func expectRefusals(of wishes: [Wish], after version: String, on node: LabNode) async throws {
    let roles = TestFleet.roles([node])
    let fleet = try TestFleet([node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s(version), node: roles)
    let install = try await fleet.once()
    #expect(install.code == 0, "\(install.summary)")
    let before = try await node.k3sDigest()
    for wish in wishes {
      try fleet.write(
        spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s(wish.version, from: wish.source), node: roles)
      for run in [try await fleet.check(), try await fleet.once()] {
        #expect(run.code == 1, "\(run.summary)")
        let finding = run.plan(of: node)?.findings.first { $0.reason == wish.reason }
        #expect(finding?.severity == "refused", "\(wish.testDescription): \(run.summary)")
      }
      #expect(try await node.k3sDigest() == before, "\(wish.testDescription)")
    }
    try await node.expectNoLeftovers()
  }
}

extension LabNode {
  /// Everything that fleetd writes for k3s, and which start of it runs.
  func k3sDigest() async throws -> String {
    try await run(
      """
      find /usr/local/bin /etc/rancher /etc/systemd/system /var/lib/fleetd -type f -exec sha256sum {} + 2> /dev/null | sort
      systemctl show -p InvocationID,NRestarts k3s
      """)
  }
}
