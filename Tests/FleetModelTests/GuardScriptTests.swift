import Testing

@testable import FleetModel

/// The guard's scripts, run for real in a directory of their own; systemd is played by shell functions that say what
/// they were told.
@Suite("the guard against locking out")
struct GuardScriptTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let made = try Shell.all[0].run(#"mkdir -p "$1/run" "$1/units" "$1/home/.ssh""#, [folder.path])
    #expect(made.status == 0, "\(made.error)")
  }

  private static let systemd = #"""
    systemctl() { printf 'systemctl %s\n' "$*"; [ "$1" != is-active ] || [ -n "$undoing" ]; }
    systemd-run() { printf 'systemd-run %s\n' "$*"; }
    setpriv() { while [ "$1" != /bin/sh ]; do shift; done; printf 'as the owner\n' >> "$ran"; "$@"; }
    """#

  private var stubs: String { "ran=\(folder.path("ran"))\n" + Self.systemd }

  private func placed(_ text: String) -> String {
    text.replacing("/var/lib/fleetd", with: folder.path("lib")).replacing("/run/fleetd", with: folder.path("run"))
      .replacing("/etc/systemd/system", with: folder.path("units"))
  }

  private func run(
    _ script: StepScript, _ input: StepInput = StepInput(), state: String = "", by shell: Shell
  ) throws -> Shell.Outcome {
    let text = placed(script.text)
    // A function of that name is bash's alone: the command is renamed.
    let parts = [StepPrelude.sharedFunctions, stubs, state, text].map {
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
    let outcome = try undo(by: shell)
    #expect(
      outcome.text == "systemctl daemon-reload\nsystemctl try-restart -- ssh.service\n"
        + "systemctl try-restart -- it's.service\n")
    #expect(try folder.read("a file") == Array("old\n".utf8))
    #expect(!folder.contains("new"))
    expectNoResidue()
  }

  private func undo(_ argument: String = "", by shell: Shell) throws -> Shell.Outcome {
    let script = stubs.replacing("systemd-run()", with: "systemd_run()") + "\nfile=$1; set -- \(argument); . \"$file\""
    return try shell.run(script, [folder.path("lib/guard/undo")])
  }

  private func expectNoResidue() {
    for name in [
      "lib/guard", "lib/guard-new", "lib/guard-old", "run/guard-armed", "units/fleetd-guard-boot.service",
      "a file.fleetd-undo",
    ] {
      #expect(!folder.contains(name), "\(name)")
    }
    let wants = try? Shell.all[0].run(#"ls "$1""#, [folder.path("units/multi-user.target.wants")])
    #expect(wants?.text == "")
  }

  @Test("a power cut while it is armed is undone by the next boot, before ssh starts", arguments: Shell.all)
  func boot(_ shell: Shell) throws {
    #expect(try arm(by: shell).status == 0)
    let unit = String(
      decoding: try folder.read("units/multi-user.target.wants/fleetd-guard-boot.service"), as: UTF8.self)
    for line in [
      "ConditionPathExists=\(folder.path("lib/guard/undo"))", "ConditionPathExists=!\(folder.path("run/guard-armed"))",
      "ExecStart=/bin/sh \(folder.path("lib/guard/undo")) boot", "Before=ssh.socket ssh.service",
    ] {
      #expect(unit.contains(line + "\n"), "\(line)")
    }
    #expect(folder.contains("run/guard-armed"))
    try folder.write(Array("broken\n".utf8), to: "a file")
    // Nothing is restarted: what is restarted in the middle of a boot would wait for this very unit.
    #expect(try undo("boot", by: shell).text == "systemctl daemon-reload\n")
    #expect(try folder.read("a file") == Array("old\n".utf8))
    expectNoResidue()
  }

  private func armKeys(by shell: Shell) throws -> Shell.Outcome {
    try run(.armGuard, StepInput([["60"], [folder.path("home/.ssh/authorized_keys")], []]), by: shell)
  }

  @Test("keys in a home are kept and put back as the account, through no link of its own", arguments: Shell.all)
  func keys(_ shell: Shell) throws {
    try folder.write(Array("old\n".utf8), to: "home/.ssh/authorized_keys")
    try folder.write(Array("root's\n".utf8), to: "victim")
    let link =
      #"cd "$1/home/.ssh"; for name in authorized_keys.fleetd-undo .authorized_keys.fleetd-undo; do "#
      + #"ln -s ../../victim "$name"; done; chmod 640 authorized_keys"#
    #expect(try shell.run(link, [folder.path]).status == 0)
    #expect(try armKeys(by: shell).status == 0)
    #expect(try undo(by: shell).text == "")
    #expect(try armKeys(by: shell).status == 0)
    try folder.write(Array("new\n".utf8), to: "home/.ssh/authorized_keys")
    #expect(try undo(by: shell).error == "")
    #expect(try folder.read("home/.ssh/authorized_keys") == Array("old\n".utf8))
    #expect(try folder.read("victim") == Array("root's\n".utf8))
    #expect(try shell.run(#"stat -c %a "$1""#, [folder.path("home/.ssh/authorized_keys")]).text == "640\n")
    #expect(String(decoding: try folder.read("ran"), as: UTF8.self).split(separator: "\n").count == 9)
  }

  @Test("keys that were not there are gone again", arguments: Shell.all)
  func newKeys(_ shell: Shell) throws {
    #expect(try armKeys(by: shell).status == 0)
    try folder.write(Array("new\n".utf8), to: "home/.ssh/authorized_keys")
    #expect(try undo(by: shell).text == "systemctl daemon-reload\n")
    #expect(!folder.contains("home/.ssh/authorized_keys"))
  }

  @Test("a file that is a link is not kept: nothing is changed then", arguments: Shell.all)
  func link(_ shell: Shell) throws {
    #expect(try shell.run(#"ln -s /etc/passwd "$1/a file""#, [folder.path]).status == 0)
    let outcome = try run(.armGuard, StepInput([["60"], [folder.path("a file")], []]), by: shell)
    #expect(outcome.status == 73 && outcome.error == "the files cannot be backed up\n")
    #expect(!folder.contains("lib/guard"))
  }

  @Test("disarming forgets the undo", arguments: Shell.all)
  func disarming(_ shell: Shell) throws {
    #expect(try arm(by: shell).status == 0)
    let outcome = try run(.disarmGuard, by: shell)
    #expect(outcome.status == 0 && outcome.text.hasPrefix("systemctl stop fleetd-guard.timer\n"))
    expectNoResidue()
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
