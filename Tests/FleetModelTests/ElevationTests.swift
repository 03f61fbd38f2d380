import Testing

@testable import FleetModel

@Suite("becoming root on a node")
struct ElevationTests {
  private static let hostile = ["sesame", " sp  ace ", #"a\nb"c'd$e`f"#, "-n", "ä€", "*"]

  /// A sudo of the test's own stands first in PATH; it does what `body` says.
  private func run(_ login: Shell, sudo body: String, password: String, input: String) throws -> Shell.Outcome {
    let folder = try TemporaryFolder()
    try folder.write(Array("#!/bin/sh\n\(body)\n".utf8), to: "sudo")
    let elevation = Elevation(of: "fleet", password: Secret(Array(password.utf8)))
    let bytes = elevation.preamble + NodeScript.framed("cat") + Array(input.utf8)
    return try login.run(
      commandLine: "chmod 0755 \(folder.path)/sudo; PATH=\(folder.path):$PATH; export PATH; "
        + NodeScript.command(with: elevation),
      input: bytes)
  }

  /// The words that follow `-k -S -p ''`, with the prompt shown to be empty.
  private static let options = #"[ "$1 $2 $3 $4." = "-k -S -p ." ] || exit 3; shift 4"#

  @Test("sudo reads the password, whole, and the command the rest", arguments: Shell.all, hostile)
  func reads(_ login: Shell, _ password: String) throws {
    let sudo = "\(Self.options); IFS= read -r given; printf '%s\\n' \"$given\" >&2; exec \"$@\""
    let outcome = try run(login, sudo: sudo, password: password, input: "one\ntwo\n")
    #expect(outcome.error == password + "\n")
    #expect(outcome.text == "one\ntwo\n")
    #expect(outcome.status == 0)
  }

  @Test("a password that sudo does not want never reaches the command", arguments: Shell.all)
  func unread(_ login: Shell) throws {
    let outcome = try run(login, sudo: "\(Self.options); exec \"$@\"", password: "sesame", input: "one\n")
    #expect(outcome.text == "one\n")
  }

  @Test("sudo that asks again finds the end of its input, not the script", arguments: Shell.all)
  func once(_ login: Shell) throws {
    let outcome = try run(login, sudo: "cat >&2; exit 1", password: "sesame", input: "one\n")
    #expect(outcome.error == "sesame\n")
    #expect(outcome.text.isEmpty)
    #expect(outcome.status == 1)
  }

  @Test("the password stands in no argument", arguments: Shell.all)
  func arguments(_ login: Shell) throws {
    let sudo = "tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$PPID/cmdline; env"
    let outcome = try run(login, sudo: sudo, password: "sesame", input: "")
    #expect(outcome.text.contains("-S"))
    #expect(!outcome.text.contains("sesame"))
  }

  @Test("root needs nothing, and without a password sudo must not ask")
  func plain() {
    for (user, password) in [("root", Secret([1])), ("root", nil), ("fleet", nil)] as [(String, Secret?)] {
      #expect(Elevation(of: user, password: password).preamble.isEmpty)
    }
    #expect(Elevation(of: "root", password: Secret([1])).words.isEmpty)
  }

  @Test("a password is one line of bounded length")
  func passwords() {
    for text in ["", "a\nb", "a\rb", "a\u{0}b", String(repeating: "a", count: 513)] {
      #expect(!Elevation.accepts(password: Secret(Array(text.utf8))), "\(text)")
    }
    for text in Self.hostile { #expect(Elevation.accepts(password: Secret(Array(text.utf8)))) }
  }
}
