import Testing

@testable import FleetModel

@Suite("users")
struct UsersTests {
  private static let alice = AuthorizedKeyTests.alice
  private static let bob = AuthorizedKeyTests.bob
  private static let passwd =
    "root:x:0:0::/root:/bin/bash\nalice:x:1001:1001:Alice:/home/alice:/bin/bash\n"
    + "fleet:x:1000:1000::/home/fleet:/bin/bash\n"
  private static let group = "root:x:0:\nvideo:x:44:bob\nalice:x:1001:\nfleet:x:1000:\n"

  private func plan(
    _ users: String,
    _ records: [ModelFixture.Record] = [],
    _ vary: (inout ModelFixture) -> Void = { _ in }
  ) throws -> KindPlan {
    var fixture = ModelFixture("users: {\(users)}")
    fixture.sections["user"] =
      [("passwd", Self.passwd), ("group", Self.group), ("home", "alice"), ("home", "fleet")] + records
    vary(&fixture)
    return try fixture.plan(Users.self)
  }

  /// The commands of shadow-utils that the steps run.
  private func commands(_ plan: KindPlan) -> [[String]] {
    plan.steps.compactMap { step in
      guard case .run(.account, let input) = step.action else { return nil }
      return input.lines.last
    }
  }

  @Test("an account that is as it is wanted, or gone as it shall be, needs nothing")
  func inSync() throws {
    let plan = try plan(
      "alice: {uid: 1001, group: alice, shell: /bin/bash, comment: Alice}, carol: {state: absent}, fleet: {}")
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("a new account is made in one call, by options that are data")
  func added() throws {
    let plan = try plan("carol: {uid: 2000, groups: [video], comment: \"Carol; rm -rf /\", home: /srv/carol}")
    #expect(
      commands(plan) == [
        [
          "useradd", "--shell", "/bin/bash", "--create-home", "--user-group", "--uid", "2000", "--groups", "video",
          "--home-dir", "/srv/carol", "--comment", "Carol; rm -rf /", "carol",
        ]
      ])
    #expect(plan.changes.map(\.note) == ["uid 2000; shell /bin/bash; groups video"])
  }

