import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("running commands") struct Execute {
    @Test("stdout, stderr and the exit status come back apart")
    func outputAndStatus() async throws {
      try await Fixture.withConnection { connection in
        let result = try await connection.execute("echo out; echo err >&2; exit 42", deadline: Fixture.patience)
        #expect(result.text == "out\n")
        #expect(result.errorText == "err\n")
        #expect(result.exit == .status(42))
        #expect(!result.succeeded)
      }
    }

    @Test("a command that dies of a signal says which")
    func signal() async throws {
      try await Fixture.withConnection { connection in
        let result = try await connection.execute("kill -TERM $$", deadline: Fixture.patience)
        #expect(result.exit == .signal("TERM"))
      }
    }

    @Test("a channel that the server closes without a status is missing one, not a success")
    func missingStatus() async throws {
      let server = try SSHServer(keys: try Fixture.keys, options: ["ChannelTimeout *=1s"])
      try await Fixture.withConnection(to: server) { connection in
        let result = try await connection.execute("exec sleep 20", deadline: Fixture.patience)
        #expect(result.exit == .missing)
        #expect(!result.succeeded)
      }
    }

    @Test("input reaches the command, which sees its end")
    func input() async throws {
      try await Fixture.withConnection { connection in
        let result = try await connection.execute(
          "cat",
          input: .parts([.bytes(Array("one ".utf8)), .bytes([]), .bytes(Array("two".utf8))]),
          deadline: Fixture.patience
        )
        #expect(result.text == "one two")
        #expect(try await connection.execute("cat", deadline: Fixture.patience).text == "")
      }
    }

    @Test("20 MB go in and come out at the same time, unchanged")
    func inputAndOutputAtOnce() async throws {
      let bytes = pattern(20 << 20)
      try await Fixture.withConnection { connection in
        let result = try await connection.execute(
          "cat",
          input: .bytes(bytes),
          limits: SSHOutputLimits(stdout: bytes.count),
          deadline: Fixture.patience
        )
        #expect(result.succeeded)
        #expect(result.stdout == bytes)
      }
    }

    @Test("a file is streamed between bytes")
    func fileInput() async throws {
      let directory = try TemporaryDirectory()
      let body = pattern(3 << 20)
      try Data(body).write(to: URL(filePath: directory.path("body")))
      try await Fixture.withConnection { connection in
        let result = try await connection.execute(
          "cat",
          input: .parts([.bytes([1, 2]), .file(path: directory.path("body")), .bytes([3])]),
          limits: SSHOutputLimits(stdout: 4 << 20),
          deadline: Fixture.patience
        )
        #expect(result.stdout == [1, 2] + body + [3])
      }
    }

    @Test("a missing input file fails before the command is started")
    func missingInputFile() async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute("true", input: .parts([.file(path: "/nonexistent")]), deadline: Fixture.patience)
        }
        #expect(error?.code == .inputUnreadable)
        #expect(connection.isAlive)
      }
    }

    @Test(
      "a command that answers before it has read its input does not fail for that",
      arguments: ["true", "head -c 10"]
    )
    func earlyEnd(_ command: String) async throws {
      try await Fixture.withConnection { connection in
        let result = try await connection.execute(command, input: .bytes(pattern(8 << 20)), deadline: Fixture.patience)
        #expect(result.succeeded)
      }
    }

    @Test("100 MB of output arrive whole when the limit allows it")
    func largeOutput() async throws {
      try await Fixture.withConnection { connection in
        let size = 100 << 20
        let result = try await connection.execute(
          "head -c \(size) /dev/zero",
          limits: SSHOutputLimits(stdout: size),
          deadline: Fixture.patience
        )
        #expect(result.succeeded)
        #expect(result.stdout.count == size)
      }
    }

    @Test(
      "output beyond its limit fails, naming stream and bound, and the connection goes on",
      arguments: ["stdout", "stderr"]
    )
    func outputLimit(_ stream: String) async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute(
            stream == "stdout" ? "yes" : "yes >&2",
            limits: SSHOutputLimits(stdout: 1000, stderr: 1000),
            deadline: Fixture.patience
          )
        }
        #expect(error?.code == .outputLimitExceeded)
        #expect(error?.message.contains("more than 1000 bytes to \(stream)") == true)
        try await Fixture.expectUsable(connection)
      }
    }

    @Test("output of exactly the limit is no error")
    func outputAtTheLimit() async throws {
      try await Fixture.withConnection { connection in
        let result = try await connection.execute(
          "printf 12345",
          limits: SSHOutputLimits(stdout: 5, stderr: 0),
          deadline: Fixture.patience
        )
        #expect(result.text == "12345")
      }
    }

    @Test("much on stderr and nothing on stdout does not block")
    func stderrOnly() async throws {
      try await Fixture.withConnection { connection in
        let size = 5 << 20
        let result = try await connection.execute(
          "head -c \(size) /dev/zero >&2; echo done",
          limits: SSHOutputLimits(stderr: size),
          deadline: Fixture.patience
        )
        #expect(result.stderr.count == size)
        #expect(result.text == "done\n")
      }
    }

    @Test("twenty commands at once on one connection each get their own answer")
    func concurrent() async throws {
      try await Fixture.withConnection { connection in
        let answers = try await withThrowingTaskGroup(of: (Int, SSHResult).self) { group in
          for number in 0..<20 {
            group.addTask {
              let result = try await connection.execute(
                "cat; exit \(number)",
                input: .bytes(Array("\(number)".utf8)),
                deadline: Fixture.patience
              )
              return (number, result)
            }
          }
          return try await group.reduce(into: [Int: SSHResult]()) { $0[$1.0] = $1.1 }
        }
        #expect(answers.count == 20)
        for (number, result) in answers {
          #expect(result.text == "\(number)")
          #expect(result.exit == .status(Int32(number)))
        }
      }
    }

    @Test("a new key exchange in mid-command goes unnoticed")
    func rekeying() async throws {
      let server = try SSHServer(keys: try Fixture.keys, options: ["RekeyLimit 1M"])
      let bytes = pattern(12 << 20)
      try await Fixture.withConnection(to: server) { connection in
        let result = try await connection.execute(
          "cat",
          input: .bytes(bytes),
          limits: SSHOutputLimits(stdout: bytes.count),
          deadline: Fixture.patience
        )
        #expect(result.stdout == bytes)
        #expect(result.succeeded)
      }
    }

    @Test("a connection does not grow with the commands that it has run")
    func memory() async throws {
      try await Fixture.withConnection { connection in
        _ = try await connection.execute("echo on; exit 1", input: .bytes([1]), deadline: Fixture.patience)
        let before = await connection.memoryInUse
        #expect(before > 0)
        for _ in 0..<50 {
          _ = try await connection.execute("echo on; exit 1", input: .bytes([1]), deadline: Fixture.patience)
        }
        #expect(await connection.memoryInUse == before)
      }
    }

    @Test("a refused channel leaves the connection usable")
    func refusedChannel() async throws {
      let server = try SSHServer(keys: try Fixture.keys, options: ["MaxSessions 0"])
      try await Fixture.withConnection(to: server) { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute("true", deadline: Fixture.patience)
        }
        #expect(error?.code == .channelFailed)
        #expect(connection.isAlive)
      }
    }

    @Test(
      "a command with NUL or beyond the size of a packet is refused",
      arguments: ["a\0b", String(repeating: "x", count: 30_001)]
    )
    func unsendable(_ command: String) async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute(command, deadline: Fixture.patience)
        }
        #expect(error?.code == .invalidArgument)
      }
    }
  }
}

/// Bytes without a short period, the same every time.
func pattern(_ count: Int) -> [UInt8] {
  var state: UInt32 = 1
  return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    for index in 0..<count {
      state = state &* 1_664_525 &+ 1_013_904_223
      buffer[index] = UInt8(truncatingIfNeeded: state >> 24)
    }
    initialized = count
  }
}
