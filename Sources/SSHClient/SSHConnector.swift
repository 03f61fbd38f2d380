internal import NIOCore
internal import NIOPosix

/// Makes one connection: TCP, key exchange, host key, log-in. What it leaves behind is a transport that is ready for
/// commands; an `SSHConnection` exists only around such a one.
actor SSHConnector {
  let transport: SSHTransport
  let configuration: SSHConfiguration
  private nonisolated let eventLoop: any EventLoop
  /// Whether TCP is there.
  private var isDialed = false
  /// The way through a bastion; nil: TCP is made from here.
  private let passage: SSHPassage?
  /// What a log-in has left of its deadline; people who are asked do not count.
  private(set) var timeLeft: Duration = .zero

  nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

  init(
    to destination: SSHDestination,
    configuration: SSHConfiguration,
    through passage: SSHPassage? = nil,
    on eventLoop: any EventLoop
  ) throws(SSHError) {
    let pipe = SSHPipe(expectedKeys: configuration.hostKeys.keys(for: destination))
    if let failure = SSHLibrary.initialise() {
      throw SSHError(.handshakeFailed, destination, "libssh2 cannot be used", library: failure)
    }
    guard let session = SSHSession(pipe: pipe) else {
      throw SSHError(.handshakeFailed, destination, "no memory for a session")
    }
    transport = SSHTransport(destination: destination, eventLoop: eventLoop, session: session)
    self.configuration = configuration
    self.passage = passage
    self.eventLoop = eventLoop
  }

  /// The whole way, up to a connection that is logged in.
  func connect(with credentials: SSHCredentials) async throws(SSHError) -> SSHConnection {
    do throws(SSHError) {
      let hostKey = try await transport.withCall("connecting", deadline: configuration.connectDeadline) {
        call throws(SSHError) in
        try await self.dial(call)
        let hostKey = try await self.exchangeKeys(call)
        try await self.logIn(call, with: credentials)
        self.timeLeft = call.end.map { .nanoseconds(($0 - .now()).nanoseconds) } ?? .zero
        return hostKey
      }
      return SSHConnection(NIOLoopBound(transport, eventLoop: eventLoop), hostKey: hostKey, eventLoop: eventLoop)
    } catch {
      let stage = stage
      transport.finish(.discarded("connecting failed"))
      var failure =
        error.code == .timedOut
        ? SSHError(.connectTimedOut, error.destination, error.message, nextStep: error.nextStep) : error
      failure.stage = stage
      throw failure
    }
  }

  /// How far this connection has come.
  private var stage: SSHError.Stage {
    if case .accepted = transport.pipe.hostKey { return .authentication }
    if transport.pipe.gate.identification != nil { return .keyExchange }
    return isDialed ? .identification : .connecting
  }

  func dial(_ call: SSHCall) async throws(SSHError) {
    if let passage {
      passage.forwarding.value.carry(transport)
      isDialed = true
      return
    }
    call.activity = "connecting to TCP port \(transport.destination.port)"
    var outcome: Result<Void, SSHError>?
    SSHDial.start(transport, configuration: configuration) { result in
      outcome = result
      call.wake()
    }
    while true {
      call.look()
      try transport.check(call)
      if let outcome {
        try outcome.get()
        isDialed = true
        return
      }
      await call.park()
    }
  }
}
