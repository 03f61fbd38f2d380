import SSHTestServer
import Synchronization
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("logging in with a password", .enabled(if: SSHTestAccount.isAvailable, "needs root: an account of its own"))
  struct Password {
    private static let account = SSHTestAccount(password: "open sésame")

    enum Method: String, CaseIterable {
      case password
      case keyboardInteractive

      var options: [String] {
        switch self {
        case .password: ["PasswordAuthentication yes"]
        case .keyboardInteractive: ["KbdInteractiveAuthentication yes", "UsePAM yes"]
        }
      }
    }

    private func server(_ method: Method) throws -> SSHServer {
      try SSHServer(keys: try Fixture.keys, options: method.options, account: Self.account)
    }

    private func connect(
      to server: SSHServer, _ identities: [SSHIdentity], pinning type: SSHTestKeys.HostKeyType = .ed25519
    ) async throws -> SSHConnection {
      try await SSHConnection.connect(
        to: SSHDestination(host: "127.0.0.1", port: server.port, user: Self.account.name),
        configuration: SSHConfiguration(
          hostKeys: .pinned([try Fixture.hostKey(type)]), identities: identities, connectDeadline: Fixture.patience),
        on: Fixture.group)
    }

    @Test("the right password logs in, asked for once by many connections", arguments: Method.allCases)
    func right(_ method: Method) async throws {
      let server = try server(method)
      let asked = Mutex(0)
      let password = SSHPassword {
        asked.withLock { $0 += 1 }
        return Array(Self.account.password.utf8)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 {
          group.addTask {
            let connection = try await connect(to: server, [.password(password)])
            #expect(try await connection.execute("id -un", deadline: Fixture.patience).text == "\(Self.account.name)\n")
            await connection.close()
          }
        }
        try await group.waitForAll()
      }
      #expect(asked.withLock { $0 } == 1)
    }

    @Test("a wrong password is refused after one try", arguments: Method.allCases)
    func wrong(_ method: Method) async throws {
      let server = try server(method)
      let error = await #expect(throws: SSHError.self) {
        try await connect(to: server, [.password(SSHPassword { Array("wrong".utf8) })])
      }
      #expect(error?.code == .authenticationFailed)
      #expect(error?.message.contains("did not accept the password") == true)
      let log = server.stopAndReadLog()
      let failures = log.split(separator: "\n").filter {
        $0.contains("Failed password") || $0.contains("PAM: Authentication failure")
      }
      #expect(failures.count == 1, "\(log)")
    }

    @Test("a key that is accepted is used, and nobody is asked")
    func keyFirst() async throws {
      let server = try server(.password)
      let password = SSHPassword {
        Issue.record("asked for a password")
        return nil
      }
      await (try connect(to: server, [.password(password), .file(path: Fixture.keys.userKey)])).close()
    }

    @Test("a host whose key is another is never sent the password, and nobody is asked")
    func hostKeyFirst() async throws {
      let server = try SSHServer(
        keys: try SSHTestKeys(), options: Method.password.options, account: Self.account)
      let password = SSHPassword {
        Issue.record("asked for a password")
        return nil
      }
      let error = await #expect(throws: SSHError.self) { try await connect(to: server, [.password(password)]) }
      #expect(error?.code == .hostKeyChanged)
    }

    @Test("a server that takes no password says so, and nobody is asked")
    func notOffered() async throws {
      let server = try SSHServer(keys: try Fixture.keys, account: Self.account)
      let password = SSHPassword {
        Issue.record("asked for a password")
        return nil
      }
      let error = await #expect(throws: SSHError.self) { try await connect(to: server, [.password(password)]) }
      #expect(error?.code == .authenticationFailed)
      #expect(error?.message.contains("takes no password, but publickey") == true, "\(String(describing: error))")
    }

    @Test("without an answer nothing is sent")
    func unanswered() async throws {
      let error = await #expect(throws: SSHError.self) {
        try await connect(to: server(.password), [.password(SSHPassword { nil })])
      }
      #expect(error?.code == .authenticationFailed)
      #expect(error?.message.contains("no password was given") == true)
    }
  }
}
