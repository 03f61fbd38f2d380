import Foundation
import Testing

@Suite("files", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct FileTests {
  @Test("a file comes with its directory, mode and owner, and later changes to each are shown and made")
  func lifecycle() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: #"files: [{path: /opt/a/b/new.conf, content: "one\ntwo\nthree\n"}]"#)
      let added = try await fleet.once()
      #expect(added.code == 0, "\(added.summary)")
      #expect(added.changes(of: node) == ["add file /opt/a/b/new.conf"])
      #expect(added.plan(of: node)?.changes.first?.diff == ["+one", "+two", "+three"])
      #expect(try await node.status(of: "/opt/a/b/new.conf") == "644 root:root")
      #expect(try await node.status(of: "/opt/a/b") == "755 root:root")

      try fleet.write(spec: #"files: [{path: /opt/a/b/new.conf, content: "one\nTWO\nthree\n"}]"#)
      let edited = try await fleet.once()
      #expect(edited.code == 0, "\(edited.summary)")
      #expect(edited.plan(of: node)?.changes.first?.diff == [" one", "-two", "+TWO", " three"])
      #expect(try await node.run("cat /opt/a/b/new.conf") == "one\nTWO\nthree\n")

      try fleet.write(
        spec: """
          files:
            - {path: /opt/a/b/new.conf, content: "one\\nTWO\\nthree\\n", mode: "4750", owner: fleet, group: daemon}
          """)
      let attributes = try await fleet.once()
      #expect(attributes.code == 0, "\(attributes.summary)")
      #expect(
        attributes.changes(of: node) == ["change file /opt/a/b/new.conf mode", "change file /opt/a/b/new.conf owner"])
      #expect(try await node.status(of: "/opt/a/b/new.conf") == "4750 fleet:daemon")
      #expect(try await fleet.check().code == 0)

      try fleet.write(spec: "files: [{path: /opt/a/b/new.conf, state: absent}]")
      let removed = try await fleet.once()
      #expect(removed.code == 0, "\(removed.summary)")
      #expect(removed.changes(of: node) == ["remove file /opt/a/b/new.conf"])
      #expect(try await node.run("ls -A /opt/a/b").isEmpty)
    }
  }

  @Test("several files that notify one unit restart it once, and an unchanged one does not")
  func notification() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        printf '[Service]\\nExecStart=sleep infinity\\n' > /etc/systemd/system/reader.service
        printf '[Service]\\nExecStart=sleep infinity\\n' > /etc/systemd/system/idle.service
        systemctl daemon-reload && systemctl start reader
        """)
      let names = ["a", "b", "c"]
      func spec(_ content: String) -> String {
        "files:\n"
          + names.map { "  - {path: /etc/reader/\($0), content: \(content), notify: [reader, idle]}" }
          .joined(separator: "\n")
      }
      let fleet = try TestFleet([node], spec: spec("one"))
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      // By hand once, by fleetd once.
      #expect(try await node.startCount(of: "reader") == 2)
      // A unit that does not run is not started by a file.
      #expect(try await node.startCount(of: "idle") == 0)

      #expect(try await fleet.once().code == 0)
      #expect(try await node.startCount(of: "reader") == 2)
      try await node.expectNoLeftovers()
    }
  }

  @Test("content that its validation refuses leaves the file as it was, and nothing beside it")
  func validation() async throws {
    try await NodePool.lease { node in
      try await node.run("mkdir /opt/v && echo old > /opt/v/f")
      let before = try await node.run("ls -lAi --full-time /opt/v; cat /opt/v/*")
      let fleet = try TestFleet(
        [node], spec: #"files: [{path: /opt/v/f, content: "if then\n", validate: [sh, -n, "%s"]}]"#)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.reason == "step-failed")
      #expect(failure.step == "write /opt/v/f")
      #expect(failure.message.contains("refused by its validation (exit 2)"))
      #expect(failure.message.contains("Syntax error"))
      #expect(try await node.run("ls -lAi --full-time /opt/v; cat /opt/v/*") == before)
      try await node.expectNoLeftovers()
    }
  }

  @Test("what is no regular file is refused, and what it stands for is not touched")
  func notRegular() async throws {
    try await NodePool.lease { node in
      try await node.run("echo victim > /etc/victim; ln -s /etc/victim /etc/link; mkdir /etc/folder; mkfifo /etc/pipe")
      let fleet = try TestFleet(
        [node],
        spec: """
          files:
            - {path: /etc/link, content: new}
            - {path: /etc/folder, content: new}
            - {path: /etc/pipe, state: absent}
          """)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let findings = run.plan(of: node)?.findings ?? []
      #expect(findings.map(\.reason) == Array(repeating: "file-not-regular", count: 3))
      #expect(findings.first?.message.contains("a symbolic link to /etc/victim") == true)
      #expect(try await node.run("cat /etc/link") == "victim\n")
      #expect(try await node.holds("test -L /etc/link && test -d /etc/folder && test -p /etc/pipe"))
    }
  }

  @Test("in an account's own directory, a link under the temporary file's name is not followed")
  func waitingLink() async throws {
    try await NodePool.lease { node in
      try await node.run("echo victim > /etc/victim; ln -s /etc/victim /home/fleet/.f.fleetd-new")
      let fleet = try TestFleet([node], spec: "files: [{path: /home/fleet/f, content: new, owner: fleet}]")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.run("cat /etc/victim; stat -c %U /etc/victim") == "victim\nroot\n")
      #expect(try await node.status(of: "/home/fleet/f") == "644 fleet:root")
    }
  }
}

extension LabNode {
  /// Mode, owner and group.
  func status(of path: String) async throws -> String {
    try await run("stat -c '%a %U:%G' -- \(path)").trimmingCharacters(in: .newlines)
  }

  /// How often systemd has started the unit since the node booted.
  func startCount(of unit: String) async throws -> Int {
    let text = try await run("journalctl -q -o cat -u \(unit) | grep -c '^Started \(unit)' || true")
    return Int(text.trimmingCharacters(in: .newlines)) ?? 0
  }
}
