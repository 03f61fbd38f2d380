internal import NIOCore

/// What carries the bytes of one transport: a socket, or a channel through a bastion. Confined to the transport's event
/// loop. It calls the transport's `receive`, `receivedWhatWasRead` and `linkIsWritable`, and `finish` when it ends.
protocol SSHLink: AnyObject {
  /// More bytes may be written.
  var isWritable: Bool { get }
  /// Takes all of the bytes.
  func write(_ bytes: ByteBuffer)
  /// Asks for what comes next, once.
  func read()
  /// Sends what was written, as far as that goes without waiting, and closes.
  func close()
}

/// The link that most connections have: a TCP connection.
final class SSHSocket: SSHLink {
  private let context: ChannelHandlerContext

  init(context: ChannelHandlerContext) {
    self.context = context
  }

  var isWritable: Bool { context.channel.isWritable }

  func write(_ bytes: ByteBuffer) {
    context.writeAndFlush(NIOAny(bytes), promise: nil)
  }

  func read() {
    context.read()
  }

  func close() {
    context.close(promise: nil)
  }
}