  @Test("a system account has no home and no shell; a group of its name that is there is its own")
  func system() throws {
    let commands = commands(try plan("video: {system: true}"))
    #expect(
      commands == [
        ["useradd", "--shell", "/usr/sbin/nologin", "--no-create-home", "--system", "--gid", "video", "video"]
      ])
  }

  @Test("what differs is changed in one call, over the account that was observed; groups are only added")
  func changed() throws {
    let plan = try plan("alice: {shell: /bin/sh, groups: [video], comment: A}")
    #expect(plan.changes.map(\.name) == ["alice shell", "alice comment", "alice groups"])
    #expect(
      commands(plan) == [["usermod", "--shell", "/bin/sh", "--comment", "A", "--append", "--groups", "video", "alice"]])
    #expect(plan.lines(of: .account).first == ["alice", "alice:x:1001:1001:Alice:/home/alice:/bin/bash"])
  }

  @Test("an account goes without its home, unless that is said")
  func removed() throws {
    #expect(commands(try plan("alice: {state: absent}")) == [["userdel", "alice"]])
    let whole = try plan("alice: {state: absent, removeHome: true}")
    #expect(commands(whole) == [["userdel", "--remove", "alice"]])
    #expect(whole.changes.map(\.note) == ["with its home /home/alice"])
  }

  @Test("keys are added to those that are there; a key with other options is replaced where it stands")
  func keys() throws {
    let file: ModelFixture.Record = ("keys", "alice\n# mine\n\(Self.bob) bob\nsomething else\n")
    let plan = try plan("alice: {authorizedKeys: {keys: [\"\(Self.alice) a\", 'restrict \(Self.bob)']}}", [file])
    guard case .run(.authorizedKeys, let input) = plan.steps.first?.action else {
      Issue.record("no step for the keys")
      return
    }
    #expect(input.payload?.text == "# mine\nrestrict \(Self.bob)\nsomething else\n\(Self.alice) a\n")
    #expect(plan.changes.first?.diff.map { $0.prefix(10) } == ["-ssh-ed255", "+restrict ", "+ssh-ed255"])
    #expect(input.lines.first?[1].count == 64)
  }

  @Test("exclusive keys take all others away, and say which; what is no key is counted, not shown")
  func exclusive() throws {
    let file: ModelFixture.Record = ("keys", "alice\n\(Self.bob) bob\nroot:$6$secret\n\(Self.alice)\n")
    let plan = try plan("alice: {authorizedKeys: {exclusive: true, keys: [\"\(Self.alice)\"]}}", [file])
    let key = try #require(AuthorizedKey(Self.bob + " bob"))
    #expect(plan.changes.first?.diff == ["-\(key.shown)", "-1 lines that fleetd does not know"])
    #expect(!"\(plan.changes)".contains("secret"))
  }

  @Test("keys that let in whom they shall are left alone, whatever their comments and their order")
  func keysInSync() throws {
    let file: ModelFixture.Record = ("keys", "alice\n\(Self.bob) x\n\n\(Self.alice) y\n")
    for exclusive in ["true", "false"] {
      let plan = try plan(
        "alice: {authorizedKeys: {exclusive: \(exclusive), keys: [\"\(Self.alice)\", \"\(Self.bob)\"]}}",
        [file, ("modes", "alice\n700\n600")])
      #expect(plan.changeSets.isEmpty)
    }
  }

  @Test("a file that sshd ignores, because others may write to it, is mended with its text as it is")
  func openFile() throws {
    let file: ModelFixture.Record = ("keys", "alice\n# x\n\(Self.alice) y\n")
    let plan = try plan(
      "alice: {authorizedKeys: {keys: [\"\(Self.alice)\"]}}", [file, ("modes", "alice\n700\n664")])
    #expect(plan.changes.map(\.note) == ["sshd ignores it: others may write to it"])
    guard case .run(.authorizedKeys, let input) = plan.steps.first?.action else { return }
    #expect(input.payload?.text == "# x\n\(Self.alice) y\n")
  }

  @Test("a link in place of the file is refused, unless the keys are exclusive: then it is replaced")
  func link() throws {
    let record: ModelFixture.Record = ("keys-other", "alice\ta symbolic link")
    let refused = try plan("alice: {authorizedKeys: {keys: [\"\(Self.alice)\"]}}", [record])
    #expect(refused.changeSets.isEmpty && refused.findings.map(\.reason) == [.fileNotRegular])
    let replaced = try plan("alice: {authorizedKeys: {exclusive: true, keys: [\"\(Self.alice)\"]}}", [record])
    #expect(replaced.changes.map(\.note) == ["in place of a symbolic link"])
  }

  @Test("a password is compared by the digest of its hash, and never shown")
  func password() throws {
    let hash = "$6$salt$hash"
    let digest = try #require(Content(hash).digest(with: SecretVault()))
    for (record, count) in [("alice\t\(digest)", 0), ("alice\tlocked", 1), ("alice\tnone", 1)] {
      let plan = try plan("alice: {password: {secret: pw}}", [("password", record)]) {
        $0.vault = SecretVault(["pw": Secret(Array(hash.utf8))])
      }
      #expect(plan.changes.count == count && !"\(plan)".contains("salt"))
    }
    let missing = try plan("alice: {password: {secret: pw}}", [("password", "alice\tlocked")])
    #expect(missing.changeSets.isEmpty && missing.findings.map(\.reason) == [.secretMissing])
  }

  @Test("a password is locked once")
  func locked() throws {
    #expect(try plan("alice: {password: locked}", [("password", "alice\tlocked")]).changeSets.isEmpty)
    let plan = try plan("alice: {password: locked}", [("password", "alice\tabc")])
    #expect(commands(plan) == [["usermod", "--lock", "alice"]])
  }

  @Test(
    "what would end fleetd's own way in is refused",
    arguments: [
      "state: absent", "password: locked", "shell: /usr/sbin/nologin", "home: /srv/fleet",
      "authorizedKeys: {exclusive: true, keys: []}",
    ])
  func accountInUse(_ wish: String) throws {
    let plan = try plan("fleet: {\(wish)}", [("password", "fleet\tabc")])
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.accountInUse])
    #expect(plan.findings.allSatisfy { $0.severity == .refused })
  }

  @Test("other changes to fleetd's account are undone by the node unless a new login works")
  func guarded() throws {
    let plan = try plan("fleet: {groups: [video], authorizedKeys: {keys: [\"\(Self.alice)\"]}}")
    #expect(
      plan.steps.map(\.title) == [
        "arm the undo timer", "usermod fleet", "write authorized_keys of fleet", "log in anew", "disarm the undo timer",
      ])
    guard case .run(.armGuard, let input) = plan.steps.first?.action else { return }
    #expect(input.lines[1].contains("/home/fleet/.ssh/authorized_keys") && input.lines[1].contains("/etc/shadow"))
  }

  @Test("a uid that is another's, or that would leave files to nobody, is refused")
  func numbers() throws {
    for users in ["carol: {uid: 1001}", "alice: {uid: 3000}"] {
      let plan = try plan(users)
      #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.accountConflict])
    }
  }

  @Test("a group that is not there blocks, unless a kind before may bring it")
  func groups() throws {
    #expect(try plan("alice: {groups: [docker]}").findings.map(\.reason) == [.groupNotFound])
    let brought = try plan("alice: {groups: [docker]}") { $0.hasChangesBefore = true }
    #expect(brought.findings.isEmpty && brought.changes.map(\.name) == ["alice groups"])
  }

  @Test("a home that is missing is made before keys are put into it")
  func home() throws {
    let plan = try plan("root: {authorizedKeys: {keys: [\"\(Self.alice)\"]}}")
    #expect(plan.steps.map(\.title) == ["make the home of root", "write authorized_keys of root"])
  }

  @Test(
    "contradictions are diagnostics, each at its place",
    arguments: [
      ("alice: {removeHome: true}", "needs state: absent"), ("alice: {state: absent, shell: /bin/sh}", "says nothing"),
      ("root: {state: absent}", "root stays"), ("a: {uid: 5}, b: {uid: 5}", "have the same uid"),
      ("alice: {comment: \"a:b\"}", "holds a colon"),
      ("alice: {password: geheim}", "expected {secret: NAME}, or \"locked\", found a string"),
      ("alice: {authorizedKeys: {keys: [nonsense]}}", "is no whole line of a .pub file"),
      ("alice: {authorizedKeys: {keys: ['\(alice)', 'restrict \(alice)']}}", "stands twice, with other options"),
      ("\"a;b\": {}", "holds \";\""), ("alice: {uid: 0}", "outside"),
    ])
  func diagnostics(_ users: String, _ words: String) {
    let node = InventoryText.node(spec: "users: {\(users)}")
    let messages = InventoryText.decode(InventoryText.fleet, node).messages
    #expect(messages.count == 1 && messages[0].contains(words), "\(messages)")
  }

  @Test("an answer without the databases is an error")
  func garbled() throws {
    for key in ["passwd", "group"] {
      #expect(throws: ProbeError.self) {
        try plan("alice: {}") { $0.sections["user"]?.removeAll { $0.key == key } }
      }
    }
  }

  @Test("an account of the system itself stays", arguments: ["sshd", "systemd-network"])
  func systemAccounts(_ name: String) throws {
    let row = "\(name):x:101:65534::/run/\(name):/usr/sbin/nologin\n"
    let plan = try plan("\(name): {state: absent}") { fixture in
      fixture.sections["user"] = [("passwd", Self.passwd + row), ("group", Self.group), ("home", "fleet")]
    }
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.reason) == [.accountInUse])
  }
}
