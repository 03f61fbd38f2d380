import Testing

@Suite("a full disk", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct FullDiskTests {
  @Test("a file that does not fit leaves the old one, nothing beside it, and says how little is free")
  func file() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        mkdir /etc/small && mount -t tmpfs -o size=64k tmpfs /etc/small
        echo old > /etc/small/file; head -c 1M /dev/zero > /etc/small/filler || true
        """)
      let before = try await node.run("ls -lAi --full-time /etc/small; cat /etc/small/file")
      let content = String(repeating: "x", count: 20_000)
      let fleet = try TestFleet(
        [node], spec: "files:\n  - {path: /etc/small/file, content: \(content)}\n  - {path: /etc/other, content: other}"
      )
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.step == "write /etc/small/file")
      #expect(failure.message.contains("0 KiB are free on /etc/small"), "\(failure)")
      #expect(try await node.run("ls -lAi --full-time /etc/small; cat /etc/small/file") == before)
      try await node.expectNoLeftovers()

      try await node.run("umount /etc/small")
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(try await node.run("cat /etc/small/file") == content)
    }
  }

  /// Too few bytes for the binary, which is seen beforehand; no more inodes, which is not.
  @Test(
    "k3s that does not fit leaves nothing behind, and is installed when there is room",
    arguments: [("size=1m", "MiB are free"), ("nr_inodes=2", "No space left on device")])
  func k3s(_ limit: String, _ complaint: String) async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: TestFleet.k3sBoot)
      #expect(try await fleet.once().code == 0)
      try await node.run("mount -t tmpfs -o \(limit) tmpfs /usr/local/bin && echo old > /usr/local/bin/other")

      try fleet.write(
        spec: TestFleet.k3sBoot + "\nhost: {minimumFreeSpace: 0}", fleet: try await TestFleet.k3s("v1.33.4+k3s1"),
        node: TestFleet.roles([node]))
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.output.text.contains(complaint), "\(run.summary)")
      #expect(try await node.run("ls -A /usr/local/bin") == "other\n")
      #expect(try await node.holds("test ! -e /etc/systemd/system/k3s.service"))
      try await node.expectNoLeftovers()

      try await node.run("umount /usr/local/bin")
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(try await node.holds("systemctl is-active --quiet k3s"))
    }
  }

  @Test("a node with less than the least free space is refused before anything is touched")
  func leastFreeSpace() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: "host: {minimumFreeSpace: 1000000}\nfiles: [{path: /etc/wanted, content: wanted}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.changes(of: node) == [])
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["disk-full"])
      #expect(try await node.holds("test ! -e /etc/wanted"))

      // A small card that is filling up: /usr/local/bin counts as well.
      try fleet.write(spec: "files: [{path: /etc/wanted, content: wanted}]")
      try await node.run("mount -t tmpfs -o size=100m tmpfs /usr/local/bin")
      let full = try await fleet.once()
      #expect(full.code == 1, "\(full.summary)")
      #expect(full.plan(of: node)?.findings.first?.message.contains("256 MiB are needed") == true)
    }
  }
}
