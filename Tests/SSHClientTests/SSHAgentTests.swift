import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("logging in with an ssh-agent") struct Agent {
    private func connect(_ identities: [SSHIdentity], to server: SSHServer? = nil) async throws -> SSHConnection {
      var configuration = try Fixture.configuration()
      configuration.identities = identities
      return try await SSHConnection.connect(
        to: Fixture.destination(server ?? Fixture.server), configuration: configuration, on: Fixture.group)
    }

    private func failure(_ identities: [SSHIdentity], to server: SSHServer? = nil) async throws -> SSHError {
      try #require(await #expect(throws: SSHError.self) { try await connect(identities, to: server).close() })
    }

    @Test("each type of key that it holds logs in", arguments: ["ed25519", "ecdsa"])
    func types(_ type: String) async throws {
      let agent = try SSHTestAgent()
      try agent.add(try type == "ecdsa" ? Fixture.keys.ecdsaUserKey : Fixture.keys.userKey)
      let connection = try await connect([.agent(SSHAgent(path: agent.path))])
      try await Fixture.expectUsable(connection)
      await connection.close()
    }

    @Test("many connections share it")
    func many() async throws {
      let agent = try SSHTestAgent()
      try agent.add(try Fixture.keys.userKey)
      let identity = SSHIdentity.agent(SSHAgent(path: agent.path))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<50 { group.addTask { await (try connect([identity])).close() } }
        try await group.waitForAll()
      }
    }

    @Test("keys that cannot be used are named, and the others are tried", .enabled(if: !SSHLibrary.signsRSAWithSHA2))
    func rsa() async throws {
      let agent = try SSHTestAgent()
      try agent.add(try Fixture.keys.rsaUserKey)
      let identity = SSHIdentity.agent(SSHAgent(path: agent.path))
      let error = try await failure([identity])
      #expect(error.code == .identityUnusable)
      #expect(error.message.contains("user_rsa of the agent at \(agent.path): RSA keys need libssh2 1.11"), "\(error)")
      try agent.add(try Fixture.keys.userKey)
      await (try connect([identity])).close()
    }

    @Test("of many keys so many are tried that the server does not end the connection, and that is said")
    func tooMany() async throws {
      let agent = try SSHTestAgent()
      try agent.addStrangers(8)
      try agent.add(try Fixture.keys.userKey)
      let identity = SSHIdentity.agent(SSHAgent(path: agent.path))
      let error = try await failure([identity])
      #expect(error.code == .authenticationFailed)
      #expect(error.message.contains("4 more were not tried"), "\(error)")
      #expect(!error.message.contains("Too many"), "\(error)")
      // Named first, the same key gets in.
      await (try connect([.file(path: Fixture.keys.userKey), identity])).close()
    }

    @Test("an encrypted file is used through the agent that holds its key, and first")
    func matching() async throws {
      let agent = try SSHTestAgent()
      try agent.addStrangers(6)
      try agent.add(try Fixture.keys.decryptedCopy())
      let passphrase = SSHPassphrase(of: try Fixture.keys.encryptedKey) { _ in
        Issue.record("asked for the passphrase")
        return nil
      }
      let file = SSHIdentity.file(path: try Fixture.keys.encryptedKey, passphrase: passphrase)
      await (try connect([file, .agent(SSHAgent(path: agent.path))])).close()
    }

    @Test("an agent without keys, and one that is gone, are named")
    func useless() async throws {
      let agent = try SSHTestAgent()
      let identity = SSHIdentity.agent(SSHAgent(path: agent.path))
      #expect(try await failure([identity]).message.contains("\(agent.path): it holds no key"))
      agent.stop()
      let gone = try await failure([identity])
      #expect(gone.code == .identityUnusable)
      #expect(gone.message.contains("the agent at \(agent.path): "), "\(gone)")
      // Another identity still gets in.
      await (try connect([identity, .file(path: Fixture.keys.userKey)])).close()
    }

    @Test(
      "what answers otherwise than an agent, or not at all, is named",
      arguments: [
        (Peer.Behaviour.sends("SSH-2.0-none\r\n"), "a message of 1397966893 bytes"),
        (.sends("\u{0}\u{0}\u{0}\u{1}\u{C}"), "does not list its keys as an agent does"),
        (.closes(after: "\u{0}\u{0}\u{0}\u{4}\u{C}"), "it closed the connection"),
        (.silent, "no answer within"),
      ])
    func liars(_ behaviour: Peer.Behaviour, _ problem: String) async throws {
      let directory = try TemporaryDirectory()
      let path = directory.path("agent")
      let peer = try await Peer(behaviour, socket: path)
      let agent = SSHAgent(name: "the agent", patience: .milliseconds(300)) { () throws(SSHAgentSocket.Problem) in
        try SSHAgentSocket.connect(to: path)
      }
      let error = try await failure([.agent(agent)])
      #expect(error.code == .identityUnusable)
      #expect(error.message.contains("the agent: ") && error.message.contains(problem), "\(error)")
      try await peer.stop()
    }

    @Test("an agent that does not sign is named; the next key is tried on the same connection")
    func refusal() async throws {
      let agent = try SSHTestAgent()
      // Asks a person who is not there.
      try agent.add(try Fixture.keys.ecdsaUserKey, confirming: true)
      let identity = SSHIdentity.agent(SSHAgent(path: agent.path))
      let error = try await failure([identity])
      #expect(error.code == .authenticationFailed)
      #expect(error.message.contains("\(agent.path): it refused to sign"), "\(error)")
      await (try connect([identity, .file(path: Fixture.keys.userKey)])).close()
    }
  }

  @Suite("logging in with an encrypted key", .timeLimit(.minutes(2))) struct EncryptedKey {
    private func connect(_ passphrase: SSHPassphrase?) async throws -> SSHConnection {
      var configuration = try Fixture.configuration()
      configuration.identities = [.file(path: try Fixture.keys.encryptedKey, passphrase: passphrase)]
      return try await SSHConnection.connect(
        to: Fixture.destination(try Fixture.server), configuration: configuration, on: Fixture.group)
    }

    @Test("its passphrase is asked for once, however many connections want it")
    func once() async throws {
      let asked = Asked()
      let passphrase = SSHPassphrase(of: try Fixture.keys.encryptedKey) { _ in
        asked.count()
        return Array(SSHTestKeys.passphrase.utf8)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { await (try connect(passphrase)).close() } }
        try await group.waitForAll()
      }
      #expect(asked.times == 1)
    }

    @Test("a wrong passphrase is said to be wrong")
    func wrong() async throws {
      let passphrase = SSHPassphrase(of: try Fixture.keys.encryptedKey) { _ in Array("wrong".utf8) }
      let error = await #expect(throws: SSHError.self) { try await connect(passphrase) }
      #expect(error?.code == .authenticationFailed)
      #expect(error?.message.contains("cannot be decrypted: the passphrase is not the right one") == true)
    }

    @Test("without a passphrase the key and the ways on are named", arguments: [true, false])
    func none(_ isAsked: Bool) async throws {
      let passphrase = try isAsked ? SSHPassphrase(of: Fixture.keys.encryptedKey) { _ in nil } : nil
      let error = await #expect(throws: SSHError.self) { try await connect(passphrase) }
      for words in [try Fixture.keys.encryptedKey, "passphrase: {secret: NAME}", "ssh-add", "ssh-keygen -p"] {
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
      }
    }

    @Test("nobody is asked for a key that the server does not want")
    func unwanted() async throws {
      let directory = try TemporaryDirectory()
      let file = directory.path("key")
      let make = try ChildProcess(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", file])
      try #require(make.wait() == 0)
      var configuration = try Fixture.configuration()
      let passphrase = SSHPassphrase(of: file) { _ in
        Issue.record("asked for the passphrase")
        return nil
      }
      configuration.identities = [.file(path: file, passphrase: passphrase), .file(path: try Fixture.keys.userKey)]
      let connection = try await SSHConnection.connect(
        to: Fixture.destination(try Fixture.server), configuration: configuration, on: Fixture.group)
      await connection.close()
    }
  }
}
