import Testing

@testable import FleetModel

@Suite("what every step may use")
struct StepPreludeTests {
  private static let hostile = [
    "plain", "two words", "$(touch x)", "`touch x`", "*", "-n", "--", "%s%s", "a;b|c&d", "\"", "'", "\\", "!", "(", "=",
    "ä€",
  ]

  private func run(
    _ script: String, by shell: Shell, _ arguments: [String] = [], input: [UInt8] = []
  ) throws -> Shell.Outcome {
    try shell.run(StepPrelude.sharedFunctions + "\n" + script, arguments, input: input)
  }

  @Test("run_words runs exactly the words, with %s replaced", arguments: Shell.all)
  func runWords(_ shell: Shell) throws {
    let outcome = try run(
      #"show() { for word; do printf '<%s>' "$word"; done; }; read_words; run_words "$words" "/new file""#,
      by: shell,
      input: NodeScript.line(["show"] + Self.hostile + ["%s", ""])
    )
    #expect(outcome.text == (Self.hostile + ["/new file"]).map { "<\($0)>" }.joined())
    #expect(outcome.status == 0 && outcome.error.isEmpty)
  }

  @Test("run_words hands on the status of what it ran", arguments: Shell.all)
  func status(_ shell: Shell) throws {
    let input = NodeScript.line(["sh", "-c", "exit 7"])
    #expect(try run("read_words; run_words \"$words\" f", by: shell, input: input).status == 7)
  }

  @Test("each_word calls a function once a word, and stops at the first that fails", arguments: Shell.all)
  func eachWord(_ shell: Shell) throws {
    let all = try run(
      #"show() { printf '<%s>' "$1"; }; read_words; each_word show "$words""#,
      by: shell,
      input: NodeScript.line(Self.hostile)
    )
    #expect(all.text == Self.hostile.map { "<\($0)>" }.joined())
    let some = try run(
      #"show() { printf '<%s>' "$1"; [ "$1" != b ]; }; read_words; each_word show "$words" || echo no"#,
      by: shell,
      input: NodeScript.line(["a", "b", "c"])
    )
    #expect(some.text == "<a><b>no\n")
    #expect(try run(#"show() { echo called; }; each_word show """#, by: shell).output.isEmpty)
  }

  @Test("read_words dies where the input ends early", arguments: Shell.all)
  func earlyEnd(_ shell: Shell) throws {
    for input in ["", "no line break"] {
      let outcome = try run("read_words; echo went on", by: shell, input: Array(input.utf8))
      #expect(outcome.status == 65 && outcome.error == "the input ends early\n" && outcome.output.isEmpty)
    }
  }

  @Test("a payload arrives byte by byte behind its lines", arguments: Shell.all)
  func payload(_ shell: Shell) throws {
    let secret = Secret([0x00, 0xFF, 0x0A, 0x0D, 0x0A, 0x24])
    let content = Content([.text("text\n"), .secret(SecretReference("s"))])
    let input = try #require(
      StepPrelude.input(StepInput([["a", "b"]], payload: content), with: SecretVault(["s": secret]))
    )
    let outcome = try run("read_words; read_payload; cat", by: shell, input: input + Array("rest".utf8))
    #expect(outcome.output == Array("text\n".utf8) + [0x00, 0xFF, 0x0A, 0x0D, 0x0A, 0x24] + Array("rest".utf8))
  }

  @Test("a payload that is cut off, or longer than it says, is an error", arguments: Shell.all)
  func cutPayload(_ shell: Shell) throws {
    for input in ["", "4", "4\n", "4\nabc", "4\nabcd", "4\nabcd\n", "4\nabcdend", "4\nabcdeend\n"] {
      let outcome = try run("read_payload > /dev/null; echo went on", by: shell, input: Array(input.utf8))
      #expect(outcome.status == 65 && outcome.error == "the input ends early\n" && outcome.output.isEmpty, "\(input)")
    }
  }

  @Test("expect_digest accepts what was observed and nothing else", arguments: Shell.all)
  func expectDigest(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let name = "it's $(a) file"
    let digest = try #require(Content("x\n").digest(with: SecretVault()))
    func status(_ expected: String) throws -> Int32 {
      try run(#"expect_digest "$1" "$2""#, by: shell, [folder.path(name), expected]).status
    }
    #expect(try status("absent") == 0)
    #expect(try status(digest) == 65)
    try folder.write(Array("x\n".utf8), to: name)
    #expect(try status(digest) == 0)
    #expect(try status("absent") == 65)
    #expect(try status("") == 65)
    try folder.write(Array("y\n".utf8), to: name)
    #expect(try status(digest) == 65)
  }

  @Test("expect_digest takes a link for no file, wherever it leads", arguments: Shell.all)
  func expectDigestOfLink(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let digest = try #require(Content("x\n").digest(with: SecretVault()))
    try folder.write(Array("x\n".utf8), to: "target")
    for (target, expected) in [("target", digest), ("nowhere", "absent")] {
      let outcome = try run(
        #"ln -sf "$2" "$1"; expect_digest "$1" "$3""#,
        by: shell,
        [folder.path("link"), target, expected]
      )
      #expect(outcome.status == 65 && outcome.error.hasSuffix("is not what it was when it was observed\n"))
    }
  }

  @Test("die ends with its status and its message on standard error", arguments: Shell.all)
  func die(_ shell: Shell) throws {
    let outcome = try run(#"die 69 "-n \\ $(printf %s x)""#, by: shell)
    #expect(outcome.status == 69 && outcome.error == "-n \\ x\n" && outcome.output.isEmpty)
  }
}
