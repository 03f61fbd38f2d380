import Testing

@testable import FleetModel

@Suite("files")
struct FilesTests {
  private static let motd = "files: [{path: /etc/motd, content: \"new\\n\"}]"

  private func fixture(_ file: String, _ answer: FileAnswer) -> ModelFixture {
    var fixture = ModelFixture("files: [{path: /etc/motd, \(file)}]")
    fixture.files = ["/etc/motd": answer]
    return fixture
  }

  @Test("a file in sync has nothing to do")
  func inSync() throws {
    let plan = try ModelFixture(Self.motd).plan(Files.self)
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty && plan.requests.isEmpty)
  }

  @Test("a file that is not there is added, and shown as a whole")
  func addition() throws {
    let plan = try fixture("content: \"a\\nb\\n\", mode: \"0600\", owner: pi", .absent).plan(Files.self)
    #expect(
      plan.changes == [Change(.add, Files.kind, "/etc/motd", diff: ["+a", "+b"], note: "mode 0600, pi:root")]
    )
    let digest = try #require(Content("a\nb\n").digest(with: SecretVault()))
    let input = StepInput(
      [["/etc/motd", "0600", "pi", "root", "absent", digest, "shown"], [], []], payload: Content("a\nb\n"))
    #expect(plan.steps == [Step("write /etc/motd", .run(.writeFile, input))])
  }

  @Test("other content is a unified diff, and the step names the content that it replaces")
  func change() throws {
    let plan = try fixture("content: \"a\\nB\\n\"", .regular("a\nb\n")).plan(Files.self)
    #expect(plan.changes == [Change(.change, Files.kind, "/etc/motd", diff: [" a", "-b", "+B"])])
    #expect(plan.lines(of: .writeFile).first?[4] == Content("a\nb\n").digest(with: SecretVault()))
  }

  @Test("content that cannot be shown is told by its size")
  func binary() throws {
    let plan = try fixture("content: text", .bytes([0xFF, 0xFE, 0x00])).plan(Files.self)
    #expect(plan.changes == [Change(.change, Files.kind, "/etc/motd", note: "3 bytes on the node, not shown")])
  }

  @Test("mode and owner are changes of their own, made by the same step")
  func attributes() throws {
    let plan = try fixture("content: x, group: adm", .regular("x", mode: "4755", owner: "pi")).plan(Files.self)
    #expect(
      plan.changes == [
        Change(.change, Files.kind, "/etc/motd mode", from: .text("4755"), to: .text("0644")),
        Change(.change, Files.kind, "/etc/motd owner", from: .text("pi:root"), to: .text("root:adm")),
      ]
    )
    #expect(plan.changeSets.count == 1 && plan.steps.count == 1)
  }

  @Test("a secret shows only that it differs, and its default mode lets nobody else read it")
  func secret() throws {
    var fixture = fixture("content: {secret: wifi}", .regular("old-secret"))
    fixture.vault = SecretVault(["wifi": Secret(Array("new-secret".utf8))])
    let plan = try fixture.plan(Files.self)
    #expect(
      plan.changes.map(\.before) == [.secret, .text("0644")] && plan.changes.map(\.after) == [.secret, .text("0600")])
    #expect(plan.changes.flatMap(\.diff) == [])
    var dumped = ""
    dump(plan, to: &dumped)
    #expect(!dumped.contains("old-secret") && !dumped.contains("new-secret"))
    let lines = try #require(try fixture.node().resource(of: Files.self)).probeLines(
      of: try fixture.node(), with: fixture.vault)
    #expect(lines.map { $0.dropFirst() } == [["secret", "/etc/motd"]])
    #expect(lines.first?.first?.count == 64)
  }

  @Test("a secret that is missing refuses the file, and is never taken for empty")
  func missingSecret() throws {
    var fixture = fixture("content: {secret: wifi}", .regular(""))
    fixture.sections["file"] = FileAnswer.regular("").records(of: "/etc/motd", 0)
    let plan = try fixture.plan(Files.self)
    #expect(plan.changeSets.isEmpty && plan.refusals == [.secretMissing])
  }

  @Test("absent removes the file, and is content when there is none")
  func removal() throws {
    #expect(try fixture("state: absent", .absent).plan(Files.self).changeSets.isEmpty)
    let plan = try fixture("state: absent", .regular("a\n")).plan(Files.self)
    #expect(plan.changes == [Change(.remove, Files.kind, "/etc/motd", diff: ["-a"])])
    let digest = try #require(Content("a\n").digest(with: SecretVault()))
    #expect(plan.steps.map(\.action) == [.run(.removeFile, StepInput([["/etc/motd", digest], []]))])
  }

  @Test("a removed file that others cannot read on the node is not shown in a plan", arguments: ["0600", "0640"])
  func privateRemoval(_ mode: String) throws {
    let plan = try fixture("state: absent", .regular("psk=hunter2\n", mode: mode)).plan(Files.self)
    #expect(plan.changes == [Change(.remove, Files.kind, "/etc/motd")])
  }

  @Test("only regular files are replaced or removed", arguments: ["content: x", "state: absent"])
  func notRegular(_ file: String) throws {
    for (answer, what) in [(FileAnswer.link(to: "/a\tb"), "a symbolic link to /a\tb"), (.directory, "a directory")] {
      let plan = try fixture(file, answer).plan(Files.self)
      #expect(plan.changeSets.isEmpty && plan.refusals == [.fileNotRegular])
      #expect(plan.findings.first?.message.contains("/etc/motd is \(what) on the node") == true)
    }
  }

  @Test("a file that the answer says nothing of is not absent")
  func unanswered() throws {
    var fixture = ModelFixture(Self.motd)
    fixture.sections["file"] = []
    let plan = try fixture.plan(Files.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.probeGarbled])
  }

  @Test(
    "a garbled record is an error",
    arguments: [
      [("stat/0", "/etc/motd")], [("stat/0", "regular file\t644\t/etc/motd")],
      [("stat/0", "regular file\t644\troot\troot\tbig\t\t/etc/motd")],
      [("stat/0", "regular file\t644\troot\troot\t1\t\t/etc/motd")],
      [("stat/0", "regular file\t644\troot\troot\t1\t\t/etc/motd"), ("sha/0", "abc")],
    ]
  )
  func garbled(_ records: [(String, String)]) throws {
    var fixture = ModelFixture(Self.motd)
    fixture.sections["file"] = records.map { (key: $0.0, text: $0.1) }
    #expect(throws: ProbeError.self) { try fixture.plan(Files.self) }
    #expect(try fixture.plan().failure?.reason == .probeGarbled)
  }

  @Test("units are notified by their full name, and the plan says so")
  func notify() throws {
    let plan = try fixture("content: x, notify: [b, a.socket, b.service]", .absent).plan(Files.self)
    #expect(plan.requests == [.restart(unit: "a.socket"), .restart(unit: "b.service")])
    #expect(plan.changes.first?.note == "restarts a.socket, b")
    #expect(plan.lines(of: .writeFile).last == ["a.socket", "b.service"])
  }

  @Test("validation needs the new file once")
  func validate() {
    for validate in ["[\"visudo -cf %s\"]", "[a, \"%s\", \"%s\"]", "[a]"] {
      let text = InventoryText.decode(
        InventoryText.fleet,
        InventoryText.node(spec: "files: [{path: /a, content: a, validate: \(validate)}]")
      ).messages.joined()
      #expect(text.contains("files /a: \"validate\" needs %s once, as an argument of its own"))
    }
  }

  @Test("content must be given, unless the file shall go")
  func missingContent() {
    let text = InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: "files: [{path: /a}]")).messages
      .joined()
    #expect(text.contains("files /a: \"content\" is missing"))
  }
}

