import Testing

@testable import FleetModel

@Suite("enrolling: what an account lacks, and what is in its way")
struct EnrolmentTests {
  private static let key = "ssh-ed25519 AAAAC3Nza fleetd"
  private static let sudoers = "fleet ALL=(ALL) NOPASSWD: ALL\n"

  private func observation(_ records: [String: String]) throws -> EnrolmentObservation {
    let none = ["account": "", "keys-path": "/home/fleet/.ssh/authorized_keys", "sudo": "yes"]
    let all = none.merging(records) { $1 }.sorted { $0.key < $1.key }.map { ModelFixture.Record($0.key, $0.value) }
    return try EnrolmentObservation(
      try ProbeTranscript(parsing: ModelFixture.answer([(kind: "account", records: all)])))
  }

  private static let there = ["account": "fleet:x:1000:1000::/home/fleet:/bin/bash", "groups": "fleet video"]

  private func enrolment(_ records: [String: String], of user: String = "fleet") throws -> Enrolment {
    Enrolment(of: user, key: Self.key, from: try observation(records))
  }

  @Test("a node that knows nothing of fleetd: account, key, sudoers")
  func blank() throws {
    let enrolment = try enrolment([:])
    #expect(enrolment.obstacles.isEmpty)
    #expect(enrolment.changes.map(\.name) == ["fleet", "/home/fleet/.ssh/authorized_keys", EnrolmentProbe.sudoersPath])
    #expect(enrolment.changes.allSatisfy { $0.action == .add })
  }

  @Test("what is there is left alone")
  func done() throws {
    let enrolment = try enrolment(
      Self.there.merging(["keys": "# mine\nssh-ed25519 AAAAC3Nza other comment\n", "sudoers": Self.sudoers]) { $1 })
    #expect(enrolment.isDone && enrolment.steps.isEmpty)
  }

  @Test("a sudoers file with another content is shown as a change")
  func otherSudoers() throws {
    let enrolment = try enrolment(Self.there.merging(["sudoers": "fleet ALL=(ALL) ALL\n"]) { $1 })
    #expect(enrolment.changes.last?.action == .change)
  }

  @Test("root needs neither account nor sudo")
  func root() throws {
    let enrolment = try enrolment(
      ["account": "root:x:0:0:root:/root:/bin/bash", "keys-path": "/root/.ssh/authorized_keys", "sudo": "no"],
      of: "root")
    #expect(enrolment.changes.map(\.name) == ["/root/.ssh/authorized_keys"])
  }

  static let obstacles: [(records: [String: String], told: String)] = [
    (["sshd": "allowusers pi\nallowusers admin@10.0.0.1"], "AllowUsers"),
    (["sshd": "denyusers fl*"], "DenyUsers"),
    (["sshd": "allowgroups ssh"], "AllowGroups"),
    (["sshd": "denygroups vid?o"], "DenyGroups"),
    (["sshd": "pubkeyauthentication no"], "PubkeyAuthentication"),
    (["keys-path": "none"], "AuthorizedKeysFile none"),
    (["sudo": "no"], "no sudo"),
    (["shadow": "expired"], "expired"),
    (["shadow": "locked", "sshd": "usepam no"], "locked"),
    (["account": "fleet:x:1000:1000::/home/fleet:/usr/sbin/nologin"], "nologin"),
    (["home": "775 fleet"], "others may write to /home/fleet"),
  ]

  @Test("what is in the way is said with what mends it, and nothing is done", arguments: obstacles.indices)
  func obstacle(_ index: Int) throws {
    let (records, told) = Self.obstacles[index]
    let enrolment = try enrolment(Self.there.merging(records) { $1 })
    #expect(enrolment.obstacles.count == 1)
    #expect(enrolment.obstacles.first?.message.contains(told) == true, "\(enrolment.obstacles)")
    #expect(enrolment.obstacles.first?.next?.isEmpty == false)
    #expect(enrolment.steps.isEmpty && enrolment.changes.isEmpty)
  }

  @Test("rules that let the account in are no obstacle")
  func allowed() throws {
    for rules in ["allowusers pi fleet", "allowusers f*@10.0.0.*", "allowgroups video", "denyusers pi", "usepam yes"] {
      #expect(
        try enrolment(Self.there.merging(["sshd": rules, "shadow": "locked"]) { $1 }).obstacles.isEmpty, "\(rules)")
    }
  }

  @Test("what a node says cannot act on a terminal")
  func hostile() throws {
    let enrolment = try enrolment(["sshd": "allowusers \u{1B}[2J"])
    let text = EnrolmentText(style: .plain).render(enrolment, on: try ModelFixture("").node())
    #expect(!text.unicodeScalars.contains("\u{1B}"))
  }

  @Test("every shell accepts the scripts", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    #expect(try shell.complaint(about: EnrolmentProbe.script) == nil)
    for script: StepScript in [.enrolAccount, .enrolKey, .enrolRecordSudoers, .enrolUndo, .enrolKeep] {
      #expect(try shell.complaint(about: StepPrelude.text(for: script)) == nil, "\(script.name)")
    }
  }

  @Test("the probe tells of a real account", arguments: Shell.all)
  func probe(_ shell: Shell) throws {
    let outcome = try shell.run(EnrolmentProbe.script, input: EnrolmentProbe.input("root"))
    #expect(outcome.status == 0, "\(outcome.error)")
    let observation = try EnrolmentObservation(try ProbeTranscript(parsing: outcome.output))
    #expect(observation.account?.home == "/root" || observation.account?.name == "root")
    #expect(observation.keysPath.hasPrefix("/"))
  }
}
