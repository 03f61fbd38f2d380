import NIOCore
import NIOPosix

/// A TCP server that is no sshd: it sends some bytes and then keeps silent, or closes.
final class Peer: Sendable {
  enum Behaviour: Sendable {
    case silent
    case sends(String)
    case closes(after: String)
  }

  let port: Int
  private let channel: any Channel

  init(_ behaviour: Behaviour, host: String = "127.0.0.1") async throws {
    channel = try await ServerBootstrap(group: Fixture.group)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.addHandler(Greeter(behaviour: behaviour))
        }
      }
      .bind(host: host, port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  /// The same at a socket of this machine: an agent that is none.
  init(_ behaviour: Behaviour, socket: String) async throws {
    channel = try await ServerBootstrap(group: Fixture.group)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.addHandler(Greeter(behaviour: behaviour))
        }
      }
      .bind(unixDomainSocketPath: socket).get()
    port = 0
  }

  func stop() async throws {
    try await channel.close()
  }

  private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let behaviour: Behaviour

    init(behaviour: Behaviour) {
      self.behaviour = behaviour
    }

    func channelActive(context: ChannelHandlerContext) {
      switch behaviour {
      case .silent: break
      case .sends(let text):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      case .closes(let text):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        context.close(promise: nil)
      }
    }
  }
}
