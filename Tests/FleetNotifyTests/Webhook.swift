import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real HTTP server on loopback that takes notifications, and answers as it is told.
final class Webhook: Sendable {
  struct Request: Sendable {
    let method: String
    let uri: String
    let headers: [String: String]
    let body: String
  }

  enum Answer: Sendable {
    case status(UInt, retryAfter: String? = nil)
    case redirect(String)
    /// The request is read, and nothing is ever said.
    case silence
  }

  private let answers: Mutex<[Answer]>
  private let taken = Mutex<[Request]>([])
  private let channel: Mutex<(any Channel)?> = Mutex(nil)

  /// - Parameters:
  ///   - answers: in their order; the last one counts from then on.
  ///   - tls: what it is served with; `nil`: plainly.
  init(_ answers: [Answer] = [.status(200)], tls: TLSConfiguration? = nil) async throws {
    self.answers = Mutex(answers)
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    scheme = context == nil ? "http" : "https"
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
        }.flatMap { channel.pipeline.configureHTTPServerPipeline() }.flatMap {
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler(self)) }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.withLock { $0 = server }
  }

  var port: Int { channel.withLock { $0 }?.localAddress?.port ?? 0 }
  private let scheme: String
  var url: String { "\(scheme)://127.0.0.1:\(port)/hook" }
  var requests: [Request] { taken.withLock { $0 } }

  func close() async throws { try await channel.withLock { $0 }?.close().get() }

  fileprivate func take(_ request: Request) -> Answer {
    taken.withLock { $0.append(request) }
    return answers.withLock { answers in answers.count > 1 ? answers.removeFirst() : answers[0] }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let webhook: Webhook
    private var head: HTTPRequestHead?
    private var body = ""

    init(_ webhook: Webhook) { self.webhook = webhook }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        self.head = head
        body = ""
      case .body(let buffer): body += String(buffer: buffer)
      case .end: answer(context)
      }
    }

    private func answer(_ context: ChannelHandlerContext) {
      guard let head else { return }
      let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
      let request = Request(method: head.method.rawValue, uri: head.uri, headers: headers, body: body)
      var answer = HTTPHeaders([("content-length", "0")])
      let status: UInt
      switch webhook.take(request) {
      case .silence: return
      case .redirect(let place):
        status = 302
        answer.add(name: "location", value: place)
      case .status(let code, let after):
        status = code
        if let after { answer.add(name: "retry-after", value: after) }
      }
      let response = HTTPResponseHead(version: .http1_1, status: .init(statusCode: Int(status)), headers: answer)
      context.write(wrapOutboundOut(.head(response)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
