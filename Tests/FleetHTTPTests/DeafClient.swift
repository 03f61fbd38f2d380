import NIOCore
import NIOPosix

/// Asks for events and reads none: the kernel's buffers fill, and so does the server's.
struct DeafClient: Sendable {
  private let channel: any Channel

  init(of port: Int) async throws {
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: false)
      .connect(host: "127.0.0.1", port: port).get()
    try await channel.writeAndFlush(ByteBuffer(string: "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).get()
  }

  /// A client that does not read sees the server's end only when it writes.
  var isActive: Bool {
    get async {
      do {
        try await channel.writeAndFlush(ByteBuffer(string: "\r\n")).get()
        return true
      } catch {
        return false
      }
    }
  }
}
