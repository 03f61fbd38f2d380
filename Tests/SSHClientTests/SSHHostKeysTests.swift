import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("asking a host for its keys") struct HostKeys {
    private func keys(of server: SSHServer) async throws -> [SSHPublicKey] {
      try await SSHConnection.hostKeys(of: Fixture.destination(server), deadline: Fixture.patience, on: Fixture.group)
    }

    @Test("all keys that this libssh2 can verify are returned, Ed25519 first, and nobody logs in")
    func all() async throws {
      let server = try SSHServer(keys: try Fixture.keys, options: ["LogLevel DEBUG1"])
      var expected = [try Fixture.hostKey(.ed25519), try Fixture.hostKey(.ecdsa)]
      if SSHLibrary.signsRSAWithSHA2 { expected.append(try Fixture.hostKey(.rsa)) }
      #expect(try await keys(of: server) == expected)
      let log = server.stopAndReadLog()
      #expect(log.contains("KEX done") || log.contains("preauth"))
      #expect(!log.contains("userauth-request"))
    }

    @Test("a host with one key has one key", arguments: [SSHTestKeys.HostKeyType.ed25519, .ecdsa])
    func one(_ type: SSHTestKeys.HostKeyType) async throws {
      let server = try SSHServer(keys: try Fixture.keys, hostKeyTypes: [type])
      #expect(try await keys(of: server) == [try Fixture.hostKey(type)])
    }

    @Test("the fingerprint is the one that ssh-keygen -l shows")
    func fingerprint() async throws {
      let key = try #require(try await keys(of: Fixture.server).first)
      let shown = try ChildProcess(["/usr/bin/ssh-keygen", "-lf", try Fixture.keys.hostKeyFile(.ed25519)])
      try #require(shown.wait() == 0)
      #expect(shown.output.contains(" \(key.fingerprint) "))
    }

    @Test("where nothing listens, and where no SSH is spoken, that is the error")
    func nobody() async throws {
      let closed = SSHDestination(host: "127.0.0.1", port: try Fixture.unusedPort(), user: "nobody")
      let refused = await #expect(throws: SSHError.self) {
        try await SSHConnection.hostKeys(of: closed, deadline: Fixture.patience, on: Fixture.group)
      }
      #expect(refused?.code == .connectRefused)
      let peer = try await Peer(.closes(after: "HTTP/1.1 400 Bad Request\r\n\r\n"))
      let other = SSHDestination(host: "127.0.0.1", port: peer.port, user: "nobody")
      let strange = await #expect(throws: SSHError.self) {
        try await SSHConnection.hostKeys(of: other, deadline: Fixture.patience, on: Fixture.group)
      }
      #expect(strange?.code == .closedBeforeBanner)
      #expect(strange?.message.contains("400 Bad Request") == true)
      try await peer.stop()
    }
  }
}
