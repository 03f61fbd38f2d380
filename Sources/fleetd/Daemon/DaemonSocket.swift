import FleetModel
import FleetReconcile
import Glibc
import NIOCore
import NIOPosix

/// The socket on which clients talk to the daemon: one line of JSON in, one out. Its group may use it, nobody else.
struct DaemonSocket: Sendable {
  let path: String
  let answer: @Sendable (JSONText) async -> JSONText

  /// Where the daemon listens: systemd's runtime directory, else the state directory.
  ///
  /// Not /run/fleetd: on a control node that is a node of the fleet too, that is where its steps keep their marks.
  static func path(_ configuration: ControlNodeConfiguration) -> String {
    Console.variable("RUNTIME_DIRECTORY").map { "\($0.prefix { $0 != ":" })/socket" }
      ?? "\(StateDirectory.path(configuration))/socket"
  }

  /// Where a client looks for it, in this order.
  static func candidates(_ configuration: ControlNodeConfiguration) -> [String] {
    ["\(StateDirectory.path(configuration))/socket", "/run/fleetd-daemon/socket"]
  }

  private static let mostRequestBytes = 64 << 10
  private static let mostClients = 16
  private static let patience: Duration = .seconds(20)

  typealias Client = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  func bind(on group: any EventLoopGroup) async throws -> NIOAsyncChannel<Client, Never> {
    unlink(path)
    let server: NIOAsyncChannel<Client, Never>
    do {
      server = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 16)
        .bind(unixDomainSocketPath: path) { channel in
          channel.eventLoop.makeCompletedFuture { try Client(wrappingChannelSynchronously: channel) }
        }
    } catch {
      throw RunFailure("\(path) cannot be listened on: \(error)", next: "may this account write to its directory?")
    }
    chmod(path, 0o660)
    if let group = getgrnam("fleetd") { chown(path, uid_t.max, group.pointee.gr_gid) }
    return server
  }

  /// Until the task is cancelled.
  func serve(_ server: NIOAsyncChannel<Client, Never>) async throws {
    try await server.executeThenClose { clients in
      try await withThrowingDiscardingTaskGroup { group in
        let count = Counter()
        for try await client in clients {
          guard count.enter(below: Self.mostClients) else {
            try? await client.channel.close()
            continue
          }
          group.addTask {
            await within(Self.patience) { await converse(client) }
            count.leave()
          }
        }
      }
    }
    unlink(path)
  }

  private func converse(_ client: Client) async {
    // A client that goes away in the middle is no error of ours.
    try? await client.executeThenClose { inbound, outbound in
      var request: [UInt8] = []
      for try await buffer in inbound {
        request += buffer.readableBytesView
        guard request.count <= Self.mostRequestBytes else { return }
        if request.contains(0x0A) { break }
      }
      let line = request.prefix { $0 != 0x0A }
      let asked = (try? JSONText(parsing: line, maximumDepth: 8)) ?? .null
      let text = await answer(asked).compact + "\n"
      try await outbound.write(ByteBuffer(string: text))
    }
  }

  private func within(_ time: Duration, _ work: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await work() }
      // A client's patience: that time has passed is the one condition that nothing signals.
      group.addTask { try? await Task.sleep(for: time) }
      await group.next()
      group.cancelAll()
    }
  }
}
