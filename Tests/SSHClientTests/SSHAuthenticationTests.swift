import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("logging in") struct Authentication {
    private func connect(with paths: [String]) async throws -> SSHConnection {
      var configuration = try Fixture.configuration()
      configuration.identities = paths.map { .file(path: $0) }
      return try await SSHConnection.connect(
        to: Fixture.destination(try Fixture.server),
        configuration: configuration,
        on: Fixture.group
      )
    }

    private func failure(with paths: [String]) async throws -> SSHError {
      try #require(await #expect(throws: SSHError.self) { try await connect(with: paths).close() })
    }

    @Test("an ECDSA key logs in")
    func ecdsa() async throws {
      await (try connect(with: [Fixture.keys.ecdsaUserKey])).close()
    }

    @Test("a key in PEM logs in")
    func pem() async throws {
      let directory = try TemporaryDirectory()
      let file = directory.path("pem")
      let make = try ChildProcess(["/bin/cp", try Fixture.keys.ecdsaUserKey, file])
      try #require(make.wait() == 0)
      let convert = try ChildProcess(["/usr/bin/ssh-keygen", "-q", "-p", "-N", "", "-m", "PEM", "-f", file])
      try #require(convert.wait() == 0)
      try #require(try directory.read("pem").contains("BEGIN EC PRIVATE KEY"))
      await (try connect(with: [file])).close()
    }

    @Test("keys are tried in order until one is accepted")
    func order() async throws {
      let keys = try Fixture.keys
      await (try connect(with: ["/nonexistent/key", keys.strangersKey, keys.encryptedKey, keys.userKey])).close()
    }

    @Test("a refused key is named, with what to do")
    func refused() async throws {
      let keys = try Fixture.keys
      let error = try await failure(with: [keys.strangersKey, "/nonexistent/key"])
      #expect(error.code == .authenticationFailed)
      #expect(!error.isTransient)
      #expect(error.message.contains(keys.strangersKey))
      #expect(error.message.contains("/nonexistent/key: No such file or directory"))
      #expect(error.nextStep?.contains("authorized_keys") == true)
    }

    @Test("an encrypted key without its passphrase is refused with its reason before anything is sent")
    func encrypted() async throws {
      let error = try await failure(with: [Fixture.keys.encryptedKey])
      #expect(error.code == .identityUnusable)
      #expect(error.message.contains("encrypted"))
    }

    @Test(
      "an RSA key is refused with its reason when libssh2 signs with SHA-1",
      .enabled(if: !SSHLibrary.signsRSAWithSHA2)
    )
    func rsa() async throws {
      let error = try await failure(with: [Fixture.keys.rsaUserKey])
      #expect(error.code == .identityUnusable)
      #expect(error.message.contains("RSA keys need libssh2 1.11"))
    }

    @Test("an RSA key logs in from libssh2 1.11 on", .enabled(if: SSHLibrary.signsRSAWithSHA2))
    func modernRSA() async throws {
      await (try connect(with: [Fixture.keys.rsaUserKey])).close()
    }

    @Test("no key at all is unusable")
    func none() async throws {
      #expect(try await failure(with: []).code == .identityUnusable)
    }

    @Test("a FIFO or a directory as key is refused and does not block", arguments: ["fifo", "directory"])
    func notAFile(_ kind: String) async throws {
      let directory = try TemporaryDirectory()
      let path = directory.path("key")
      let make = try ChildProcess(kind == "fifo" ? ["/usr/bin/mkfifo", path] : ["/bin/mkdir", path])
      try #require(make.wait() == 0)
      let error = try await failure(with: [path])
      #expect(error.code == .identityUnusable)
      #expect(error.message.contains("not a regular file"))
    }
  }
}
