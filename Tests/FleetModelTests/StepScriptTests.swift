import Testing

@testable import FleetModel

@Suite("the steps' scripts")
struct StepScriptTests {
  private static let scripts: [StepScript] = [
    .setHostname, .writeFile, .removeFile, .editBootFile, .recordReboot, .recordBoot, .setSysctl, .units, .armGuard,
    .disarmGuard,
  ]

  /// Without the lock, which is root's; nothing here writes outside `folder`.
  private func run(
    _ script: StepScript, _ input: StepInput, stubs: String = "", by shell: Shell
  ) throws -> Shell.Outcome {
    let bytes = try #require(StepPrelude.input(input, with: SecretVault()))
    return try shell.run([StepPrelude.sharedFunctions, stubs, script.text].joined(separator: "\n"), input: bytes)
  }

  /// The script must not touch the machine's own /run.
  private static let owesNothing = "owe_restarts() { :; }; chown() { :; }"

  @Test("every shell accepts their syntax", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    for script in Self.scripts {
      #expect(try shell.complaint(about: StepPrelude.text(for: script)) == nil, "\(script.name)")
    }
  }

  @Test("names can stand in a systemd unit's name, each once")
  func names() {
    #expect(Self.scripts.allSatisfy { $0.name.allSatisfy { ("a"..."z").contains($0) || $0 == "-" } })
    #expect(Set(Self.scripts.map(\.name)).count == Self.scripts.count)
  }

  @Test("a shell runs nothing of a text that was cut off", arguments: Shell.all)
  func cutOff(_ shell: Shell) throws {
    let text = StepPrelude.text(for: StepScript("test", "echo one\necho two"))
    for cut in 1...2 {
      let outcome = try shell.run(String(text.dropLast(cut)), input: [])
      #expect(outcome.status != 0 && outcome.output.isEmpty)
    }
  }

  @Test("a file is written with its mode, through a directory that is made for it", arguments: Shell.all)
  func writing(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("new dir/it's $(a) file")
    let content = Content("one\ntwo\n")
    let digest = try #require(content.digest(with: SecretVault()))
    let lines = [
      [path, "0640", "root", "root", "absent", digest, "shown"], ["grep", "-q", "two", "%s"], ["ssh.service"],
    ]
    let outcome = try run(.writeFile, StepInput(lines, payload: content), stubs: Self.owesNothing, by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try folder.read("new dir/it's $(a) file") == Array("one\ntwo\n".utf8))
    #expect(try shell.run("stat -c %a -- \"$1\"", [path]).text == "640\n")
    #expect(try shell.run("ls -A -- \"$1\"", [folder.path("new dir")]).text == "it's $(a) file\n")
  }

  @Test("what a validation refuses never gets the file's name, and the validator is quoted", arguments: Shell.all)
  func refused(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("old\n".utf8), to: "file")
    let digests = try ["old\n", "new\n"].map { try #require(Content($0).digest(with: SecretVault())) }
    let lines = [
      [folder.path("file"), "0644", "root", "root"] + digests + ["shown"],
      ["sh", "-c", "echo line 3 is wrong >&2; exit 4", "%s"], [],
    ]
    let outcome = try run(.writeFile, StepInput(lines, payload: Content("new\n")), stubs: Self.owesNothing, by: shell)
    #expect(outcome.status == 69)
    #expect(outcome.error == "the new content is refused by its validation (exit 4): line 3 is wrong\n")
    #expect(try folder.read("file") == Array("old\n".utf8))
    #expect(try shell.run("ls -A -- \"$1\"", [folder.path]).text == "file\n")
  }

  @Test("what changed since the observation is left alone", arguments: Shell.all)
  func changedMeanwhile(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("somebody's\n".utf8), to: "file")
    let digest = try #require(Content("new\n").digest(with: SecretVault()))
    let lines = [[folder.path("file"), "0644", "root", "root", "absent", digest, "shown"], [], []]
    let input = StepInput(lines, payload: Content("new\n"))
    #expect(try run(.writeFile, input, stubs: Self.owesNothing, by: shell).status == 65)
    let removal = StepInput([[folder.path("file"), digest], []])
    #expect(try run(.removeFile, removal, stubs: Self.owesNothing, by: shell).status == 65)
    #expect(try folder.read("file") == Array("somebody's\n".utf8))
  }

  @Test("input that is cut off anywhere writes nothing", arguments: Shell.all)
  func truncatedInput(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let content = Content("one\ntwo\n")
    let digest = try #require(content.digest(with: SecretVault()))
    let lines = [[folder.path("file"), "0644", "root", "root", "absent", digest, "shown"], [], ["ssh.service"]]
    let bytes = try #require(StepPrelude.input(StepInput(lines, payload: content), with: SecretVault()))
    let script = [StepPrelude.sharedFunctions, Self.owesNothing, StepScript.writeFile.text].joined(separator: "\n")
    for length in stride(from: 0, to: bytes.count, by: 5) {
      #expect(try shell.run(script, input: Array(bytes.prefix(length))).status != 0, "\(length) bytes")
    }
    #expect(try shell.run("ls -A -- \"$1\"", [folder.path]).output.isEmpty)
  }

  @Test("a file is removed", arguments: Shell.all)
  func removing(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("old\n".utf8), to: "a file")
    let digest = try #require(Content("old\n").digest(with: SecretVault()))
    let outcome = try run(
      .removeFile,
      StepInput([[folder.path("a file"), digest], []]),
      stubs: Self.owesNothing,
      by: shell
    )
    #expect(outcome.status == 0)
    #expect(!folder.contains("a file"))
  }
}
