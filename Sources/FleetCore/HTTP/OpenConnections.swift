internal import NIOCore
internal import Synchronization

/// Every connection that is open, so that stopping waits for no client's goodwill.
final class OpenConnections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isEnding = false
  }

  private let state = Mutex(State())

  /// Closes all, and from now on whatever comes.
  func end() {
    let channels = state.withLock { state in
      state.isEnding = true
      return state.channels.values.map { $0 }
    }
    for channel in channels { channel.close(promise: nil) }
  }

  /// To be put into the pipeline of a new connection.
  var handler: any RemovableChannelHandler { Handler(connections: self) }

  private func opened(_ channel: any Channel) {
    let isLate = state.withLock { state in
      state.channels[ObjectIdentifier(channel)] = channel
      return state.isEnding
    }
    if isLate { channel.close(promise: nil) }
  }

  private func closed(_ channel: any Channel) {
    state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  private final class Handler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let connections: OpenConnections

    init(connections: OpenConnections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) { connections.opened(context.channel) }

    func channelInactive(context: ChannelHandlerContext) {
      connections.closed(context.channel)
      context.fireChannelInactive()
    }
  }
}
