import Foundation
import NIOCore
import NIOPosix
import SSHTestServer
import Testing

@testable import SSHClient

/// What the tests that need a real sshd share: one server, one pair of event loops.
enum Fixture {
  /// Two threads for all connections, as in fleetd.
  static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
  private static let sharedKeys = Result { try SSHTestKeys() }
  private static let sharedServer = Result { try SSHServer(keys: try sharedKeys.get()) }

  static var keys: SSHTestKeys { get throws { try sharedKeys.get() } }
  /// Has host keys of all types; ends with this process.
  static var server: SSHServer { get throws { try sharedServer.get() } }

  static let inCI = ProcessInfo.processInfo.environment["CI"] == "true"
  /// Long enough for a busy machine: a test that waits for it has failed.
  static let patience: Duration = .seconds(50)

  static func destination(_ server: SSHServer) -> SSHDestination {
    SSHDestination(host: "127.0.0.1", port: server.port, user: SSHServer.user)
  }

  static func hostKey(_ type: SSHTestKeys.HostKeyType) throws -> SSHPublicKey {
    try SSHPublicKey(authorizedKeysLine: try keys.hostKeyLine(type))
  }

  /// Pins the server's Ed25519 key and logs in with the Ed25519 user key.
  static func configuration(deadline: Duration = patience) throws -> SSHConfiguration {
    SSHConfiguration(
      hostKeys: .pinned([try hostKey(.ed25519)]),
      identities: [.file(path: try keys.userKey)],
      connectDeadline: deadline
    )
  }

  static func connect(_ server: SSHServer? = nil) async throws -> SSHConnection {
    try await SSHConnection.connect(
      to: destination(try server ?? self.server),
      configuration: configuration(),
      on: group
    )
  }

  /// Connects, hands the connection to `body`, and closes it whatever happens.
  static func withConnection(
    to server: SSHServer? = nil,
    _ body: (SSHConnection) async throws -> Void
  ) async throws {
    let connection = try await connect(server)
    do {
      try await body(connection)
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  /// The connection still runs commands.
  static func expectUsable(
    _ connection: SSHConnection,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let result = try await connection.execute("echo on", deadline: patience)
    #expect(result.text == "on\n", sourceLocation: sourceLocation)
  }

  /// The error of a connection attempt that has to fail.
  static func failure(
    to destination: SSHDestination,
    _ configuration: SSHConfiguration,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> SSHError {
    try #require(
      await #expect(throws: SSHError.self, sourceLocation: sourceLocation) {
        try await SSHConnection.connect(to: destination, configuration: configuration, on: group).close()
      },
      sourceLocation: sourceLocation
    )
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips by name where sshd is missing, but fails in CI.
  static var needsSSHD: Self {
    .enabled(if: SSHServer.isAvailable || Fixture.inCI, "sshd is missing: install openssh-server")
  }
}

extension SSHResult {
  var text: String { String(decoding: stdout, as: UTF8.self) }
  var errorText: String { String(decoding: stderr, as: UTF8.self) }
}
