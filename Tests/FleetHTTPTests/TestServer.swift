import AsyncHTTPClient
import FleetHTTP
import FleetModel
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A state that a test sets.
final class ScriptedSource: OverviewSource {
  private let state: Mutex<FleetOverview>

  init(_ overview: FleetOverview = SampleFleet.overview) { state = Mutex(overview) }

  func overview() async -> FleetOverview { state.withLock { $0 } }

  func change(_ body: (inout FleetOverview) -> Void) { state.withLock { body(&$0) } }
}

/// The real server on a free port of this machine, for as long as a test's body runs.
struct TestServer: Sendable {
  let port: Int
  let client: HTTPClient
  let source: ScriptedSource

  var base: String { "http://127.0.0.1:\(port)" }

  static let anyPort = HTTPSettings(endpoint: .init(address: "127.0.0.1", port: 0))

  /// News at once, so that a test awaits it and no clock.
  static var quick: LivePace {
    var pace = LivePace()
    pace.look = .milliseconds(20)
    return pace
  }

  /// - Parameter other: what is served in place of `source`.
  static func run(
    _ settings: HTTPSettings = anyPort, token: String? = nil, source: ScriptedSource = ScriptedSource(),
    serving other: (any OverviewSource)? = nil, pace: LivePace = quick,
    _ body: @escaping @Sendable (TestServer) async throws -> Void
  ) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let server = FleetHTTPServer(
      settings, token: token.flatMap { AccessToken(Secret(Array($0.utf8))) }, source: other ?? source, pace: pace,
      on: group,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let (ports, told) = AsyncStream<Int>.makeStream()
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 600
    let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    do {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          defer { told.finish() }
          do { try await server.run { told.yield($0) } } catch is CancellationError {}
        }
        for await port in ports {
          try await body(TestServer(port: port, client: client, source: source))
          break
        }
        tasks.cancelAll()
        try await tasks.waitForAll()
      }
    } catch {
      try? await client.shutdown()
      throw error
    }
    try await client.shutdown()
  }

  func request(_ path: String, method: String = "GET", _ headers: [(String, String)] = []) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: base + path)
    request.method = .init(rawValue: method)
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    return request
  }

  func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
    try await client.execute(request, timeout: .seconds(60))
  }

  func get(_ path: String, _ headers: [(String, String)] = []) async throws -> HTTPClientResponse {
    try await send(request(path, headers))
  }

  func text(_ path: String) async throws -> String { try await get(path).text }
}

extension HTTPClientResponse {
  var text: String {
    get async throws { String(buffer: try await body.collect(upTo: 8 << 20)) }
  }
}
