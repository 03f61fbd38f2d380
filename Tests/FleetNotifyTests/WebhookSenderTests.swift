import FleetModel
import Testing

@testable import FleetNotify

@Suite("notifications to a real server")
struct WebhookSenderTests {
  private static let sample = Notification.samples(of: "home")[0]

  private func sender(
    to url: NotificationReceiver.Value, _ template: NotificationReceiver.BuiltIn = .json,
    headers: [String: NotificationReceiver.Value] = [:], patience: Duration = .seconds(10)
  ) throws -> WebhookSender {
    let receiver = NotificationReceiver(name: "chat", url: url, template: .builtIn(template), headers: headers)
    return try WebhookSender(
      to: receiver, text: template.text, secret: { _ in Secret(Array("http://127.0.0.1:1/T0P-SECRET".utf8)) },
      patience: patience)
  }

  @Test("a body of the template, its headers, and a secret one arrive")
  func delivers() async throws {
    let webhook = try await Webhook()
    let receiver = NotificationReceiver(
      name: "push", url: .plain(webhook.url), template: .builtIn(.ntfy),
      headers: ["Authorization": .secret(SecretReference("token"))])
    let sender = try WebhookSender(
      to: receiver, text: NotificationReceiver.BuiltIn.ntfy.text, secret: { _ in Secret(Array("Bearer abc".utf8)) })
    #expect(await sender.send(Self.sample) == .delivered)
    let request = try #require(webhook.requests.first)
    #expect(request.method == "POST" && request.uri == "/hook")
    #expect(request.headers["authorization"] == "Bearer abc")
    #expect(request.headers["title"] == "test: node attention" && request.headers["priority"] == "high")
    #expect(request.headers["content-type"] == "text/plain; charset=utf-8")
    #expect(request.body.hasPrefix("a test: \"quotes\", a backslash \\ and\na second line"))
    try await webhook.close()
  }

  @Test("what passes by itself is tried again, with the time that the server asks for; what does not is refused")
  func answers() async throws {
    let webhook = try await Webhook([
      .status(500), .status(429, retryAfter: "42"), .status(503, retryAfter: "999999"), .status(400), .status(404),
      .redirect("http://127.0.0.1:1/"), .status(204),
    ])
    let sender = try sender(to: .plain(webhook.url))
    var results: [NotificationDelivery] = []
    for _ in 0..<7 { results.append(await sender.send(Self.sample)) }
    #expect(
      results == [
        .failed("it answers 500", after: nil), .failed("it answers 429", after: 42),
        .failed("it answers 503", after: 3600), .refused("it answers 400"), .refused("it answers 404"),
        .refused("it answers 302: a redirect is not followed"), .delivered,
      ])
    try await webhook.close()
  }

  @Test("a server that hangs, and one that is away, are failures in bounded time; no address and no secret is told")
  func silence() async throws {
    let webhook = try await Webhook([.silence])
    let slow = try sender(to: .plain(webhook.url), patience: .milliseconds(200))
    #expect(await slow.send(Self.sample) == .failed("it does not answer in time", after: nil))
    let gone = await (try sender(to: .secret(SecretReference("slack")), patience: .seconds(5))).send(Self.sample)
    #expect(gone == .failed("it cannot be reached", after: nil))
    #expect(!"\(gone)".contains("SECRET") && !"\(gone)".contains("127.0.0.1"))
    try await webhook.close()
  }

  @Test(
    "every template makes JSON of every shape, whatever a node says", arguments: NotificationReceiver.BuiltIn.allCases)
  func templates(_ builtIn: NotificationReceiver.BuiltIn) throws {
    let receiver = NotificationReceiver(name: "a", url: .plain("http://x"), template: .builtIn(builtIn))
    let template = try NotificationTemplate(builtIn.text, contentType: receiver.contentType)
    for sample in Notification.samples(of: "home") {
      let body = template.body(of: sample)
      #expect(body.contains("a second line") || sample.isDigest)
      guard receiver.contentType == "application/json" else { continue }
      let json = try JSONText(parsing: Array(body.utf8))
      #expect(json != .null, "\(body)")
    }
  }

  @Test("Alertmanager gets the same labels for an alert and for its end, which has come")
  func alertmanager() throws {
    let template = try NotificationTemplate(
      NotificationReceiver.BuiltIn.alertmanager.text, contentType: "application/json")
    func alert(_ event: NotificationEvent, at now: Int) throws -> JSONText? {
      let notification = Notification(
        fleet: "home", event: event, alert: .nodeAway, subject: .node("pi3"), message: "m", since: 0, at: now)
      return try JSONText(parsing: Array(template.body(of: notification).utf8)).items?.first
    }
    let (open, over) = (try alert(.nodeAway, at: 120), try alert(.recovered, at: 900))
    #expect(open?["labels"] == over?["labels"] && open?["labels"]?["alertname"] == .string("fleetd-node-away"))
    #expect(open?["startsAt"] == over?["startsAt"])
    #expect(over?["endsAt"] == .string("1970-01-01T00:15:00Z"))
  }

  @Test("a template of one's own that makes no JSON, or is none, is refused when it is read")
  func ownTemplate() throws {
    #expect(throws: NotificationTemplate.Problem.self) {
      try NotificationTemplate(#"{"text": {{title}}}"#, contentType: "application/json")
    }
    #expect(throws: NotificationTemplate.Problem.self) {
      try NotificationTemplate("{{#a}}", contentType: "text/plain")
    }
    #expect(throws: NotificationTemplate.Problem.self) {
      try NotificationTemplate(String(repeating: "a", count: 70_000), contentType: "text/plain")
    }
    let plain = try NotificationTemplate("{{title}} <{{message}}>", contentType: "text/plain")
    #expect(plain.body(of: Self.sample).contains("<a test: \"quotes\""))
  }

  @Test("a header is one line of ASCII, whatever stands in it")
  func header() {
    #expect(WebhookSender.headerValue("pi3: away") == "pi3: away")
    #expect(WebhookSender.headerValue("a\r\nX-Evil: b") == "a X-Evil: b")
    #expect(WebhookSender.headerValue("Küche") == "=?UTF-8?B?S8O8Y2hl?=")
  }

  @Test("Retry-After is seconds or a date, an hour at most")
  func retryAfter() {
    #expect(WebhookSender.retryAfter("7", at: 0) == 7)
    #expect(WebhookSender.retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", at: 784_111_777 - 30) == 30)
    #expect(WebhookSender.retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", at: 784_111_777 + 30) == 0)
    #expect(WebhookSender.retryAfter("soon", at: 0) == nil && WebhookSender.retryAfter(nil, at: 0) == nil)
  }
}
