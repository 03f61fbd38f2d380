import Testing

@testable import FleetModel

@Suite("journal")
struct JournalTests {
  private static let path = "/etc/systemd/journald.conf.d/60-fleetd.conf"

  private func fixture(
    _ journal: String, file: FileAnswer = .absent, _ records: [ModelFixture.Record] = []
  ) -> ModelFixture {
    var fixture = ModelFixture("journal: {\(journal)}")
    fixture.sections["journal"] = file.records(of: Self.path, 0) + records
    return fixture
  }

  private static let volatile = "# Managed by fleetd.\n[Journal]\nStorage=volatile\n"

  @Test("every setting becomes journald's own, and journald reads it")
  func settings() throws {
    let plan = try fixture(
      "storage: persistent, maxUse: 200M, runtimeMaxUse: 32M, maxFileSize: 16M, syncInterval: 1h30m"
    ).plan(Journal.self)
    #expect(plan.changes.map(\.name) == [Self.path])
    #expect(plan.requests == [.restart(unit: "systemd-journald.service")])
    guard case .run(.writeFile, let input) = plan.steps.first?.action else { return }
    #expect(
      input.payload?.text == """
        # Managed by fleetd.
        [Journal]
        Storage=persistent
        SystemMaxUse=200M
        RuntimeMaxUse=32M
        SystemMaxFileSize=16M
        SyncIntervalSec=5400s

        """)
  }

  @Test("a journal that is where it shall be needs nothing")
  func inSync() throws {
    let plan = try fixture(
      "storage: volatile", file: .regular(Self.volatile), [("writes", "memory")]
    ).plan(Journal.self)
    #expect(plan.changeSets.isEmpty && plan.requests.isEmpty && plan.findings.isEmpty)
  }

  @Test("journald is restarted where it still writes to the other place")
  func misplaced() throws {
    let disk = try fixture("storage: volatile", file: .regular(Self.volatile), [("writes", "disk")])
      .plan(Journal.self)
    #expect(disk.requests == [.restart(unit: "systemd-journald.service")])
    let persistent = Self.volatile.replacing("volatile", with: "persistent")
    let records: [ModelFixture.Record] = [("writes", "memory"), ("flushed", "yes")]
    let memory = try fixture("storage: persistent", file: .regular(persistent), records).plan(Journal.self)
    #expect(memory.requests == [.restart(unit: "systemd-journald.service")])
    // Early in a boot it may not write to the disk yet.
    let early = try fixture("storage: persistent", file: .regular(persistent), [("writes", "memory")]).plan(
      Journal.self)
    #expect(early.requests.isEmpty)
  }

  @Test("Raspberry Pi OS' own drop-in is read before fleetd's, and one that is read after it is told")
  func order() throws {
    let image = "/usr/lib/systemd/journald.conf.d/40-rpi-volatile-storage.conf:Storage=volatile\n"
    #expect(try fixture("storage: persistent", [("settings", image)]).plan(Journal.self).findings.isEmpty)
    let later = image + "/run/systemd/journald.conf.d/99-x.conf: Storage = none\n"
    let plan = try fixture("storage: persistent", [("settings", later)]).plan(Journal.self)
    #expect(plan.findings.map(\.reason) == [.settingOverridden])
    #expect(plan.findings.first?.message.contains("99-x.conf sets Storage=none") == true)
    let same = image + "/run/systemd/journald.conf.d/99-x.conf:Storage=persistent\n"
    #expect(try fixture("storage: persistent", [("settings", same)]).plan(Journal.self).findings.isEmpty)
  }

  @Test("of several files that are read later the last one counts")
  func last() throws {
    let lines =
      "/etc/systemd/journald.conf.d/99-z.conf:Storage=persistent\n/usr/lib/systemd/journald.conf.d/70-a.conf:Storage=none\n"
    #expect(try fixture("storage: persistent", [("settings", lines)]).plan(Journal.self).findings.isEmpty)
  }

  @Test("sizes are systemd's", arguments: ["200", "200M", "1G"])
  func sizes(_ size: String) throws {
    #expect(try fixture("maxUse: \"\(size)\"").plan(Journal.self).changes.count == 1)
  }

  @Test("what is no size is refused", arguments: ["200MB", "M", "-1", "0", "1.5G", "", "10%"])
  func noSizes(_ size: String) {
    let node = InventoryText.node(spec: "journal: {maxUse: \"\(size)\"}")
    #expect(InventoryText.decode(InventoryText.fleet, node).fleet == nil)
  }

  @Test("a file of the inventory at the same path is an error")
  func claim() {
    let node = InventoryText.node(spec: "journal: {maxUse: 1G}, files: [{path: \(Self.path), content: x}]")
    let messages = InventoryText.decode(InventoryText.fleet, node).messages
    #expect(messages.contains { $0.contains("claimed by file and by journal") })
  }
}
