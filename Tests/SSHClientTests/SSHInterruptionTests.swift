import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("calls that are interrupted") struct Interruption {
    @Test("a command that never ends is timed out, and the connection goes on")
    func deadline() async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute("while echo on; do sleep 0.1; done", deadline: .seconds(1))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.isTransient == true)
        #expect(error?.message.contains("running the command") == true)
        try await Fixture.expectUsable(connection)
      }
    }

    // sshd confirms the end of a channel when the command has ended; one that is silent does not notice that it should.
    @Test("a command whose channel cannot be closed costs the connection")
    func stalledClose() async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute("exec sleep 15", deadline: .seconds(1))
        }
        #expect(error?.code == .timedOut)
        #expect(!connection.isAlive)
        let later = await #expect(throws: SSHError.self) {
          try await connection.execute("true", deadline: Fixture.patience)
        }
        #expect(later?.code == .connectionLost)
        #expect(later?.message.contains("did not close a channel") == true)
      }
    }

    @Test("a command that does not read its input is timed out")
    func deadlineOfAWriter() async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute("exec sleep 15", input: .bytes(pattern(8 << 20)), deadline: .seconds(1))
        }
        #expect(error?.code == .timedOut)
      }
    }

    @Test("a cancelled command is cancelled, not timed out, and the connection goes on")
    func cancellation() async throws {
      let directory = try TemporaryDirectory()
      let mark = ShellQuoting.quote(directory.path("started"))
      try await Fixture.withConnection { connection in
        let command = Task {
          try await connection.execute("touch \(mark); while echo on; do sleep 0.05; done", deadline: Fixture.patience)
        }
        _ = try await connection.execute("until [ -e \(mark) ]; do sleep 0.02; done", deadline: Fixture.patience)
        command.cancel()
        let error = await #expect(throws: SSHError.self) { try await command.value }
        #expect(error?.code == .cancelled)
        #expect(error?.isTransient == false)
        try await Fixture.expectUsable(connection)
      }
    }

    @Test("a call that is cancelled before it begins does nothing")
    func cancelledBefore() async throws {
      let directory = try TemporaryDirectory()
      let mark = directory.path("never")
      try await Fixture.withConnection { connection in
        let command = Task {
          withUnsafeCurrentTask { $0?.cancel() }
          return try await connection.execute("touch \(ShellQuoting.quote(mark))", deadline: Fixture.patience)
        }
        let error = await #expect(throws: SSHError.self) { try await command.value }
        #expect(error?.code == .cancelled)
        #expect(!FileManager.default.fileExists(atPath: mark))
        #expect(connection.isAlive)
      }
    }

    @Test("a deadline counts the wait for a free channel")
    func deadlineInTheQueue() async throws {
      let directory = try TemporaryDirectory()
      try await Fixture.withConnection { connection in
        let running = (0..<8).map { number in
          let mark = ShellQuoting.quote(directory.path("\(number)"))
          return Task {
            try await connection.execute(
              "touch \(mark); while echo on; do sleep 0.05; done", deadline: Fixture.patience)
          }
        }
        // All eight places are taken when all marks are there; looked at from another connection.
        try await Fixture.withConnection { observer in
          let everything = ShellQuoting.quote(directory.path)
          _ = try await observer.execute(
            "until [ $(ls \(everything) | wc -l) = 8 ]; do sleep 0.02; done",
            deadline: Fixture.patience
          )
        }
        let error = await #expect(throws: SSHError.self) {
          try await connection.execute("true", deadline: .milliseconds(100))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("waiting for a channel") == true)
        for task in running { task.cancel() }
        for task in running { _ = await task.result }
        try await Fixture.expectUsable(connection)
      }
    }

    @Test("a connection that is cut in mid-command is lost, which is no exit status")
    func cut() async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          // The parent of the shell is the sshd process of this connection.
          try await connection.execute("echo before; kill -9 $PPID; exec sleep 15", deadline: Fixture.patience)
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.isTransient == true)
        #expect(error?.nextStep?.contains("may still be running") == true)
        #expect(!connection.isAlive)
        let later = await #expect(throws: SSHError.self) {
          try await connection.execute("true", deadline: Fixture.patience)
        }
        #expect(later?.code == .connectionLost)
      }
    }

    @Test("a connection that nobody holds any more closes itself")
    func released() async throws {
      // sshd's process for the connection, which ends with it.
      let process = try await Fixture.connect().execute("echo $PPID", deadline: Fixture.patience).text
      try await Fixture.withConnection { observer in
        let result = try await observer.execute(
          "while kill -0 \(process.filter(\.isNumber)) 2>/dev/null; do sleep 0.02; done", deadline: Fixture.patience)
        #expect(result.succeeded)
      }
    }

    @Test("closing a connection ends its calls as lost")
    func closedDuringCall() async throws {
      let directory = try TemporaryDirectory()
      let mark = ShellQuoting.quote(directory.path("started"))
      let connection = try await Fixture.connect()
      let command = Task {
        try await connection.execute("touch \(mark); while echo on; do sleep 0.05; done", deadline: Fixture.patience)
      }
      _ = try await connection.execute("until [ -e \(mark) ]; do sleep 0.02; done", deadline: Fixture.patience)
      await connection.close()
      let error = await #expect(throws: SSHError.self) { try await command.value }
      #expect(error?.code == .connectionLost)
    }
  }
}
