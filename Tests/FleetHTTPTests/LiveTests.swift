import AsyncHTTPClient
import FleetHTTP
import FleetModel
import NIOCore
import NIOHTTP1
import Testing

/// Server-sent events as they arrive.
struct EventReader: ~Copyable {
  private var parts: HTTPClientResponse.Body.AsyncIterator
  private var text = ""

  init(_ response: HTTPClientResponse) { parts = response.body.makeAsyncIterator() }

  /// Reads on until what arrived holds `wanted`; `false`: it ended before.
  mutating func read(until wanted: String) async throws -> Bool {
    while !text.contains(wanted) {
      guard let part = try await parts.next() else { return false }
      text += String(buffer: part)
    }
    text = ""
    return true
  }
}

@Suite("the page, live", .timeLimit(.minutes(2)))
struct LiveTests {
  @Test("who follows is told at once how it is, and again when it changes")
  func news() async throws {
    try await TestServer.run { server async throws in
      let response = try await server.get("/events")
      #expect(response.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true)
      var events = EventReader(response)
      #expect(try await events.read(until: "2 need a look"))
      server.source.change { $0.nodes[0].state = .away }
      #expect(try await events.read(until: "3 need a look"))
    }
  }

  @Test("what a node says forges no event")
  func hostile() async throws {
    try await TestServer.run(source: ScriptedSource(SampleFleet.hostileOverview)) { server async throws in
      var parts = try await server.get("/events").body.makeAsyncIterator()
      var text = ""
      while !text.hasSuffix("\n\n") || !text.contains("</main>") {
        text += String(buffer: try #require(try await parts.next()))
      }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count { $0.hasPrefix("event:") } == 1)
      for line in lines {
        #expect(line.isEmpty || ["data: ", "event: page", "retry: "].contains { line.hasPrefix($0) }, "\(line)")
      }
    }
  }

  @Test("beyond the limit nobody follows, everybody reads, and a place that is left is free again")
  func limit() async throws {
    var settings = TestServer.anyPort
    settings.liveClients = 2
    try await TestServer.run(settings) { server async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        var first = EventReader(try await server.get("/events"))
        #expect(try await first.read(until: "</main>"))
        // In a task of its own, so that its end closes the connection.
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        group.addTask {
          var second = EventReader(try await server.get("/events"))
          _ = try await second.read(until: "</main>")
          arrived.finish()
          _ = try? await second.read(until: "never")
        }
        for await _ in arrivals {}
        let refused = try await server.get("/events")
        #expect(refused.status == .serviceUnavailable && refused.headers.first(name: "retry-after") == "15")
        #expect(try await server.get("/").status == .ok)
        #expect(try await server.text("/metrics").contains("fleetd_http_live_clients 2\n"))
        group.cancelAll()
        while try await server.get("/events").status != .ok { await Task.yield() }
      }
    }
  }

  @Test("followers do not keep it from stopping")
  func stopping() async throws {
    let (ends, ended) = AsyncStream<Bool>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (servers, began) = AsyncStream<TestServer>.makeStream()
      group.addTask {
        try await TestServer.run { server async throws in
          var events = EventReader(try await server.get("/events"))
          #expect(try await events.read(until: "</main>"))
          began.yield(server)
          began.finish()
        }
        ended.yield(true)
        ended.finish()
      }
      for await _ in servers {}
      try await group.waitForAll()
    }
    var hasEnded = false
    for await end in ends { hasEnded = end }
    #expect(hasEnded)
  }
}
