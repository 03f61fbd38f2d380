import NIOCore
import NIOPosix

/// Reads pages and forgets them.
struct PageReader: Sendable {
  let port: Int

  /// Follows the page until the task is cancelled.
  func follow() async { try? await ask("/events") }

  /// One page, to its end.
  func read(_ path: String) async throws { try await ask(path) }

  private func ask(_ path: String) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port).get()
    let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    try await withTaskCancellationHandler {
      try await channel.writeAndFlush(ByteBuffer(string: request)).get()
      try await channel.closeFuture.get()
    } onCancel: {
      channel.close(promise: nil)
    }
  }
}
