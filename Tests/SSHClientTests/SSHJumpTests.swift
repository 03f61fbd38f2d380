import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  /// Two servers of one account: the bastion, and the host behind it.
  @Suite("through a bastion")
  struct Jump {
    private func jump(
      _ bastion: SSHServer, _ key: SSHTestKeys.HostKeyType = .ed25519
    ) throws -> SSHJump {
      SSHJump(
        destination: Fixture.destination(bastion), hostKeys: .pinned([try Fixture.hostKey(key)]),
        identities: [.file(path: try Fixture.keys.userKey)])
    }

    private func configuration(
      _ jump: SSHJump, deadline: Duration = Fixture.patience
    ) throws -> SSHConfiguration {
      var configuration = try Fixture.configuration(deadline: deadline)
      configuration.jump = jump
      return configuration
    }

    @Test("commands and five megabytes in both directions go through the bastion")
    func endToEnd() async throws {
      let bastion = try SSHServer(keys: try Fixture.keys, options: ["LogLevel DEBUG1"])
      let host = try Fixture.server
      let connection = try await SSHConnection.connect(
        to: Fixture.destination(host), configuration: configuration(try jump(bastion)), on: Fixture.group)
      try await Fixture.expectUsable(connection)
      let bytes = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 11) }
      let echoed = try await connection.execute(
        "cat", input: .bytes(bytes), limits: SSHOutputLimits(stdout: 6 << 20, stderr: 1024), deadline: Fixture.patience)
      #expect(echoed.stdout == bytes)
      await connection.close()
      #expect(!connection.isAlive)
      #expect(bastion.stopAndReadLog().contains("direct-tcpip"))
    }

    @Test("a bastion whose key is not known is not entered, and the error is the bastion's")
    func wrongBastionKey() async throws {
      let bastion = try SSHServer(keys: try Fixture.keys, hostKeyTypes: [.ecdsa])
      var jump = try jump(bastion)
      jump.hostKeys = .pinned([])
      let error = try await Fixture.failure(to: Fixture.destination(try Fixture.server), configuration(jump))
      #expect(error.code == .hostKeyUnknown)
      #expect(error.hop == .bastion(jump.destination))
      #expect(error.message.hasPrefix("the bastion \(jump.destination): "))
      #expect(!bastion.stopAndReadLog().contains("Accepted publickey"))
    }

    @Test("the host's own key is checked behind the bastion")
    func wrongHostKey() async throws {
      let bastion = try SSHServer(keys: try Fixture.keys)
      let jump = try jump(bastion)
      var configuration = try configuration(jump)
      configuration.hostKeys = .pinned([])
      let error = try await Fixture.failure(to: Fixture.destination(try Fixture.server), configuration)
      #expect(error.code == .hostKeyUnknown)
      #expect(error.hop == .behind(jump.destination))
      #expect(error.message.hasPrefix("through \(jump.destination): "))
      bastion.stop()
    }

    @Test("a bastion that forwards nothing is told apart from a host that refuses")
    func refusals() async throws {
      let strict = try SSHServer(keys: try Fixture.keys, options: ["AllowTcpForwarding no"])
      let forbidden = try await Fixture.failure(
        to: Fixture.destination(try Fixture.server), configuration(try jump(strict)))
      #expect(forbidden.code == .unreachable)
      #expect(forbidden.hop == .forwarding(Fixture.destination(strict)))
      #expect(forbidden.message.contains("does not forward"))
      #expect(forbidden.nextStep?.contains("AllowTcpForwarding") == true)
      strict.stop()

      let bastion = try SSHServer(keys: try Fixture.keys)
      let closed = SSHDestination(host: "127.0.0.1", port: try Fixture.unusedPort(), user: SSHServer.user)
      let refused = try await Fixture.failure(to: closed, configuration(try jump(bastion)))
      #expect(refused.code == .connectRefused)
      #expect(refused.message.contains("cannot connect to port \(closed.port) of 127.0.0.1: connection refused"))
      bastion.stop()
    }

    @Test("a host that is silent behind the bastion costs the deadline once")
    func silentHost() async throws {
      let bastion = try SSHServer(keys: try Fixture.keys)
      let peer = try await Peer(.silent)
      let silent = SSHDestination(host: "127.0.0.1", port: peer.port, user: "pi")
      let error = try await Fixture.failure(to: silent, configuration(try jump(bastion), deadline: .seconds(2)))
      #expect(error.code == .connectTimedOut)
      #expect(error.hop == .behind(Fixture.destination(bastion)))
      // Its client is gone, or this would not return.
      _ = bastion.stopAndReadLog()
      try await peer.stop()
    }

    @Test("a cancelled attempt leaves nothing on the bastion")
    func cancelled() async throws {
      let bastion = try SSHServer(keys: try Fixture.keys)
      let peer = try await Peer(.silent)
      let silent = SSHDestination(host: "127.0.0.1", port: peer.port, user: "pi")
      let configuration = try configuration(try jump(bastion))
      let attempt = Task {
        try await SSHConnection.connect(to: silent, configuration: configuration, on: Fixture.group).close()
      }
      attempt.cancel()
      let error = await #expect(throws: SSHError.self) { try await attempt.value }
      #expect(error?.code == .cancelled)
      _ = bastion.stopAndReadLog()
      try await peer.stop()
    }

    @Test("host keys are asked for through the bastion, too")
    func hostKeys() async throws {
      let bastion = try SSHServer(keys: try Fixture.keys)
      let keys = try await SSHConnection.hostKeys(
        of: Fixture.destination(try Fixture.server), through: try jump(bastion), deadline: Fixture.patience,
        on: Fixture.group)
      #expect(keys.contains(try Fixture.hostKey(.ed25519)))
      bastion.stop()
    }
  }
}
