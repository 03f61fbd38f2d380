import Testing
import YAMLSource

@testable import FleetModel

@Suite("notifications in the control node's configuration")
struct NotificationReceiverTests {
  private func decode(_ receivers: String) -> (receivers: [NotificationReceiver]?, messages: [String]) {
    let text = """
      apiVersion: fleetd/v1
      kind: ControlNode
      metadata: {name: control}
      spec:
        secrets: {chat: {file: /etc/fleetd/chat}}
        notifications: \(receivers)
      """
    let (configuration, diagnostics) = ControlNodeConfiguration.decode(
      InventoryFile(name: "fleetd.yaml", bytes: Array(text.utf8)))
    return (configuration?.notifications, diagnostics.all.map(\.problem))
  }

  @Test("a receiver with its defaults, and one with everything")
  func decodes() throws {
    let (receivers, messages) = decode(
      """
      [{name: chat, url: {secret: chat}, template: slack},
       {name: push, url: "https://ntfy.lan/fleet", template: ntfy, headers: {Authorization: {secret: chat}, X-A: b},
        events: [node-away, recovered], perHour: 6}]
      """)
    #expect(messages == [])
    let all = try #require(receivers)
    #expect(all.map(\.name) == ["chat", "push"])
    #expect(all[0].url == .secret(SecretReference("chat")) && all[0].perHour == 20)
    #expect(all[0].contentType == "application/json" && all[0].events.count == NotificationEvent.allCases.count)
    #expect(all[1].contentType == "text/plain; charset=utf-8" && all[1].perHour == 6)
    #expect(all[1].headers == ["Authorization": .secret(SecretReference("chat")), "X-A": .plain("b")])
    #expect(all[1].events == [.nodeAway, .recovered] && all[1].secrets == [SecretReference("chat")])
  }

  @Test(
    "what cannot be meant is said",
    arguments: [
      ("[{name: a, url: \"ftp://x\"}]", "neither http"), ("[{name: a, url: \"https://u:p@x/\"}]", "user or password"),
      ("[{name: a, url: {secret: none}}]", "no secret"), ("[{name: a, url: \"https://x\", events: []}]", "no events"),
      ("[{name: a, url: \"https://x\", events: [node-gone]}]", "node-gone"),
      ("[{name: a, url: \"https://x\"}, {name: a, url: \"https://y\"}]", "twice"),
      ("[{name: a, url: \"https://x\", template: slack, templateFile: /a}]", "not both"),
      ("[{name: a, url: \"http://x\", caFile: /a}]", "caFile is for https"),
      ("[{name: a, url: \"https://x\", perHour: 1}]", "perHour"),
      ("[{name: a, url: \"https://x\", headers: {\"a b\": c}}]", "header"),
    ])
  func refuses(_ receivers: String, _ words: String) {
    let (decoded, messages) = decode(receivers)
    #expect(decoded == nil && messages.contains { $0.contains(words) }, "\(messages)")
  }
}
