import Foundation
import Testing

@Suite("what a node remembers", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct NodeRecordTests {
  private static let record = "/var/lib/fleetd/declared"

  @Test("what is no longer declared stays and is listed, until it is absent or forgotten", .timeLimit(.sharedNodes))
  func removal() async throws {
    try await NodePool.lease { node in
      let both = "files: [{path: /etc/one, content: a}, {path: /etc/two, content: b}]"
      let fleet = try TestFleet([node], spec: both)
      #expect(try await fleet.once().code == 0)
      #expect(try await node.run("cat \(Self.record)") == "file\t/etc/one\nfile\t/etc/two\n")
      let before = try await NodeSnapshot.of(node)

      try fleet.write(spec: "files: []")
      let check = try await fleet.once()
      #expect(check.code == 0 && check.changes(of: node) == [], "\(check.summary)")
      #expect(check.plan(of: node)?.findings.map(\.reason) == ["no-longer-declared", "no-longer-declared"])
      // A node in sync is not written to, however much it remembers.
      let changed = try await NodeSnapshot.of(node).paths(differingFrom: before).filter {
        $0.hasPrefix("/etc") || $0.hasPrefix("/var/lib/fleetd")
      }
      #expect(changed == [])

      try fleet.write(spec: "files: [{path: /etc/one, state: absent}]")
      let absent = try await fleet.once()
      #expect(absent.code == 0 && absent.changes(of: node) == ["remove file /etc/one"], "\(absent.summary)")
      #expect(try await node.run("cat \(Self.record)") == "file\t/etc/two\n")

      try fleet.write(spec: "files: []")
      let forgotten = try await fleet.forget(node, "file", "/etc/two")
      #expect(forgotten.status == 0, "\(forgotten.errors)")
      #expect(forgotten.text == "\(node.name): file /etc/two is forgotten; it stays on the node as it is\n")
      let last = try await fleet.check()
      #expect(last.code == 0 && last.plan(of: node)?.findings.isEmpty == true, "\(last.summary)")
      #expect(try await node.run("cat /etc/two") == "b")
      try await node.expectNoLeftovers()
    }
  }

  @Test("what is declared, or was never applied, is not forgotten", .timeLimit(.sharedNodes))
  func notForgotten() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/one, content: a}]")
      #expect(try await fleet.once().code == 0)
      for (name, message) in [("/etc/one", "is declared for"), ("/etc/on", "remembers no file /etc/on")] {
        let run = try await fleet.forget(node, "file", name)
        #expect(run.status == 1 && run.errors.contains(message), "\(run.errors)")
      }
      #expect(try await node.run("cat \(Self.record)") == "file\t/etc/one\n")
    }
  }

  @Test("a card that moved to another board is refused until the inventory says that it is meant")
  func board() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/one, content: a}]")
      #expect(try await fleet.once().code == 0)
      let serial = try await node.run("cat /var/lib/fleetd/board").trimmingCharacters(in: .newlines)
      try await node.run("echo 10000000abcdef01 > /var/lib/fleetd/board; rm /etc/one")
      let refused = try await fleet.once()
      #expect(refused.code == 1 && refused.changes(of: node) == [], "\(refused.summary)")
      let finding = try #require(refused.plan(of: node)?.findings.first)
      #expect(finding.reason == "board-changed" && finding.message.contains(serial))
      #expect(try await node.holds("test ! -e /etc/one"))

      try fleet.write(spec: "files: [{path: /etc/one, content: a}]", node: [node.name: "serial: \"\(serial)\""])
      let meant = try await fleet.once()
      #expect(meant.code == 0, "\(meant.summary)")
      #expect(meant.changes(of: node) == ["change host board", "add file /etc/one"])
      #expect(try await node.run("cat /var/lib/fleetd/board") == serial + "\n")
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("a firmware that reports too low a voltage is noted, and the node is in sync", .timeLimit(.sharedNodes))
  func undervoltage() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        printf '#!/bin/sh\\n[ "$*" = get_throttled ] && echo throttled=0x50005\\n' > /usr/local/bin/vcgencmd
        chmod 755 /usr/local/bin/vcgencmd; : > /dev/vcio
        """)
      let check = try await TestFleet([node], spec: "files: []").check()
      #expect(check.code == 0, "\(check.summary)")
      #expect(check.plan(of: node)?.findings.map(\.reason) == ["pi-undervoltage", "pi-throttled"])
    }
  }
}

extension TestFleet {
  fileprivate func forget(_ node: LabNode, _ kind: String, _ name: String) async throws -> Output {
    try await Lab.execute([
      "lab/exec", "--", Lab.binary, "forget", node.name, kind, name, "--repo", directory, "--config",
      directory + "/fleetd.yaml",
    ])
  }
}
