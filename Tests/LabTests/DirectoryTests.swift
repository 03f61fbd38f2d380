import Testing

@Suite("directories", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct DirectoryTests {
  private static let spec = #"directories: [{path: /srv/data/in, mode: "2770", owner: fleet, group: daemon}]"#

  @Test("change, no-op, idempotence: a directory is made, kept and mended; a second run changes nothing")
  func lifecycle() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      let added = try await fleet.once()
      #expect(added.code == 0, "\(added.summary)")
      #expect(added.changes(of: node) == ["add directory /srv/data/in"])
      #expect(try await node.status(of: "/srv/data/in") == "2770 fleet:daemon")
      #expect(try await node.status(of: "/srv/data") == "755 root:root")

      let written = try await node.run("stat -c %z /srv/data/in")
      let second = try await fleet.once()
      #expect(second.code == 0 && second.changes(of: node).isEmpty, "\(second.summary)")
      #expect(try await node.run("stat -c %z /srv/data/in") == written)

      try await node.run("chmod 0777 /srv/data/in && chown root /srv/data/in")
      let mended = try await fleet.once()
      #expect(
        mended.changes(of: node) == ["change directory /srv/data/in mode", "change directory /srv/data/in owner"])
      #expect(try await node.status(of: "/srv/data/in") == "2770 fleet:daemon")
      try await node.expectNoLeftovers()
    }
  }

  @Test("failure: what holds something is not removed, and what is no directory is not replaced")
  func failure() async throws {
    try await NodePool.lease { node in
      try await node.run("mkdir -p /srv/old /srv/empty && touch /srv/old/keep && ln -s /etc /srv/link")
      let fleet = try TestFleet(
        [node],
        spec: """
          directories:
            - {path: /srv/old, state: absent}
            - {path: /srv/empty, state: absent}
            - {path: /srv/link, mode: "0700"}
          """)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.changes(of: node) == ["remove directory /srv/empty"])
      #expect(run.plan(of: node)?.findings.map(\.reason).sorted() == ["directory-not-empty", "path-occupied"])
      #expect(try await node.holds("test -e /srv/old/keep && ! test -e /srv/empty && test -L /srv/link"))
      #expect(try await node.status(of: "/etc") == "755 root:root")
    }
  }

  @Test("failure: an owner that does not exist is told, and the next run goes on from there")
  func unknownOwner() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "directories: [{path: /srv/new, owner: nobody-here}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.message.hasSuffix("no such owner: nobody-here:root") == true)
      try fleet.write(spec: "directories: [{path: /srv/new}]")
      #expect(try await fleet.once().code == 0)
      #expect(try await node.status(of: "/srv/new") == "755 root:root")
    }
  }
}
