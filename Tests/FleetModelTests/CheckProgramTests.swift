import Testing

@testable import FleetModel

@Suite("the program for keys that may only look")
struct CheckProgramTests {
  private static func lines(_ paths: String..., flag: String = "shown") -> [[String]] {
    [["section", "file", "0"]] + paths.map { ["file", "*", flag, $0] }
  }

  private static func denied(_ transcript: ProbeTranscript) -> [[String]] {
    transcript.sections["grant"]?.table("denied").filter { $0 != [""] } ?? []
  }

  @Test("every shell accepts its syntax", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    #expect(try shell.complaint(about: CheckProgram.text) == nil)
  }

  @Test("it names itself by its digest, and has an answer for all that the inventory asks", arguments: Shell.all)
  func granted(_ shell: Shell) throws {
    let node = try ModelFixture(
      "files: [{path: /etc/issue, content: x}], sysctl: {kernel.ostype: Linux}, directories: [{path: /etc}]"
    ).node()
    let fixture = try CheckProgramFixture(CheckGrant(of: node).lines)
    let transcript = try fixture.ask(node.checkRequests(with: SecretVault()), by: shell)
    #expect(Self.denied(transcript) == [])
    let asked = Set(node.resources.map { type(of: $0).kind.name })
    #expect(Set(transcript.sections.keys) == asked.union(["grant"]))
    #expect(transcript.sections["grant"]?.word("program")?.count == 64)
    #expect(transcript.sections["sysctl"]?.text("live")?.contains("Linux") == true)
  }

  @Test("a digest leaves sealed, unless the question names it", arguments: Shell.all)
  func sealed(_ shell: Shell) throws {
    let files = try TemporaryFolder()
    try files.write(Array("secret\n".utf8), to: "a")
    let path = files.path("a")
    let fixture = try CheckProgramFixture(Self.lines(path, flag: "secret"))
    let digest = try #require(Content("secret\n").digest(with: SecretVault()))
    for (asked, answer) in [("unknown", CheckProgramFixture.sealed(digest)), (digest, digest)] {
      let section = try fixture.ask([ProbeRequest(Files.kind, [[asked, "secret", path]])], by: shell).section(
        Files.kind)
      #expect(section.word("sha/0") == answer)
      #expect(section.bytes("text/0") == nil)
    }
    let known = ProbeRequest(ResourceKind("known"), [[digest]])
    let section = try fixture.ask([known, ProbeRequest(Files.kind, [["unknown", "secret", path]])], by: shell)
      .section(Files.kind)
    #expect(section.word("sha/0") == digest)
  }

  @Test("text leaves as far as the account without rights can read it")
  func text() throws {
    let files = try TemporaryFolder()
    try files.write(Array("text\n".utf8), to: "a")
    let question = ProbeRequest(Files.kind, [["unknown", "shown", files.path("a")]])
    let readable = try CheckProgramFixture(Self.lines(files.path("a"))).ask([question])
    #expect(try readable.section(Files.kind).text("text/0") == "text\n")
    let unreadable = try CheckProgramFixture(Self.lines(files.path("a")), reader: "false").ask([question])
    #expect(try unreadable.section(Files.kind).bytes("text/0") == nil)
    #expect(try unreadable.section(Files.kind).text("stat/0")?.hasSuffix(files.path("a")) == true)
  }

  @Test("what the list does not have is told as denied, and not looked at", arguments: Shell.all)
  func denied(_ shell: Shell) throws {
    let files = try TemporaryFolder()
    let path = files.path("a")
    for name in ["a", "b"] { try files.write(Array("x".utf8), to: name) }
    let fixture = try CheckProgramFixture(
      Self.lines(path, flag: "secret") + [
        ["section", "sysctl", "0"], ["sysctl", "kernel/ostype"], ["section", "package", "1"], ["package", "amd64"],
        ["package", "dash", "*"],
      ])
    let questions = [
      ProbeRequest(
        Files.kind,
        [
          ["unknown", "secret", path], ["unknown", "secret", path], ["unknown", "secret", files.path("b")],
          ["unknown", "shown", path], ["unknown", "secret", "\(path)/../b"], ["unknown", "secret", "/etc/shadow"],
          ["unknown", "k3s", path], [path],
        ]),
      ProbeRequest(Sysctl.kind, [["../../etc/shadow"], ["kernel/ostype"]]),
      ProbeRequest(
        Packages.kind,
        [
          ["amd64"], ["dash", "*", "present"], ["-oAPT::Update::Pre-Invoke::=touch", "*", "present"],
          ["dash", "*;touch", "present"], ["dash", "*", "gone"],
        ]),
      ProbeRequest(Users.kind, [["root", "yes", "yes"]]), ProbeRequest(K3s.kind, [["k3s.service", "x"]]),
    ]
    let transcript = try fixture.ask(questions, by: shell)
    #expect(Set(transcript.sections.keys) == ["grant", "file", "sysctl", "package"])
    #expect(transcript.sections["file"]?.records.map(\.key) == ["stat/0", "sha/0"])
    #expect(transcript.sections["sysctl"]?.text("live")?.contains("Linux") == true)
    let denied = Self.denied(transcript)
    #expect(denied.filter { $0[0] == "file" }.count == 7)
    #expect(denied.filter { $0[0] == "package" }.count == 3)
    #expect(denied.contains(["sysctl", "../../etc/shadow"]))
    #expect(denied.contains(["user"]) && denied.contains(["k3s"]))
  }

