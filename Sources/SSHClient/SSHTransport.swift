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

  private var link: (any SSHLink)?
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
    pipe.outbound.readableBytes < Self.outboundBound && (link?.isWritable ?? false)
  }

  /// Hands what libssh2 wrote to the socket, and goes on reading if libssh2 made room.
  func flush() {
    guard let link else { return }
    if pipe.outbound.readableBytes > 0, link.isWritable {
      let bytes = pipe.outbound
      pipe.outbound = ByteBuffer()
      link.write(bytes)
    }
    readIfThereIsRoom(link)
  }

  /// The link takes bytes again.
  func linkIsWritable() {
    flush()
    wakeAll()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    linkIsWritable()
  }

  // MARK: Bytes in

  /// Begins to use what carries the bytes.
  func attach(_ link: any SSHLink) {
    self.link = link
    // A connection that was given up while it was being made.
    if end == nil { readIfThereIsRoom(link) } else { link.close() }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    attach(SSHSocket(context: context))
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    link = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    receive(unwrapInboundIn(data))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    receivedWhatWasRead()
  }

  /// Keeps bytes for libssh2; `receivedWhatWasRead` follows.
  func receive(_ received: ByteBuffer) {
    guard end == nil else { return }
    var bytes = received
    if pipe.inbound.readableBytes == 0 { pipe.inbound = bytes } else { pipe.inbound.writeBuffer(&bytes) }
  }

  /// What one `read` of the link brought is there.
  func receivedWhatWasRead() {
    isReading = false
    wakeAll()
    if let link { readIfThereIsRoom(link) }
  }

  private func readIfThereIsRoom(_ link: any SSHLink) {
    guard !isReading, end == nil, pipe.inbound.readableBytes < Self.inboundBound else { return }
    isReading = true
    link.read()
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
      link?.close()
    }
    wakeAll()
  }
}

@available(*, unavailable)
extension SSHTransport: Sendable {}
