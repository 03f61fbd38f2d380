internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#endif

/// Makes the TCP connection, on the event loop of a transport, and adds the transport to it.
enum SSHDial {
  /// Begins to connect. `failed` is called at most once, on the event loop; success shows in the transport.
  /// A transport that was given up in the meantime closes the connection as soon as it is made.
  static func start(
    _ transport: SSHTransport,
    configuration: SSHConfiguration,
    connected: @escaping (Result<Void, SSHError>) -> Void
  ) {
    let destination = transport.destination
    let bootstrap = ClientBootstrap(group: transport.eventLoop)
      .connectTimeout(TimeAmount(configuration.connectDeadline))
      // The transport reads when libssh2 has room, and only after it was added.
      .channelOption(.autoRead, value: false)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .channelOption(tcp(TCP_KEEPIDLE), value: Self.seconds(configuration.keepaliveInterval))
      .channelOption(tcp(TCP_KEEPINTVL), value: 5)
      .channelOption(tcp(TCP_KEEPCNT), value: 3)
      // Data that the peer does not acknowledge for as long ends the connection, too.
      .channelOption(tcp(TCP_USER_TIMEOUT), value: (Self.seconds(configuration.keepaliveInterval) + 15) * 1000)
      .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))

    let future: EventLoopFuture<any Channel>
    if let address = try? SocketAddress(ipAddress: destination.host, port: destination.port) {
      future = bootstrap.connect(to: address)
    } else {
      future = bootstrap.resolver(SSHResolver(eventLoop: transport.eventLoop))
        .connect(host: destination.host, port: destination.port)
    }
    future.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel):
        do {
          try channel.pipeline.syncOperations.addHandler(transport)
          connected(.success(()))
        } catch {
          channel.close(promise: nil)
          connected(.failure(SSHError(.unreachable, destination, "cannot connect: \(describe(error))")))
        }
      case .failure(let error):
        connected(.failure(SSHError(dialing: destination, error, deadline: configuration.connectDeadline)))
      }
    }
  }

  private static func tcp(_ name: Int32) -> ChannelOptions.Types.SocketOption {
    ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: name))
  }

  private static func seconds(_ duration: Duration) -> SocketOptionValue {
    // The kernel takes 1 to 32767.
    SocketOptionValue(min(max(duration.components.seconds, 1), 32_767))
  }
}

extension SSHError {
  /// What a failed TCP connection means.
  init(dialing destination: SSHDestination, _ error: any Error, deadline: Duration) {
    let attempts: [any Error]
    if let error = error as? NIOConnectionError {
      guard !error.connectionErrors.isEmpty else {
        let reason = (error.dnsAError ?? error.dnsAAAAError).map(describe) ?? "it has no address"
        self.init(
          .resolveFailed,
          destination,
          "cannot resolve \(printable(destination.host)): \(reason)",
          nextStep: "check the address, or the resolver of this machine"
        )
        return
      }
      attempts = error.connectionErrors.map(\.error)
    } else {
      attempts = [error]
    }
    // With several addresses the answer that says most: somebody refused, then no route, then silence.
    let codes = attempts.compactMap { ($0 as? IOError)?.errnoCode }
    let text = attempts.map(describe).joined(separator: "; ")
    if codes.contains(ECONNREFUSED) {
      self.init(
        .connectRefused,
        destination,
        "connection refused",
        nextStep: "check that sshd runs there and listens on port \(destination.port)"
      )
    } else if codes.contains(where: { [EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL].contains($0) }) {
      self.init(
        .unreachable, destination, attempts.count == 1 ? "no route to the host" : "no route to the host: \(text)")
    } else if codes.contains(ECONNRESET) {
      self.init(.closedBeforeBanner, destination, "the connection was reset before it was made")
    } else if codes.contains(ETIMEDOUT) || attempts.contains(where: { $0 is ChannelError }) {
      self.init(.connectTimedOut, destination, "no answer to TCP within \(deadline)")
    } else {
      self.init(.unreachable, destination, "cannot connect: \(text)")
    }
  }
}