  @Test("lines that mean something by their place must stand there")
  func places() throws {
    let fixture = try CheckProgramFixture([
      ["section", "package", "1"], ["package", "amd64"], ["package", "dash", "*"],
    ])
    for lines in [[["dash", "*", "present"], ["amd64"]], [["dash", "*", "present"]], []] {
      let transcript = try fixture.ask([ProbeRequest(Packages.kind, lines)])
      #expect(transcript.sections["package"] == nil)
      #expect(Self.denied(transcript).contains(["package"]))
    }
  }

  @Test(
    "what is no question is refused as a whole, and nothing of it is run",
    arguments: [
      "", "\n", "touch CANARY\n", "section file\n", "section file 1 1\n", "section file -1\n", "section File 0\n",
      "section file 2\nunknown\tshown\t/etc/motd\n", "section file 0\nsection file 0\n", "section file 99999\n",
      "section $(touch${IFS}CANARY) 0\n", "section file;touch 0\n", "section file 1\n\u{1}\n", "section file 1\na\rb\n",
      "41\nIFS= read -r x; touch CANARY; echo hacked\n\n", "section known 1\nshort\n", "section grant 0\u{0}\n",
    ])
  func malformed(_ question: String) throws {
    let fixture = try CheckProgramFixture(Self.lines("/etc/motd"))
    let canary = fixture.folder.path("canary")
    for shell in Shell.all {
      let outcome = try fixture.run(Array(question.replacing("CANARY", with: canary).utf8), by: shell)
      #expect(outcome.status == 65, "\(outcome.text)")
      #expect(outcome.output.isEmpty)
      #expect(!fixture.folder.contains("canary"))
    }
  }

  @Test("lines that a shell would run are questions that nobody may ask", arguments: Shell.all)
  func quoting(_ shell: Shell) throws {
    let fixture = try CheckProgramFixture(Self.lines("/etc/motd"))
    let canary = fixture.folder.path("canary")
    let lines = ["$(touch \(canary))", "`touch \(canary)`", "'; touch \(canary); '", "\\\n", "%s%n", "-e", "--", "*"]
    let transcript = try fixture.ask([ProbeRequest(Files.kind, lines.map { ["unknown", "shown", $0] })], by: shell)
    #expect(Self.denied(transcript).count == lines.count)
    #expect(transcript.sections["file"]?.records.isEmpty == true)
    #expect(!fixture.folder.contains("canary"))
  }

  @Test("a question of more than 256 KiB is refused")
  func long() throws {
    let fixture = try CheckProgramFixture(Self.lines("/etc/motd"))
    let outcome = try fixture.run(Array("section file 1\n".utf8) + Array(repeating: 0x61, count: 1 << 20))
    #expect(outcome.status == 65 && outcome.error.contains("256 KiB"))
  }

  @Test("passwords in fstab are hidden, and nothing else of it", arguments: Shell.all)
  func fstab(_ shell: Shell) throws {
    let functions = CheckProgram.text.prefix(
      upTo: try #require(CheckProgram.text.firstRange(of: "\nrefuse() {")).lowerBound)
    let script = "\(functions)\n}\nmask \"$1\"; printf %s \"$masked\""
    let plain = "# a\nUUID=1 / ext4 defaults,user 0 1\n//nas/a /a cifs credentials=/etc/c,username=me 0 0\n"
    #expect(try shell.run(script, [plain]).text == plain)
    let hidden = try shell.run(
      script, ["//u:pw1@nas/a /a cifs password=pw2,rw,PASS=pw3,user=me%pw4 0 0\nm:/ /c ceph name=a,secret=pw5 0 0\n"])
    #expect(!hidden.text.contains("pw"))
    #expect(hidden.text.contains("rw,") && hidden.text.contains("user=me%hidden") && hidden.text.contains("name=a"))
  }
}
