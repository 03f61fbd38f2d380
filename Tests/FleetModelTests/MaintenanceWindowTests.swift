import Foundation
import Testing

@testable import FleetModel

@Suite("maintenance windows")
struct MaintenanceWindowTests {
  private func window(
    _ days: Set<MaintenanceWindow.Day>, _ from: Int, _ to: Int, _ zone: String = "UTC"
  ) throws
    -> MaintenanceWindow
  {
    Self.make(days, from, to, try #require(Self.zone(zone)))
  }

  private static func zone(_ name: String) -> Foundation.TimeZone? { Foundation.TimeZone(identifier: name) }

  private static func make(
    _ days: Set<MaintenanceWindow.Day>, _ from: Int, _ to: Int, _ zone: Foundation.TimeZone
  ) -> MaintenanceWindow {
    MaintenanceWindow(days: days, from: from * 60, to: to * 60, timeZone: zone)
  }

  private func time(_ text: String) throws -> Int {
    let formatter = ISO8601DateFormatter()
    return Int(try #require(formatter.date(from: text)).timeIntervalSince1970)
  }

  @Test("a window is open from its beginning to its end, on its days")
  func plain() throws {
    let window = try window([.saturday], 2, 5)
    // 2026-11-21 is a Saturday.
    for (text, isOpen) in [
      ("2026-11-21T01:59:59Z", false), ("2026-11-21T02:00:00Z", true), ("2026-11-21T04:59:59Z", true),
      ("2026-11-21T05:00:00Z", false), ("2026-11-22T03:00:00Z", false),
    ] { #expect(window.contains(try time(text)) == isOpen, "\(text)") }
  }

  @Test("a window over midnight belongs to the day on which it begins")
  func overnight() throws {
    let window = try window([.saturday], 22, 4)
    for (text, isOpen) in [
      ("2026-11-21T21:59:00Z", false), ("2026-11-21T22:00:00Z", true), ("2026-11-22T03:59:00Z", true),
      ("2026-11-22T04:00:00Z", false), ("2026-11-21T03:00:00Z", false), ("2026-11-22T23:00:00Z", false),
    ] { #expect(window.contains(try time(text)) == isOpen, "\(text)") }
  }

  @Test("its clock is that of its zone, in summer and in winter")
  func zones() throws {
    let window = try window(Set(MaintenanceWindow.Day.allCases), 2, 5, "Europe/Berlin")
    #expect(window.contains(try time("2026-07-04T00:30:00Z")))
    #expect(!window.contains(try time("2026-12-05T00:30:00Z")))
    #expect(window.contains(try time("2026-12-05T01:30:00Z")))
    #expect(window.text == "daily 02:00-05:00 Europe/Berlin")
  }

  @Test("what is no window is told where it stands")
  func mistakes() {
    func messages(_ window: String) -> String {
      InventoryText.decode(InventoryText.fleet("{rollout: {windows: [\(window)]}}"), InventoryText.node()).messages
        .joined(separator: "\n")
    }
    #expect(messages("{from: \"02:00\", to: \"05:00\"}") == "")
    #expect(messages("{from: \"25:00\", to: \"05:00\"}").contains("a time of day such as \"02:00\""))
    #expect(messages("{days: [Sat], from: \"02:00\"}").contains("to"))
    #expect(
      messages("{from: \"02:00\", to: \"05:00\", timeZone: Europe/Berlim}").contains("did you mean \"Europe/Berlin\""))
  }
}
