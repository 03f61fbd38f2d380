import FleetModel
import FleetReconcile
import Synchronization
import Testing

@testable import FleetNotify

@Suite("notifications from what happens to what arrives")
struct NotificationDeliveryTests {
  /// A clock that a test sets, and pauses that only count.
  private final class World: Sendable {
    private let time = Mutex(1_800_000_000)
    private let pauses = Mutex<[Duration]>([])
    private let events = Mutex<[NotificationOutbox.Event]>([])
    /// Told whenever something became of a notification.
    let bell = Bell()

    var now: Int { time.withLock { $0 } }
    var waited: [Duration] { pauses.withLock { $0 } }
    var told: [NotificationOutbox.Event] { events.withLock { $0 } }

    func advance(_ seconds: Int) { time.withLock { $0 += seconds } }
    func pause(_ duration: Duration) { pauses.withLock { $0.append(duration) } }

    func tell(_ event: NotificationOutbox.Event) {
      events.withLock { $0.append(event) }
      bell.ring()
    }

    func awaitTold(_ holds: @Sendable ([NotificationOutbox.Event]) -> Bool) async {
      while !holds(told) { await bell.wait(for: .seconds(5)) }
    }
  }

  private func outbox(_ world: World, to webhook: Webhook, perHour: Int = 100) throws -> NotificationOutbox {
    let receiver = NotificationReceiver(name: "chat", url: .plain(webhook.url), perHour: perHour)
    let sender = try WebhookSender(
      to: receiver, text: NotificationReceiver.BuiltIn.json.text, secret: { _ in Secret([]) })
    return NotificationOutbox(
      to: receiver, by: sender, now: { world.now }, jitter: { 0 }, pause: { world.pause($0) },
      tell: { world.tell($0) })
  }

  private func running(_ outbox: NotificationOutbox, _ work: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await outbox.run() }
      try await work()
      group.cancelAll()
    }
  }

  private static let away = NotificationProblem(.nodeAway, reason: "unreachable", "no route to host")

  @Test("a node that flaps every few seconds for half an hour is one delivery")
  func flaps() async throws {
    let (world, webhook) = (World(), try await Webhook())
    let outbox = try outbox(world, to: webhook)
    let dispatcher = NotificationDispatcher(to: [outbox], now: { world.now })
    dispatcher.keep("home", nodes: ["pi3"])
    try await running(outbox) {
      for _ in 0..<300 {
        dispatcher.take([.broken(.node("pi3"), Self.away)])
        world.advance(3)
        dispatcher.take([.sound(.node("pi3"))])
        world.advance(3)
        _ = dispatcher.advance()
      }
      await world.awaitTold { !$0.isEmpty }
      #expect(webhook.requests.count == 1)
      world.advance(300)
      _ = dispatcher.advance()
      await world.awaitTold { $0.count == 2 }
    }
    #expect(webhook.requests.map { $0.body.contains("\"resolved\": true") } == [false, true])
    try await webhook.close()
  }

  @Test("failures are tried again, later and later, and what the server asks for is kept to; then it arrives once")
  func retries() async throws {
    let (world, webhook) = (
      World(),
      try await Webhook([
        .status(500), .status(500), .status(429, retryAfter: "77"), .status(200),
      ])
    )
    let outbox = try outbox(world, to: webhook)
    try await running(outbox) {
      outbox.put([Notification.samples(of: "home")[0]])
      await world.awaitTold { events in events.contains { if case .delivered = $0 { true } else { false } } }
    }
    #expect(webhook.requests.count == 4)
    #expect(world.waited == [.seconds(3), .seconds(5), .seconds(77)])
    // The same words are told once.
    #expect(world.told.count == 3)
    let counts = outbox.counts
    #expect(counts.sent == 1 && counts.failures == 3 && counts.dropped == 0 && counts.queued == 0)
    #expect(!counts.isFailing)
    try await webhook.close()
  }

  @Test("what will never be taken is given up at once, and the next one says that one is missing")
  func refused() async throws {
    let (world, webhook) = (World(), try await Webhook([.status(403), .status(200)]))
    let outbox = try outbox(world, to: webhook)
    try await running(outbox) {
      outbox.put(Array(Notification.samples(of: "home").prefix(2)))
      await world.awaitTold { $0.count == 2 }
    }
    #expect(world.waited == [] && webhook.requests.count == 2)
    #expect(webhook.requests.last?.body.contains("\"dropped\": 1") == true)
    let counts = outbox.counts
    #expect(counts.sent == 1 && counts.failures == 1 && counts.dropped == 1 && !counts.isFailing)
    try await webhook.close()
  }

  @Test("a receiver that hangs keeps nobody waiting: the queue is bounded, and what is dropped is counted and told")
  func hangs() async throws {
    let (world, webhook) = (World(), try await Webhook([.silence]))
    let outbox = try outbox(world, to: webhook, perHour: 3600)
    try await running(outbox) {
      for number in 0..<2000 {
        outbox.put([
          Notification(
            fleet: "home", event: .nodeAway, subject: .node("pi\(number)"), message: "m", since: world.now,
            at: world.now)
        ])
      }
      await world.awaitTold { events in events.contains { if case .dropped = $0 { true } else { false } } }
    }
    let dropped = world.told.compactMap { if case .dropped(let count) = $0 { count } else { nil } }
    #expect(dropped.max() == 1900)
    #expect(outbox.counts.dropped == 1900 && outbox.counts.queued == 100)
    try await webhook.close()
  }

  @Test("while a receiver fails that is known, with what waits for it")
  func failing() async throws {
    let (world, webhook) = (World(), try await Webhook([.status(500), .silence]))
    let outbox = try outbox(world, to: webhook)
    try await running(outbox) {
      outbox.put(Array(Notification.samples(of: "home").prefix(2)))
      await world.awaitTold { !$0.isEmpty }
      #expect(outbox.counts.isFailing && outbox.counts.failures == 1 && outbox.counts.queued == 2)
      #expect(NotificationDispatcher(to: [outbox], now: { world.now }).counts.map(\.receiver) == ["chat"])
    }
    try await webhook.close()
  }

  @Test("a receiver is told what it asked for, and nothing else")
  func events() async throws {
    let (world, webhook) = (World(), try await Webhook())
    let receiver = NotificationReceiver(name: "a", url: .plain(webhook.url), events: [.recovered])
    let sender = try WebhookSender(
      to: receiver, text: NotificationReceiver.BuiltIn.json.text, secret: { _ in Secret([]) })
    let outbox = NotificationOutbox(
      to: receiver, by: sender, now: { world.now }, pause: { world.pause($0) }, tell: { world.tell($0) })
    try await running(outbox) {
      outbox.put(Notification.samples(of: "home").prefix(2).map { $0 })
      await world.awaitTold { !$0.isEmpty }
    }
    #expect(webhook.requests.count == 1 && webhook.requests[0].body.contains("\"event\": \"recovered\""))
    try await webhook.close()
  }
}
