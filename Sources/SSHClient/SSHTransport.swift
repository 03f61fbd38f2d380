internal import NIOCore

/// One connection on its event loop: moves bytes between the socket and the pipe, and wakes the calls that wait.
///
/// Everything here happens on the event loop; the actors that use a transport run on the same loop, so a call that
/// looks at the session and then waits cannot miss what arrives in between.
final class SSHTransport: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How the stream of bytes ended.
  enum End: Equatable {
    case closedByPeer
    /// An error of the socket, in words.
    case failed(String)
    /// This side gave the connection up, and why.
    case discarded(String)
    /// `close()` was called.
    case closed
  }

  let destination: SSHDestination
  let eventLoop: any EventLoop
  let session: SSHSession
  var pipe: SSHPipe { session.pipe }
  /// What the server accepted, safe to print: a key's file, a key of an agent, the password.
  var identity: String?
  /// Nil while bytes may still come.
  private(set) var end: End?
  /// Shared with whoever asks from elsewhere whether the connection can still be used.
  let liveness = SSHLiveness()
  /// The channels of a session: OpenSSH allows 10 (MaxSessions).
  var channels = SSHTurnstile(capacity: 8)
  /// The channel that is being opened: libssh2 keeps that state in the session.
  var opening = SSHTurnstile(capacity: 1)

  private var context: ChannelHandlerContext?
  private var calls: [ObjectIdentifier: SSHCall] = [:]
  private var isReading = false

  /// Bytes that may wait for libssh2 before the socket is not read any more.
  private static let inboundBound = 1 << 20
  /// Bytes that may wait for the socket before commands stop writing.
  private static let outboundBound = 256 << 10

  init(destination: SSHDestination, eventLoop: any EventLoop, session: consuming SSHSession) {
    self.destination = destination
    self.eventLoop = eventLoop
    self.session = session
  }

  // MARK: Calls

  func begin(_ call: SSHCall) {
    calls[ObjectIdentifier(call)] = call
  }

  func finish(_ call: SSHCall) {
    calls[ObjectIdentifier(call)] = nil
    channels.forget(call)
    opening.forget(call)
    wakeAll()
  }

  func wakeAll() {
    for call in calls.values { call.wake() }
  }

  // MARK: Bytes out

  /// The socket keeps up, so that a command may write.
  var canWrite: Bool {
    pipe.outbound.readableBytes < Self.outboundBound && (context?.channel.isWritable ?? false)
  }

  /// Hands what libssh2 wrote to the socket, and goes on reading if libssh2 made room.
  func flush() {
    guard let context else { return }
    if pipe.outbound.readableBytes > 0, context.channel.isWritable {
      let bytes = pipe.outbound
      pipe.outbound = ByteBuffer()
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
    readIfThereIsRoom(context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    flush()
    wakeAll()
  }

  // MARK: Bytes in

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // A connection that was given up while it was being made.
    if end == nil { readIfThereIsRoom(context) } else { context.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard end == nil else { return }
    var bytes = unwrapInboundIn(data)
    if pipe.inbound.readableBytes == 0 { pipe.inbound = bytes } else { pipe.inbound.writeBuffer(&bytes) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    wakeAll()
    readIfThereIsRoom(context)
  }

  private func readIfThereIsRoom(_ context: ChannelHandlerContext) {
    guard !isReading, end == nil, pipe.inbound.readableBytes < Self.inboundBound else { return }
    isReading = true
    context.read()
  }

  // MARK: The end

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.failed(describe(error)))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish(.closedByPeer)
  }

  /// Ends the connection. What was received stays readable, unless this side chose to end it.
  func finish(_ end: End) {
    guard self.end == nil else { return }
    self.end = end
    liveness.end()
    switch end {
    case .closedByPeer, .failed: break
    case .discarded, .closed:
      flush()
      pipe.sever()
      context?.close(promise: nil)
    }
    wakeAll()
  }
}

@available(*, unavailable)
extension SSHTransport: Sendable {}
