import Testing

@testable import FleetModel

/// The script runs for real; systemd is played by shell functions, and the few seconds of patience are none.
@Suite("starting and stopping units")
struct UnitScriptTests {
  private static let stubs = #"""
    sleep() { :; }
    timeout() { shift; "$@"; }
    journal_of() { printf 'the journal of %s' "$1"; }
    restarted() { printf 'restarted %s\n' "$1"; }
    systemctl() {
      case "$*" in
        'daemon-reload') ;;
        'show -p ActiveState --value -- '*) printf '%s\n' "${active:-active}" ;;
        'show -p Result --value -- '*) printf '%s\n' "${result:-success}" ;;
        'show -p NRestarts --value -- '*) printf '%s\n' "${restarts:-0}" ;;
        *) printf '%s\n' "systemctl $*"; [ -z "$refused" ] ;;
      esac
    }
    """#

  private func run(_ lines: [[String]], _ state: String = "", by shell: Shell) throws -> Shell.Outcome {
    try shell.run(
      [StepPrelude.sharedFunctions, Self.stubs, state, StepScript.units.text].joined(separator: "\n"),
      input: StepPrelude.input(StepInput(lines), with: SecretVault()) ?? []
    )
  }

  @Test("clears the owed restart of a unit that stays up, and of one that is stopped", arguments: Shell.all)
  func success(_ shell: Shell) throws {
    let outcome = try run([["stop", "a.service"], ["restart", "b.service"], ["start", "c.timer"]], by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.text == "restarted a.service\nrestarted b.service\nrestarted c.timer\n")
  }

  @Test("fails with the end of the journal when a unit dies within seconds", arguments: Shell.all)
  func death(_ shell: Shell) throws {
    for (state, how) in [
      ("active=failed result=exit-code restarts=5", "failed, exit-code, 5 restarts"),
      ("active=activating result=exit-code restarts=2", "activating, exit-code, 2 restarts"),
      ("active=inactive result=exit-code", "inactive, exit-code, 0 restarts"),
    ] {
      let outcome = try run([["start", "a.service"]], state, by: shell)
      #expect(outcome.status == 70 && outcome.output.isEmpty)
      #expect(outcome.error == "a.service died within seconds of its start (\(how)):\nthe journal of a.service\n")
    }
  }

  @Test("fails when the unit was started once more in between", arguments: Shell.all)
  func restartedInBetween(_ shell: Shell) throws {
    let counting = "restarts=0; sleep() { restarts=1; }"
    #expect(try run([["restart", "a.service"]], counting, by: shell).status == 70)
  }

  @Test("takes a task that ended well for done", arguments: Shell.all)
  func oneshot(_ shell: Shell) throws {
    #expect(try run([["start", "a.service"]], "active=inactive", by: shell).status == 0)
  }

  @Test("says what systemctl said", arguments: Shell.all)
  func refused(_ shell: Shell) throws {
    let start = try run([["start", "a.service"]], "refused=yes", by: shell)
    #expect(start.status == 70)
    #expect(start.error == "systemctl start a.service: systemctl start -- a.service\nthe journal of a.service\n")
    let enable = try run([["enable", "a.service"]], "refused=yes", by: shell)
    #expect(enable.error == "systemctl enable a.service: systemctl enable --quiet -- a.service\n")
  }

  @Test("knows no other action", arguments: Shell.all)
  func unknown(_ shell: Shell) throws {
    #expect(try run([["poweroff", "a.service"]], by: shell).status == 65)
  }
}
