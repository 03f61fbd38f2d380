import Testing

@Suite("links", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct LinkTests {
  @Test("change, no-op, idempotence: a link is made, pointed elsewhere and removed, and its target left alone")
  func lifecycle() async throws {
    try await NodePool.lease { node in
      try await node.run("mkdir -p /opt/v1 /opt/v2 && touch /opt/v1/keep")
      let fleet = try TestFleet([node], spec: "links: [{path: /opt/app/current, target: ../v1}]")
      #expect(try await fleet.once().changes(of: node) == ["add link /opt/app/current"])
      #expect(try await node.holds("test -e /opt/app/current/keep"))
      let second = try await fleet.once()
      #expect(second.code == 0 && second.changes(of: node).isEmpty, "\(second.summary)")

      try fleet.write(spec: "links: [{path: /opt/app/current, target: /opt/v2}]")
      #expect(try await fleet.once().changes(of: node) == ["change link /opt/app/current"])
      #expect(
        try await node.run("readlink /opt/app/current; ls -A /opt/app /opt/v2")
          == "/opt/v2\n/opt/app:\ncurrent\n\n/opt/v2:\n")

      try fleet.write(spec: "links: [{path: /opt/app/current, state: absent}]")
      #expect(try await fleet.once().changes(of: node) == ["remove link /opt/app/current"])
      #expect(try await node.holds("test -d /opt/v2 && ! test -L /opt/app/current"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("failure: a file or a directory in the way is refused and stays")
  func failure() async throws {
    try await NodePool.lease { node in
      try await node.run("echo mine > /opt/file && mkdir /opt/folder")
      let fleet = try TestFleet(
        [node], spec: "links: [{path: /opt/file, target: x}, {path: /opt/folder, state: absent}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["path-occupied", "path-occupied"])
      #expect(try await node.run("cat /opt/file; ls -d /opt/folder") == "mine\n/opt/folder\n")
    }
  }
}
