import Foundation
import Testing

/// fleetd in a real pseudo-terminal, which script(1) makes; what it would have seen is asserted byte by byte.
@Suite("progress on a terminal", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct LiveProgressTests {
  private static let spec = """
    files: [{path: /etc/fleet/slow.conf, content: "a\\n", validate: [sh, -c, "sleep 2", "%s"]}]
    """

  /// What fleetd wrote to a terminal of 60 columns. `environment`: "NAME=value".
  private func terminal(
    _ fleet: TestFleet, _ options: String, _ environment: String = "TERM=xterm"
  ) async throws -> String {
    let command =
      "stty cols 60 rows 24; exec lab/exec -- env -u CI \(environment) \(Lab.binary) \(options)"
      + " --repo \(fleet.directory) --config \(fleet.directory)/fleetd.yaml --color never"
    let output = try await Lab.execute(["script", "--quiet", "--return", "--command", command, "/dev/null"])
    #expect(output.status == 0 || output.status == 2, "\(output.text)\(output.errors)")
    return output.text
  }

  @Test("a node has a line with its step and the time, drawn in place, and none is left", .timeLimit(.sharedNodes))
  func live() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      let text = try await terminal(fleet, "--once --yes")
      #expect(text.contains("  \(node.name)  write /etc/fleet/slow.conf  1s\r\n"), "\(text.debugDescription)")
      // Every frame of one line is taken away by one movement, and nothing is drawn behind the last one.
      let drawn = text.ranges(of: "  \(node.name)  ").count - text.ranges(of: "  \(node.name)  converged").count
      let erased = text.ranges(of: "\r\u{1B}[1A\u{1B}[J").count
      #expect(erased > 0 && drawn >= erased)
      let rest = text.ranges(of: "\u{1B}[J").last.map { text[$0.upperBound...] } ?? ""
      #expect(rest.hasPrefix("fleet lab ") && rest.contains("\(node.name)  converged"), "\(rest.debugDescription)")
      // The cursor stays shown and no mode is changed: there is nothing to restore.
      #expect(!text.contains("\u{1B}[?"))
    }
  }

  @Test("a window that becomes narrower is drawn anew at its new width", .timeLimit(.sharedNodes))
  func resized() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      try fleet.configure(
        """
        ssh: {identities: [{file: \(node.identityFile)}]}
        hooks: {beforeNode: [{run: [/bin/sh, -c, "stty cols 30 < /dev/tty && echo narrow"]}]}
        """)
      let text = try await terminal(fleet, "--once --yes")
      let narrow = try #require(text.range(of: "hook beforeNode: narrow\r\n"), "\(text.debugDescription)")
      let drawn = text[narrow.upperBound...].split(separator: "\r\n").filter { $0.contains("  write /etc") }
      #expect(!drawn.isEmpty, "\(text.debugDescription)")
      for line in drawn {
        // Behind what takes the line before away.
        #expect((line.split(separator: "\u{1B}[J").last ?? "").count < 30, "\(line.debugDescription)")
      }
    }
  }

  @Test("a hook that runs is shown on its node's line, or below for all", .timeLimit(.sharedNodes))
  func hooks() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/fleet/x, content: a}]")
      try fleet.configure(
        """
        ssh: {identities: [{file: \(node.identityFile)}]}
        hooks:
          beforeRollout: [{run: [sleep, "1"]}]
          afterNode: [{run: [/bin/sleep, "1"]}]
        """)
      let text = try await terminal(fleet, "--once --yes")
      #expect(text.contains("  hook beforeRollout\r\n"), "\(text.debugDescription)")
      #expect(text.contains("  \(node.name)  hook afterNode\r\n"), "\(text.debugDescription)")
    }
  }

  @Test(
    "where nobody looks, or asked to be quiet, nothing is drawn", .timeLimit(.sharedNodes),
    arguments: [
      ("TERM=dumb", ""), ("TERM=xterm CI=true", ""), ("TERM=xterm", " --quiet"), ("TERM=xterm", " --verbose"),
    ])
  func plain(_ environment: String, _ option: String) async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/fleet/x, content: a}]")
      let text = try await terminal(fleet, "--check" + option, environment)
      #expect(!text.contains("\u{1B}"), "\(text.debugDescription)")
      #expect(text.contains("observing 1 node\r\n") == (option != " --quiet"))
    }
  }
}