@Suite("files that can lock fleetd out")
struct GuardedFilesTests {
  private func plan(_ path: String, _ more: String = "") throws -> KindPlan {
    var fixture = ModelFixture("files: [{path: \(path), content: x\(more)}]")
    fixture.files = [path: .absent]
    return try fixture.plan(Files.self)
  }

  @Test(
    "are tried by a new login before the undo timer is disarmed",
    arguments: ["/etc/ssh/sshd_config.d/a.conf", "/etc/sudoers.d/fleet", "/etc/pam.d/sshd", "/etc/netplan/1.yaml"]
  )
  func guarded(_ path: String) throws {
    let plan = try plan(path, ", notify: ssh")
    #expect(
      plan.steps.map(\.title) == [
        "arm the undo timer", "write \(path)", "restart ssh.service", "log in anew", "disarm the undo timer",
      ]
    )
    #expect(plan.steps.first?.action == .run(.armGuard, StepInput([["60"], [path], ["ssh.service"]])))
    #expect(plan.steps.contains { $0.action == .verifyAccess })
  }

  @Test("ask for no second restart: the guard has made it")
  func restartOnce() throws {
    #expect(try plan("/etc/ssh/sshd_config", ", notify: ssh").requests.isEmpty)
    #expect(try plan("/etc/motd", ", notify: ssh").requests == [.restart(unit: "ssh.service")])
  }

  @Test("are checked by their own tools")
  func validation() throws {
    for (path, tool) in [
      ("/etc/sudoers.d/fleet", ["visudo", "-c", "-q", "-f", "%s"]),
      ("/etc/ssh/sshd_config", ["/usr/sbin/sshd", "-t", "-f", "%s"]),
      ("/etc/motd", []),
    ] {
      #expect(try plan(path).lines(of: .writeFile)[1] == tool)
    }
  }

  @Test("do not include others", arguments: ["/etc/motd", "/etc/sshd", "/etc/sudoers.bak", "/home/etc/ssh/x"])
  func others(_ path: String) throws {
    #expect(try plan(path).steps.map(\.title) == ["write \(path)"])
  }
}
