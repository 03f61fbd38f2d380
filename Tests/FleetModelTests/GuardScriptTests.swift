import Testing

@testable import FleetModel

/// The guard's scripts, run for real in a directory of their own; systemd is played by shell functions that say what
/// they were told.
@Suite("the guard against locking out")
struct GuardScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let systemd = #"""
    systemctl() { printf 'systemctl %s\n' "$*"; [ "$1" != is-active ] || [ -n "$undoing" ]; }
    systemd-run() { printf 'systemd-run %s\n' "$*"; }
    """#

  private func run(
    _ script: StepScript, _ input: StepInput = StepInput(), state: String = "", by shell: Shell
  ) throws -> Shell.Outcome {
    let text = script.text.replacing("/var/lib/fleetd", with: folder.path("lib"))
    // A function of that name is bash's alone: the command is renamed.
    let parts = [StepPrelude.sharedFunctions, Self.systemd, state, text].map {
      $0.replacing("systemd-run ", with: "systemd_run ").replacing("systemd-run()", with: "systemd_run()")
    }
    return try shell.run(
      parts.joined(separator: "\n"), input: StepPrelude.input(input, with: SecretVault()) ?? [])
  }

  private func arm(by shell: Shell) throws -> Shell.Outcome {
    try folder.write(Array("old\n".utf8), to: "a file")
    let files = [folder.path("a file"), folder.path("new")]
    return try run(.armGuard, StepInput([["60"], files, ["ssh.service", "it's.service"]]), by: shell)
  }

  @Test("arming keeps what is there and starts a timer for the undo", arguments: Shell.all)
  func arming(_ shell: Shell) throws {
    let outcome = try arm(by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(outcome.text.contains("--on-active=60s"))
    #expect(outcome.text.hasSuffix("/bin/sh \(folder.path("lib/guard/undo"))\n"))
  }

  @Test("the undo brings every file back, removes what is new, and restarts the units", arguments: Shell.all)
  func undo(_ shell: Shell) throws {
    #expect(try arm(by: shell).status == 0)
    try folder.write(Array("broken\n".utf8), to: "a file")
    try folder.write(Array("broken\n".utf8), to: "new")
    let undo = Self.systemd.replacing("systemd-run()", with: "systemd_run()") + "\n. \"$1\""
    let outcome = try shell.run(undo, [folder.path("lib/guard/undo")])
    #expect(outcome.text == "systemctl try-restart -- ssh.service\nsystemctl try-restart -- it's.service\n")
    #expect(try folder.read("a file") == Array("old\n".utf8))
    #expect(!folder.contains("new") && !folder.contains("lib/guard"))
  }

  @Test("disarming forgets the undo", arguments: Shell.all)
  func disarming(_ shell: Shell) throws {
    #expect(try arm(by: shell).status == 0)
    let outcome = try run(.disarmGuard, by: shell)
    #expect(outcome.status == 0 && outcome.text.hasPrefix("systemctl stop fleetd-guard.timer\n"))
    #expect(!folder.contains("lib/guard"))
  }

  @Test("disarming fails when the node has undone the change, or is about to", arguments: Shell.all)
  func tooLate(_ shell: Shell) throws {
    let undone = try run(.disarmGuard, by: shell)
    #expect(undone.status == 65 && undone.error == "the node has undone the change already\n")
    #expect(try arm(by: shell).status == 0)
    let undoing = try run(.disarmGuard, state: "undoing=yes", by: shell)
    #expect(undoing.status == 65 && undoing.error == "the node undoes the change just now\n")
    #expect(folder.contains("lib/guard"))
  }
}
