package import FleetModel
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
package import NIOCore
internal import NIOSSL
internal import ServiceLifecycle

/// Serves the page, the API and the metrics, until it is told to stop. It only reads: it knows an `OverviewSource` and
/// nothing that could change anything.
package struct FleetHTTPServer: Sendable {
  let settings: HTTPSettings
  let token: AccessToken?
  let source: any OverviewSource
  let pace: LivePace
  let group: any EventLoopGroup
  let log: Logger

  /// Connections beside those that follow the page.
  private static let mostOthers = 64
  /// A connection that says nothing for so long is closed, also in the middle of a request.
  private static let idleTime = TimeAmount.seconds(20)
  private static let mostHeaderBytes = 16 << 10

  /// - Parameter token: what every request must bring; `nil`: nothing.
  package init(
    _ settings: HTTPSettings, token: AccessToken?, source: any OverviewSource, pace: LivePace = LivePace(),
    on group: any EventLoopGroup, log: Logger
  ) {
    self.settings = settings
    self.token = token
    self.source = source
    self.pace = pace
    self.group = group
    self.log = log
  }

  /// Until the task is cancelled. Throws where the address cannot be listened on, or a certificate cannot be used.
  ///
  /// - Parameter ready: is told the port, once it is listened on.
  package func run(ready: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
    guard let endpoint = settings.endpoint else { return }
    let connections = OpenConnections()
    let feed = LiveFeed(most: settings.liveClients)
    let publisher = LivePublisher(source: source, feed: feed, pace: pace) { PageRenderer(overview: $0).fragment }
    let application = Application(
      router: Routes(source: source, feed: feed, hosts: Set(settings.hosts), token: token).router,
      server: try serverBuilder(connections),
      configuration: ApplicationConfiguration(
        address: .hostname(endpoint.address, port: endpoint.port),
        availableConnectionsDelegate: .maximum(settings.liveClients + Self.mostOthers, logger: Self.silent)),
      onServerRunning: { channel in ready(channel.localAddress?.port ?? endpoint.port) },
      eventLoopGroupProvider: .shared(group), logger: Self.silent)
    try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await publisher.run() }
        tasks.addTask { try await application.run() }
        defer { tasks.cancelAll() }
        try await tasks.next()
        try Task.checkCancellation()
      }
    } onCancel: {
      connections.end()
    }
  }

  private func serverBuilder(_ connections: OpenConnections) throws -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        additionalChannelHandlers: [connections.handler], idleTimeout: Self.idleTime,
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: Self.mostHeaderBytes, maxHeaderListSize: Self.mostHeaderBytes, maxHeaderFieldCount: 100)))
    guard let certificates = settings.certificates else { return plain }
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.key, format: .pem)))
    tls.minimumTLSVersion = .tlsv12
    tls.applicationProtocols = ["http/1.1"]
    if let authority = certificates.clientAuthority {
      tls.trustRoots = .file(authority)
      tls.certificateVerification = .noHostnameVerification
    }
    return try .tls(plain, tlsConfiguration: tls)
  }

  /// What hummingbird says is of no use to a person: requests may be anybody's.
  private static let silent = Logger(label: "fleetd.http") { _ in SwiftLogNoOpLogHandler() }
}
