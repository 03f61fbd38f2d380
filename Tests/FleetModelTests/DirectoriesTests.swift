import Testing

@testable import FleetModel

@Suite("directories")
struct DirectoriesTests {
  private func plan(_ entry: String, _ records: [ModelFixture.Record]) throws -> KindPlan {
    var fixture = ModelFixture("directories: [{path: /srv/data\(entry)}]")
    fixture.sections["directory"] = records
    return try fixture.plan(Directories.self)
  }

  private static let there: [ModelFixture.Record] = [("path", "directory\t/srv/data"), ("stats", "755\troot\troot")]

  @Test("a directory that is as it is wanted needs nothing")
  func inSync() throws {
    #expect(try plan("", Self.there).changeSets.isEmpty)
    #expect(try plan(", state: absent", [("path", "absent\t/srv/data")]).changeSets.isEmpty)
  }

  @Test("one that is missing is made with its mode and owner")
  func missing() throws {
    let plan = try plan(", mode: \"2770\", owner: fleet", [("path", "absent\t/srv/data")])
    #expect(plan.changes == [Change(.add, Directories.kind, "/srv/data", note: "mode 2770, fleet:root")])
    #expect(plan.lines(of: .directory) == [["/srv/data", "2770", "fleet", "root", "absent"]])
  }

  @Test("mode and owner are changed, and shown, each; the step is told what was observed")
  func attributes() throws {
    let plan = try plan(", mode: \"0700\", group: daemon", Self.there)
    #expect(
      plan.changes == [
        Change(.change, Directories.kind, "/srv/data mode", from: .text("0755"), to: .text("0700")),
        Change(.change, Directories.kind, "/srv/data owner", from: .text("root:root"), to: .text("root:daemon")),
      ])
    #expect(plan.lines(of: .directory) == [["/srv/data", "0700", "root", "daemon", "755 root root"]])
  }

  @Test("an empty directory is removed, one that holds something refused with its size")
  func removal() throws {
    let empty = try plan(", state: absent", Self.there + [("entries", "0\t/srv/data")])
    #expect(empty.changes == [Change(.remove, Directories.kind, "/srv/data")])
    for (count, words) in [("1", "one entry"), ("12", "12 entries"), ("10000", "10,000 entries or more")] {
      let full = try plan(", state: absent", Self.there + [("entries", "\(count)\t/srv/data")])
      #expect(full.changeSets.isEmpty && full.findings.map(\.reason) == [.directoryNotEmpty])
      #expect(full.findings.first?.message.contains("holds \(words)") == true)
    }
  }

  @Test("what is no directory is refused, a link to one included", arguments: ["link", "file", "special"])
  func occupied(_ type: String) throws {
    let plan = try plan("", [("path", "\(type)\t/srv/data")])
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.pathOccupied])
  }

  @Test("a parent comes before what is in it, and goes after it")
  func order() throws {
    var fixture = ModelFixture(
      "directories: [{path: /b/c}, {path: /b}, {path: /a, state: absent}, {path: /a/x, state: absent}]")
    fixture.sections["directory"] = [
      ("path", "directory\t/a"), ("entries", "0\t/a"), ("path", "directory\t/a/x"), ("entries", "0\t/a/x"),
      ("path", "absent\t/b"), ("path", "absent\t/b/c"), ("stats", "755\troot\troot\n755\troot\troot"),
    ]
    #expect(try fixture.plan(Directories.self).changes.map(\.name) == ["/b", "/b/c", "/a/x", "/a"])
  }

  @Test("what the node does not answer is not absent")
  func unanswered() throws {
    #expect(try plan("", []).findings.map(\.reason) == [.probeGarbled])
    #expect(throws: ProbeError.self) { try plan("", [("path", "directory\t/srv/data")]) }
    #expect(throws: ProbeError.self) { try plan("", [("path", "directory")]) }
  }

  @Test(
    "a directory on sshd's and sudo's way is not opened to others, given away or removed",
    arguments: [
      "/home/fleet, mode: \"0775\"", "/home/fleet/.ssh, owner: alice", "/etc, mode: \"0757\"", "/home, state: absent",
      "/home, mode: \"0700\"", "/home/fleet, owner: fleet, mode: \"0000\"", "/home/fleet, mode: \"0700\"",
      "/home/fleet/.ssh, mode: \"0700\"", "/usr/bin, mode: \"0000\"", "/usr/lib/sudo, mode: \"0777\"",
      "/lib/systemd, mode: \"0700\"", "/etc/pam.d, mode: \"0777\"", "/etc/ssh, mode: \"0000\"", "/root, mode: \"0777\"",
      "/var/run, mode: \"0700\"", "/etc/sudoers.d, owner: fleet", "/var/lib, mode: \"0750\"",
    ])
  func lockout(_ entry: String) {
    let node = InventoryText.node(spec: "directories: [{path: \(entry)}]")
    let messages = InventoryText.decode(InventoryText.fleet, node).messages
    #expect(messages.count == 1 && messages[0].contains("fleetd logs in as fleet"))
  }

  @Test("so are the directories on the way to a home that is declared elsewhere")
  func declaredHome() {
    let spec = "users: {fleet: {home: /srv/home/fleet}}, directories: [{path: /srv, mode: \"0700\"}]"
    let messages = InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: spec)).messages
    #expect(messages.count == 1 && messages[0].contains("must let everybody through"), "\(messages)")
  }

  @Test(
    "the system's own modes pass",
    arguments: [
      "/etc/sudoers.d, mode: \"0750\"", "/root, mode: \"0700\"", "/home/fleet/.ssh, owner: fleet, mode: \"0700\"",
      "/home/alice, owner: alice, mode: \"0700\"", "/home/alice/.ssh, owner: alice, mode: \"0700\"", "/home",
      "/usr/local/bin, mode: \"2775\", group: staff", "/srv/x, mode: \"0000\"", "/tmp, mode: \"1777\"",
    ])
  func harmless(_ entry: String) {
    let node = InventoryText.node(spec: "directories: [{path: \(entry)}]")
    #expect(InventoryText.decode(InventoryText.fleet, node).messages == [])
  }

  @Test("an account's own home may be the account's")
  func ownHome() {
    let node = InventoryText.node(spec: "directories: [{path: /home/fleet, owner: fleet, mode: \"0750\"}]")
    #expect(InventoryText.decode(InventoryText.fleet, node).messages.isEmpty)
  }
}
