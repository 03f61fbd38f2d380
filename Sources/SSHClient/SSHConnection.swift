public import NIOCore

/// A connection to one host: key exchanged, host key verified, logged in.
///
/// The actor runs on the event loop that owns its socket, so nothing hops between threads and no thread belongs to a
/// connection. Several calls may run at once (up to eight commands; more wait in the order in which they came, and
/// their deadlines run meanwhile). Once `isAlive` is false every call fails with `connectionLost`; connect again.
public actor SSHConnection {
  public nonisolated let destination: SSHDestination
  /// The key that the host proved to have.
  public nonisolated let hostKey: SSHPublicKey
  /// What the server calls itself, safe to print: `SSH-2.0-OpenSSH_9.2p1 Debian-2`.
  public nonisolated let server: String
  /// What it accepted, safe to print: a key's file, a key of an agent, the password; nil where it wanted nothing.
  public nonisolated let identity: String?

  let transport: SSHTransport
  private nonisolated let eventLoop: any EventLoop
  private nonisolated let liveness: SSHLiveness

  public nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

  /// False once the connection ended for any reason. True is no promise: a peer may just have gone.
  public nonisolated var isAlive: Bool { liveness.isAlive }

  /// Takes over a transport that is ready for commands; called on its event loop.
  init(_ transport: NIOLoopBound<SSHTransport>, hostKey: SSHPublicKey, eventLoop: any EventLoop) {
    self.transport = transport.value
    self.hostKey = hostKey
    server = transport.value.pipe.gate.identification ?? ""
    identity = transport.value.identity
    self.eventLoop = eventLoop
    destination = transport.value.destination
    liveness = transport.value.liveness
  }

  /// Bytes that libssh2 holds for this connection.
  var memoryInUse: Int { transport.session.memoryInUse }

  isolated deinit {
    transport.finish(.closed)
  }

  /// Connects, verifies the host key, and logs in, all within `configuration.connectDeadline`; the time in which somebody
  /// is asked for a password does not count. With `configuration.jump` the same holds for the bastion first.
  ///
  /// The host key is judged before the first encrypted byte is read, and no key of this side is shown to a host whose
  /// own key was not accepted. `group` must stay alive for as long as the connection is in use.
  public static func connect(
    to destination: SSHDestination,
    configuration: SSHConfiguration,
    on group: any EventLoopGroup
  ) async throws(SSHError) -> SSHConnection {
    if let problem = destination.problem { throw SSHError(.invalidArgument, destination, problem) }
    let credentials = try await SSHCredentials(configuration.identities, for: destination)
    return try await configuration.reaching(destination, on: group.next()) { connector throws(SSHError) in
      try await connector.connect(with: credentials)
    }
  }

  /// Says good-bye and closes the connection. Calls that still run fail with `connectionLost`.
  public func close() async {
    if transport.end == nil { transport.session.disconnect() }
    transport.finish(.closed)
  }
}
