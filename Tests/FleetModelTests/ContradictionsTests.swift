import Testing

@testable import FleetModel

@Suite("one unit and one package have one owner")
struct ContradictionsTests {
  private func messages(_ node: String, profile: String) -> [String] {
    InventoryText.decode(files: [
      "fleet.yaml": InventoryText.fleet("{profiles: [base]}"),
      "nodes.yaml": InventoryText.node(spec: node),
      "profiles.yaml": InventoryText.profile("base", "{\(profile)}"),
    ]).messages
  }

  @Test(
    "services that declare a unit of another kind are told both places",
    arguments: [
      ("apt-daily.timer", "updates", "updates: {security: auto}"),
      ("zramswap", "swap", "swap: {state: off}"),
      ("systemd-timesyncd", "time", "time: {synchronisation: true}"),
    ])
  func units(_ unit: String, _ key: String, _ spec: String) throws {
    let found = messages("services: {\(unit): {enabled: false}}", profile: spec)
    let message = try #require(found.first)
    #expect(found.count == 1 && message.contains("is kept by \(key) and by services; \(key) is in profiles.yaml:4:"))
    #expect(message.hasPrefix("nodes.yaml:4:"))
  }

  @Test("a unit of updates, time or swap that those leave alone is for services")
  func free() {
    #expect(messages("services: {apt-daily.timer: {state: stopped}}", profile: "updates: {security: hold}").isEmpty)
    #expect(messages("services: {systemd-timesyncd: {state: started}}", profile: "time: {zone: Etc/UTC}").isEmpty)
  }

  @Test("a package that is for swap alone contradicts swap that is off; to be rid of it does not")
  func packages() throws {
    let found = messages("packages: {dphys-swapfile: present}", profile: "swap: {state: off}")
    let message = try #require(found.first)
    #expect(found.count == 1 && message.contains("contradicts swap; swap is in profiles.yaml:4:"))
    #expect(messages("packages: {dphys-swapfile: absent}", profile: "swap: {state: off}").isEmpty)
  }

  @Test(
    "a file on the path of a kind that has one of its own is told both places",
    arguments: [
      ("/etc/systemd/journald.conf.d/60-fleetd.conf", "journal: {storage: persistent}"),
      ("/etc/systemd/system.conf.d/60-fleetd-watchdog.conf", "watchdog: {timeout: 10s}"),
      ("/etc/modules-load.d/fleetd.conf", "modules: [overlay]"),
      ("/etc/systemd/zram-generator.conf", "swap: {state: off}"),
      ("/etc/apt/apt.conf.d/52fleetd-updates", "updates: {security: hold}"),
    ])
  func paths(_ path: String, _ spec: String) throws {
    let found = messages("files: [{path: \(path), content: x}]", profile: spec)
    let message = try #require(found.first)
    #expect(found.count == 1 && message.contains("is claimed by"))
    #expect(message.contains("profiles.yaml:4:") && message.contains("nodes.yaml:4:"))
  }
}
