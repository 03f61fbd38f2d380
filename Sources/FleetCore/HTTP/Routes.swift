internal import FleetModel
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What is known of a connection while one of its requests is answered.
struct Connection: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}

/// Everything that is served.
struct Routes: Sendable {
  let source: any OverviewSource
  let feed: LiveFeed
  let hosts: Set<String>
  let token: AccessToken?
  let counts = RequestCounts()

  var router: Router<Connection> {
    let router = Router(context: Connection.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestGuard(hosts: hosts, token: token, counts: counts))
    router.get("/") { _, _ in Self.answer("text/html", PageRenderer(overview: await source.overview()).document) }
    router.get("/events") { _, connection in events(connection) }
    router.get("/metrics") { _, _ in await metrics() }
    router.get("/healthz") { _, _ in
      _ = await source.overview()
      return Self.answer("text/plain", "ok\n")
    }
    router.get("/readyz") { _, _ in
      let reason = await source.overview().unreadiness
      return Self.answer("text/plain", (reason ?? "ok") + "\n", status: reason == nil ? .ok : .serviceUnavailable)
    }
    addAPI(to: router)
    for asset in Asset.all { router.get(asset.path) { request, _ in asset.response(to: request) } }
    return router
  }

  private func addAPI(to router: Router<Connection>) {
    let api = router.group("/api/v1")
    api.get("status") { _, _ in Self.json(await source.overview().json) }
    api.get("nodes") { _, _ in Self.json(.object([.init("nodes", await source.overview().nodesJSON)])) }
    api.get("nodes/{name}") { _, connection in
      let name = connection.parameters.get("name") ?? ""
      guard let node = await source.overview().nodes.first(where: { $0.name == name }) else {
        return Self.json(.object([.init("error", .string("the fleet has no such node"))]), status: .notFound)
      }
      return Self.json(node.json)
    }
    api.get("rebuilds") { _, _ in Self.json(.object([.init("rebuilds", await source.overview().rebuildsJSON)])) }
    api.get("availability") { _, _ in
      Self.json(.object([.init("availability", await source.overview().availabilityJSON)]))
    }
    api.get("history") { _, _ in Self.json(.object([.init("history", await source.overview().historyJSON)])) }
    api.get("openapi.json") { _, _ in Self.answer("application/json", OpenAPIDocument.text) }
  }

  private func metrics() async -> Response {
    var text = await source.overview().metrics
    counts.add(to: &text, liveClients: feed.count, most: feed.most)
    return Self.answer("text/plain; version=0.0.4", text.text)
  }

  /// Server-sent events: the newest state, whenever there is another, and every few seconds anyhow.
  private func events(_ connection: Connection) -> Response {
    let channel = connection.channel
    guard let (id, states) = feed.join(cut: { channel.close(promise: nil) }) else {
      var refusal = RequestGuard<Connection>.plain(
        .serviceUnavailable, "too many follow the page; it can still be read")
      refusal.headers[.retryAfter] = "15"
      return refusal
    }
    let seat = Seat(id: id, feed: feed)
    // Who goes away leaves at once, not when the next state cannot be written.
    channel.closeFuture.whenComplete { [feed] _ in feed.leave(id) }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream"],
      body: ResponseBody { writer in
        defer { seat.leave() }
        try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
        for await state in states {
          feed.isBusy(id, since: .now)
          try await writer.write(state)
          feed.isBusy(id, since: nil)
        }
        try await writer.finish(nil)
      })
  }

  static func answer(_ type: String, _ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "\(type); charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private static func json(_ value: JSONText, status: HTTPResponse.Status = .ok) -> Response {
    answer("application/json", value.compact + "\n", status: status)
  }
}

/// A follower's place, given up with its answer: also with one that was never written (HEAD, a lost connection).
private final class Seat: Sendable {
  private let id: Int
  private let feed: LiveFeed

  init(id: Int, feed: LiveFeed) {
    self.id = id
    self.feed = feed
  }

  func leave() { feed.leave(id) }

  deinit { feed.leave(id) }
}
