import Crypto
import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("downloading") struct Download {
    private func sum(of bytes: [UInt8]) -> String {
      SHA256.hash(data: bytes).map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
      }.joined()
    }

    private func names(in directory: TemporaryDirectory) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: directory.path))
    }

    private func download(
      _ command: String, input: [UInt8] = [], expecting bytes: [UInt8], in directory: TemporaryDirectory
    ) async throws {
      try await Fixture.withConnection { connection in
        try await connection.download(
          command, input: .bytes(input), size: bytes.count, sha256: sum(of: bytes), to: directory.path("target"),
          deadline: Fixture.patience)
      }
    }

    private func failure(
      _ command: String, expecting bytes: [UInt8], in directory: TemporaryDirectory
    ) async throws -> SSHError {
      try #require(
        await #expect(throws: SSHError.self) { try await download(command, expecting: bytes, in: directory) })
    }

    @Test("a file arrives whole, for its owner alone, in place of what was there")
    func whole() async throws {
      let directory = try TemporaryDirectory()
      let bytes = pattern(5 << 20)
      try Data(bytes).write(to: URL(filePath: directory.path("source")))
      try Data("old".utf8).write(to: URL(filePath: directory.path("target")))
      try await download("cat \(ShellQuoting.quote(directory.path("source")))", expecting: bytes, in: directory)
      #expect(try Data(contentsOf: URL(filePath: directory.path("target"))) == Data(bytes))
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.path("target"))
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try names(in: directory) == ["source", "target"])
    }

    @Test("the command reads its input; an empty file is one too")
    func input() async throws {
      let directory = try TemporaryDirectory()
      try await download("cat", input: Array("over there".utf8), expecting: Array("over there".utf8), in: directory)
      #expect(try directory.read("target") == "over there")
      try await download("true", expecting: [], in: directory)
      #expect(try directory.read("target").isEmpty)
    }

    @Test("other bytes than were announced are refused, and what was there stays")
    func damaged() async throws {
      let directory = try TemporaryDirectory()
      try Data("old".utf8).write(to: URL(filePath: directory.path("target")))
      let wanted = Array("wanted".utf8)
      #expect(try await failure("printf wantee", expecting: wanted, in: directory).code == .downloadMismatch)
      #expect(try await failure("printf want", expecting: wanted, in: directory).code == .downloadMismatch)
      #expect(try await failure("printf wanted-more", expecting: wanted, in: directory).code == .outputLimitExceeded)
      #expect(try directory.read("target") == "old")
      #expect(try names(in: directory) == ["target"])
    }

    @Test("a command that fails says why, although it sent the bytes")
    func failed() async throws {
      let directory = try TemporaryDirectory()
      let error = try await failure(
        "printf wanted; echo no such file >&2; exit 3", expecting: Array("wanted".utf8), in: directory)
      #expect(error.code == .downloadFailed && error.message.contains("no such file"))
      #expect(try names(in: directory).isEmpty)
    }

    @Test("a directory that is not there is named")
    func nowhere() async throws {
      let directory = try TemporaryDirectory()
      let error = try #require(
        await #expect(throws: SSHError.self) {
          try await Fixture.withConnection { connection in
            try await connection.download(
              "true", size: 0, sha256: sum(of: []), to: directory.path("none/target"), deadline: Fixture.patience)
          }
        })
      #expect(error.code == .downloadFailed && error.message.contains("none/target"))
    }
  }
}
