import Foundation
import Testing

@Suite("fleetd exec", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ExecTests {
  private func exec(_ fleet: TestFleet, _ options: [String] = [], _ words: [String]) async throws -> Output {
    try await Lab.execute(
      ["lab/exec", "--", Lab.binary, "exec", "--repo", fleet.directory, "--config", fleet.directory + "/fleetd.yaml"]
        + options + ["--"] + words)
  }

  @Test("the command gets its arguments as they are, its input is closed, and its lines carry the node's name")
  func arguments() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "{}")
      let output = try await exec(fleet, [], ["printf", "%s\\n", "a b", "it's", "$HOME", "*", "", "\u{1B}[2J"])
      #expect(output.status == 0, "\(output.errors)")
      let lines = ["a b", "it's", "$HOME", "*", "", "\\x1b[2J"].map { "\(node.name): \($0)\n" }
      #expect(output.text == lines.joined())
      #expect(try await exec(fleet, [], ["cat"]).status == 0)
      #expect(try await exec(fleet, ["--sudo"], ["cat"]).status == 0)
    }
  }

  @Test("it runs as the account, with --sudo as root")
  func account() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "{}")
      #expect(try await exec(fleet, [], ["id", "-u"]).text != "\(node.name): 0\n")
      #expect(try await exec(fleet, ["--sudo"], ["id", "-u"]).text == "\(node.name): 0\n")
    }
  }

  @Test("a command that fails, floods or does not end fails the run, with a line that says so")
  func failures() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "{}")
      let failed = try await exec(fleet, [], ["sh", "-c", "echo said >&2; exit 3"])
      #expect(failed.status == 1 && failed.errors.contains("\(node.name): said\n"))
      #expect(failed.errors.contains("fleetd: \(node.name): exit status 3"))
      let late = try await exec(fleet, ["--timeout", "1s"], ["sleep", "600"])
      #expect(late.status == 1 && late.errors.contains("no answer within 1s; the command may still run there"))
      let flood = try await exec(fleet, [], ["head", "-c", "2000000", "/dev/zero"])
      #expect(flood.status == 1 && flood.errors.contains("wrote more than"))
      #expect(try await exec(fleet, ["--node", "nobody"], ["true"]).status == 64)
      #expect(try await exec(fleet, ["-l", "no=body"], ["true"]).status == 64)
    }
  }
}
