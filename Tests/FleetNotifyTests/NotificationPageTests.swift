import FleetModel
import Foundation
import Testing

@testable import FleetNotify

@Suite("docs/notifications.md")
struct NotificationPageTests {
  @Test("the page names every event and every variable, and shows the template for Slack as it is")
  func page() throws {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "docs/notifications.md"), encoding: .utf8)
    #expect(page.contains(NotificationReceiver.BuiltIn.slack.text))
    for event in NotificationEvent.allCases { #expect(page.contains("`\(event.rawValue)`"), "\(event)") }
    for name in FleetModel.Notification.variableNames { #expect(page.contains("`\(name)`"), "\(name)") }
    for builtIn in NotificationReceiver.BuiltIn.allCases { #expect(page.contains("`\(builtIn.rawValue)`")) }
  }
}
