import Foundation
import NIOCore
import NIOPosix
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("connecting") struct Connect {
    @Test("a pinned host key and an accepted user key connect")
    func goodPath() async throws {
      try await Fixture.withConnection { connection in
        #expect(connection.isAlive)
        #expect(connection.hostKey == (try Fixture.hostKey(.ed25519)))
        let result = try await connection.execute("echo $USER", deadline: Fixture.patience)
        #expect(result.text == "\(SSHServer.user)\n")
      }
    }

    @Test("each host key type can be pinned alone", arguments: [SSHTestKeys.HostKeyType.ed25519, .ecdsa])
    func pinnedTypes(_ type: SSHTestKeys.HostKeyType) async throws {
      var configuration = try Fixture.configuration()
      configuration.hostKeys = .pinned([try Fixture.hostKey(type)])
      let connection = try await SSHConnection.connect(
        to: Fixture.destination(try Fixture.server),
        configuration: configuration,
        on: Fixture.group
      )
      #expect(connection.hostKey == (try Fixture.hostKey(type)))
      await connection.close()
    }

    @Test("another key than the pinned one is a changed host key, with both fingerprints")
    func changedHostKey() async throws {
      let other = try SSHTestKeys()
      let expected = try SSHPublicKey(authorizedKeysLine: try other.hostKeyLine(.ed25519))
      var configuration = try Fixture.configuration()
      configuration.hostKeys = .pinned([expected])
      let error = try await Fixture.failure(to: Fixture.destination(try Fixture.server), configuration)
      #expect(error.code == .hostKeyChanged)
      #expect(!error.isTransient)
      #expect(error.hostKey?.offered == (try Fixture.hostKey(.ed25519)))
      #expect(error.hostKey?.expected == [expected])
      #expect(error.description.contains(expected.fingerprint))
      #expect(error.description.contains(try Fixture.hostKey(.ed25519).fingerprint))
    }

    @Test("a host without any known key is unknown, and its key is shown")
    func unknownHostKey() async throws {
      var configuration = try Fixture.configuration()
      configuration.hostKeys = .knownHosts(try SSHKnownHosts(parsing: "", file: "known_hosts"))
      let error = try await Fixture.failure(to: Fixture.destination(try Fixture.server), configuration)
      #expect(error.code == .hostKeyUnknown)
      #expect(error.hostKey?.offered == (try Fixture.hostKey(.ed25519)))
      #expect(error.hostKey?.expected == [])
      #expect(error.nextStep?.contains(try Fixture.hostKey(.ed25519).line) == true)
    }

    @Test("a rejected host is never shown the user's key")
    func noAuthenticationBeforeHostKey() async throws {
      let server = try SSHServer(keys: try Fixture.keys, options: ["LogLevel DEBUG3"])
      var configuration = try Fixture.configuration()
      configuration.hostKeys = .pinned([try SSHPublicKey(authorizedKeysLine: try SSHTestKeys().hostKeyLine(.ed25519))])
      _ = try await Fixture.failure(to: Fixture.destination(server), configuration)
      let log = server.stopAndReadLog()
      #expect(log.contains("KEXINIT"))
      #expect(!log.contains("userauth-request"))
    }

    @Test("a known_hosts file with hashed entries and a port connects")
    func hashedKnownHosts() async throws {
      let server = try Fixture.server
      let directory = try TemporaryDirectory()
      let file = try directory.write(
        "[127.0.0.1]:\(server.port) \(try Fixture.hostKey(.ed25519).line)\n",
        to: "known_hosts"
      )
      let hash = try ChildProcess(["/usr/bin/ssh-keygen", "-q", "-H", "-f", file])
      try #require(hash.wait() == 0)
      let text = try directory.read("known_hosts")
      try #require(text.hasPrefix("|1|"))
      var configuration = try Fixture.configuration()
      configuration.hostKeys = .knownHosts(try SSHKnownHosts(parsing: text, file: file))
      let connection = try await SSHConnection.connect(
        to: Fixture.destination(server),
        configuration: configuration,
        on: Fixture.group
      )
      await connection.close()
    }

    @Test("a server without the pinned type names both sides' lists")
    func missingHostKeyType() async throws {
      let server = try SSHServer(keys: try Fixture.keys, hostKeyTypes: [.ecdsa])
      let error = try await Fixture.failure(to: Fixture.destination(server), try Fixture.configuration())
      #expect(error.code == .handshakeFailed)
      #expect(error.message.contains("no common host key type: the server offers ecdsa-sha2-nistp256"))
      #expect(error.message.contains("this side ssh-ed25519"))
    }

    @Test("a server without a common cipher names both sides' lists")
    func noCommonCipher() async throws {
      let server = try SSHServer(keys: try Fixture.keys, options: ["Ciphers chacha20-poly1305@openssh.com"])
      let error = try await Fixture.failure(to: Fixture.destination(server), try Fixture.configuration())
      #expect(error.code == .handshakeFailed)
      #expect(error.message.contains("no common cipher: the server offers chacha20-poly1305@openssh.com"))
      #expect(error.message.contains("aes128-ctr"))
    }

    @Test("IPv6 addresses connect")
    func ipv6() async throws {
      let server = try SSHServer(keys: try Fixture.keys, address: "[::1]")
      let connection = try await SSHConnection.connect(
        to: SSHDestination(host: "::1", port: server.port, user: SSHServer.user),
        configuration: try Fixture.configuration(),
        on: Fixture.group
      )
      #expect(try await connection.execute("true", deadline: Fixture.patience).succeeded)
      await connection.close()
    }

    @Test("a host name connects")
    func hostName() async throws {
      let destination = SSHDestination(host: "localhost", port: try Fixture.server.port, user: SSHServer.user)
      let connection = try await SSHConnection.connect(
        to: destination,
        configuration: try Fixture.configuration(),
        on: Fixture.group
      )
      await connection.close()
    }

    @Test("a closed connection fails later calls as lost")
    func closed() async throws {
      let connection = try await Fixture.connect()
      await connection.close()
      #expect(!connection.isAlive)
      let error = await #expect(throws: SSHError.self) {
        try await connection.execute("true", deadline: Fixture.patience)
      }
      #expect(error?.code == .connectionLost)
    }

    @Test("200 connections at once all run their command")
    func manyAtOnce() async throws {
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<200 {
          group.addTask {
            let connection = try await Fixture.connect()
            let result = try await connection.execute("echo \(number)", deadline: Fixture.patience)
            await connection.close()
            return result.text
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(texts == Set((0..<200).map { "\($0)\n" }))
    }
  }
}
