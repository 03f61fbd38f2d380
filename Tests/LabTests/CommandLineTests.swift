import Foundation
import Testing

@Suite("the command line", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CommandLineTests {
  private static let spec = "files: [{path: /etc/fleet/app.conf, content: {secret: other}}]"

  @Test("--check --offline needs no network, no key, no secret, no home", .timeLimit(.sharedNodes))
  func offline() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      for file in ["secret", "other", "fleetd.yaml"] {
        try FileManager.default.removeItem(atPath: "\(fleet.directory)/\(file)")
      }
      // An empty network namespace, an empty environment but for a home that is not there.
      let output = try await Lab.execute(
        [
          "unshare", "--net", "env", "-i", "HOME=/nonexistent", Lab.binary, "--check", "--offline", "--repo",
          fleet.directory,
        ])
      #expect(output.status == 0, "\(output.text)\(output.errors)")
      #expect(output.text.contains("the inventory is valid"))

      // It is a check all the same: what it finds wrong is an error.
      try fleet.write(spec: "packages: {jq: installed}")
      let broken = try await Lab.execute(
        [
          "unshare", "--net", "env", "-i", "HOME=/nonexistent", Lab.binary, "--check", "--offline", "--repo",
          fleet.directory,
        ])
      #expect(broken.status == 1, "\(broken.text)\(broken.errors)")
    }
  }

  @Test("broken YAML is told with its place and a caret, and no node hears of it", .timeLimit(.sharedNodes))
  func brokenInventory() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/fleet/app.conf, content: \"new\\n\"}")
      let logins = try await node.run("journalctl -q -u ssh -o cat | grep -c Accepted || true")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.output.text.isEmpty)
      #expect(run.output.errors.contains(#/inventory\/fleet\.yaml:\d+:\d+: /#), "\(run.summary)")
      #expect(run.output.errors.split(separator: "\n").contains { $0.hasSuffix("^") }, "\(run.summary)")
      #expect(try await node.run("journalctl -q -u ssh -o cat | grep -c Accepted || true") == logins)
      #expect(try await !node.holds("test -e /etc/fleet/app.conf -o -e /run/fleetd"))
    }
  }

  @Test("a pipe is not asked, and gets no colours unless they are wanted", .timeLimit(.sharedNodes))
  func pipe() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {dphys-swapfile: absent}")
      let escape = "\u{1B}["
      func text(_ arguments: String...) async throws -> Output {
        try await Lab.execute(["env", "-u", "NO_COLOR"] + fleet.commandLine(arguments) + ["--output", "text"])
      }
      #expect(try await !text("--check").text.contains(escape))
      #expect(try await text("--check", "--color", "always").text.contains(escape))
      #expect(try await !text("--check", "--color", "never").text.contains(escape))

      // A deletion, without --yes.
      let run = try await text("--once")
      #expect(run.status == 0, "\(run.text)\(run.errors)")
      #expect(!run.errors.contains("[y/N]"))
      #expect(try await node.version(of: "dphys-swapfile") == nil)
    }
  }

  @Test("a terminal is asked before something is deleted, and no means no", .timeLimit(.sharedNodes))
  func terminal() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {dphys-swapfile: absent}")
      let command = fleet.commandLine(["--once"]).joined(separator: " ")
      func answering(_ answer: String, _ environment: [String] = ["-u", "NO_COLOR"]) async throws -> Output {
        try await Lab.execute(
          ["env"] + environment + [
            "sh", "-c",
            #"printf '%s\n' "$2" | script --quiet --return --command "$1 --output text" /dev/null"#, "sh", command,
            answer,
          ])
      }
      let no = try await answering("n")
      #expect(no.status == 2, "\(no.text)")
      #expect(no.text.contains("[y/N]") && no.text.contains("nothing was changed"), "\(no.text)")
      // Without colours lines are still redrawn in place.
      #expect(no.text.contains(/\u{1B}\[[0-9;]*m/))
      #expect(try await !answering("n", ["NO_COLOR=1"]).text.contains(/\u{1B}\[[0-9;]*m/))
      #expect(try await node.version(of: "dphys-swapfile") != nil)

      let yes = try await answering("y")
      #expect(yes.status == 0, "\(yes.text)")
      #expect(try await node.version(of: "dphys-swapfile") == nil)
    }
  }
}
