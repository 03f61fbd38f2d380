import AsyncHTTPClient
import FleetModel
import NIOCore
import NIOHTTP1
import Testing

@Suite("what is served, and to whom")
struct ServedTests {
  @Test(
    "every answer forbids foreign content, framing and sniffing",
    arguments: ["/", "/metrics", "/none", "/api/v1/status"])
  func headers(_ path: String) async throws {
    try await TestServer.run { server async throws in
      let headers = try await server.get(path).headers
      let policy = try #require(headers.first(name: "content-security-policy"))
      #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
      #expect(!policy.contains("unsafe") && !policy.contains("http:"))
      #expect(headers.first(name: "x-frame-options") == "DENY")
      #expect(headers.first(name: "x-content-type-options") == "nosniff")
      #expect(headers.first(name: "referrer-policy") == "no-referrer")
      #expect(headers.first(name: "cache-control") == "no-store")
      #expect(headers.first(name: "access-control-allow-origin") == nil)
    }
  }

  @Test(
    "addresses, localhost and names of the configuration are answered",
    arguments: [
      "127.0.0.1", "192.168.1.5:9808", "localhost:9808", "[::1]:9808", "[fe80::1]", "fleet.lan", "FLEET.lan:80",
    ])
  func knownHosts(_ host: String) async throws {
    var settings = TestServer.anyPort
    settings.hosts = ["fleet.lan"]
    try await TestServer.run(settings) { server async throws in
      let status = try await server.get("/healthz", [("host", host)]).status
      #expect(status == .ok)
    }
  }

  @Test(
    "another name is refused: it may be somebody's DNS",
    arguments: [
      "evil.example", "fleet.lan.evil.example", "127.0.0.1.evil.example", "localhost.evil", "a@localhost", "",
    ])
  func foreignHosts(_ host: String) async throws {
    var settings = TestServer.anyPort
    settings.hosts = ["fleet.lan"]
    try await TestServer.run(settings) { server async throws in
      let response = try await server.get("/", [("host", host)])
      #expect(response.status == .misdirectedRequest || response.status == .badRequest)
      let text = try await response.text
      #expect(!text.contains("pi1"))
    }
  }

  @Test("nothing can be changed over HTTP", arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
  func methods(_ method: String) async throws {
    try await TestServer.run { server async throws in
      let response = try await server.send(server.request("/api/v1/status", method: method))
      #expect(response.status == .methodNotAllowed)
      #expect(response.headers.first(name: "allow") == "GET, HEAD")
    }
  }

  @Test("HEAD is GET without a body")
  func head() async throws {
    try await TestServer.run { server async throws in
      let response = try await server.send(server.request("/api/v1/status", method: "HEAD"))
      #expect(response.status == .ok)
      #expect(try await response.text.isEmpty)
    }
  }

  @Test("what is too long or brings a body is refused, and so is what does not exist")
  func bounds() async throws {
    try await TestServer.run { server async throws in
      #expect(try await server.get("/" + String(repeating: "a", count: 600)).status == .uriTooLong)
      var request = server.request("/")
      request.body = .bytes(ByteBuffer(string: "x"))
      #expect(try await server.send(request).status == .payloadTooLarge)
      for path in ["/none", "/api/v2/status", "/api/v1/nodes/none", "/assets/none", "/pi1"] {
        #expect(try await server.get(path).status == .notFound, "\(path)")
      }
      // The parser's own bound; the connection ends, the server does not.
      let long = try? await server.get("/", [("x-long", String(repeating: "a", count: 100_000))])
      #expect(long == nil || long?.status == .badRequest)
      #expect(try await server.get("/healthz").status == .ok)
    }
  }

  @Test(
    "with a token every path needs it",
    arguments: ["/", "/metrics", "/healthz", "/events", "/assets/fleetd.js", "/none"])
  func token(_ path: String) async throws {
    let token = "correct-horse-battery"
    try await TestServer.run(token: token) { server async throws in
      for wrong in [
        "", "Bearer", "Bearer wrong-horse-battery", "Basic ???", "Basic d3Jvbmc6d3Jvbmc=", "Bearer \(token) ",
      ] {
        let response = try await server.get(path, wrong.isEmpty ? [] : [("authorization", wrong)])
        #expect(response.status == .unauthorized || wrong.hasSuffix(" "), "\(wrong)")
        if response.status == .unauthorized {
          #expect(response.headers["www-authenticate"].contains { $0.hasPrefix("Basic") })
        }
      }
      #expect(try await server.get(path + "?token=\(token)").status == .unauthorized)
      guard path != "/events" else { return }
      let basic = Base64.encodeUnpadded(Array("any:\(token)".utf8))
      let padded = basic + String(repeating: "=", count: (4 - basic.count % 4) % 4)
      for right in ["Bearer \(token)", "bearer \(token)", "Basic \(padded)"] {
        let status = try await server.get(path, [("authorization", right)]).status
        #expect(status == (path == "/none" ? .notFound : .ok), "\(right)")
      }
    }
  }

  @Test("assets are asked for again and sent only when they are others")
  func assets() async throws {
    try await TestServer.run { server async throws in
      for (path, type) in [
        ("/assets/fleetd.css", "text/css"), ("/assets/fleetd.js", "text/javascript"),
        ("/assets/icon.svg", "image/svg+xml"),
      ] {
        let response = try await server.get(path)
        #expect(response.headers.first(name: "content-type")?.hasPrefix(type) == true)
        let tag = try #require(response.headers.first(name: "etag"))
        #expect(try await server.get(path, [("if-none-match", tag)]).status == .notModified)
        #expect(try await server.get(path, [("if-none-match", "\"other\"")]).status == .ok)
      }
    }
  }

  @Test("it is healthy from the beginning, and ready once a pass has seen the fleet of a commit")
  func readiness() async throws {
    var blank = FleetOverview(
      clock: SampleFleet.clock(), version: "1", startedAt: SampleFleet.now, mode: .observe, interval: 300)
    let source = ScriptedSource(blank)
    blank.commit = "abc"
    let known = blank
    try await TestServer.run(source: source) { server async throws in
      #expect(try await server.text("/healthz") == "ok\n")
      #expect(try await server.get("/readyz").status == .serviceUnavailable)
      #expect(try await server.text("/readyz") == "no commit is in force yet\n")
      source.change { $0 = known }
      #expect(try await server.text("/readyz") == "no pass has ended yet\n")
      source.change { $0.passes.ended(began: 0, ended: 9, isFailed: true) }
      #expect(try await server.get("/readyz").status == .serviceUnavailable)
      source.change { $0.passes.ended(began: 10, ended: 12, isFailed: false) }
      #expect(try await server.text("/readyz") == "ok\n")
      // An empty fleet is a page, too.
      #expect(try await server.text("/").contains("no node is declared"))
    }
  }
}
