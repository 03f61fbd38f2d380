import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("uploading") struct Upload {
    @Test("a file arrives whole, with its mode, and the receipt says so")
    func good() async throws {
      let directory = try TemporaryDirectory()
      let bytes = pattern(5 << 20)
      try Data(bytes).write(to: URL(filePath: directory.path("source")))
      try await Fixture.withConnection { connection in
        let receipt = try await connection.upload(
          .parts([.file(path: directory.path("source"))]),
          to: directory.path("target"),
          mode: "0750",
          deadline: Fixture.patience
        )
        #expect(receipt.size == bytes.count)
        let sum = try await connection.execute(
          "sha256sum < \(ShellQuoting.quote(directory.path("target")))",
          deadline: Fixture.patience
        )
        #expect(sum.text == "\(receipt.sha256)  -\n")
      }
      #expect(try Data(contentsOf: URL(filePath: directory.path("target"))) == Data(bytes))
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.path("target"))
      #expect(attributes[.posixPermissions] as? Int == 0o750)
      #expect(try names(in: directory) == ["source", "target"])
    }

    @Test("an empty file and a file that replaces another arrive")
    func replaces() async throws {
      let directory = try TemporaryDirectory()
      try await Fixture.withConnection { connection in
        for text in ["first, and longer", "second", ""] {
          let receipt = try await connection.upload(
            .bytes(Array(text.utf8)),
            to: directory.path("target"),
            mode: "644",
            deadline: Fixture.patience
          )
          #expect(receipt.size == text.utf8.count)
          #expect(try directory.read("target") == text)
        }
      }
    }

    @Test(
      "elevation stands before the command",
      .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/env"))
    )
    func elevation() async throws {
      let directory = try TemporaryDirectory()
      try await Fixture.withConnection { connection in
        _ = try await connection.upload(
          .bytes([7]),
          to: directory.path("target"),
          mode: "0600",
          elevation: ["/usr/bin/env", "A=b c"],
          deadline: Fixture.patience
        )
      }
      #expect(try directory.read("target") == "\u{7}")
    }

    @Test("hostile names stay names")
    func hostileNames() async throws {
      let directory = try TemporaryDirectory()
      let hostile = [
        "it's", "a b", "$(touch pwned)", "`touch pwned`", "-rf", "new\nline", "cr\r\nlf", "*", "\"double\"",
        "back\\slash",
        "ünïcode 🚀", ";touch pwned;", "'", "e\u{301}'", "&& false", String(repeating: "n", count: 240),
      ]
      try await Fixture.withConnection { connection in
        for name in hostile {
          let receipt = try await connection.upload(
            .bytes(Array(name.utf8)),
            to: directory.path(name),
            mode: "0600",
            deadline: Fixture.patience
          )
          #expect(receipt.size == name.utf8.count)
        }
      }
      #expect(try names(in: directory) == Set(hostile))
      for name in hostile { #expect(try directory.read(name) == name) }
    }

    @Test("an upload that is cancelled leaves the old file and nothing else")
    func interrupted() async throws {
      let directory = try TemporaryDirectory()
      _ = try directory.write("old", to: "target")
      let source = directory.path("source")
      let make = try ChildProcess(["/usr/bin/truncate", "-s", "2G", source])
      try #require(make.wait() == 0)
      let temporary = ShellQuoting.quote(directory.path(".target.fleetd-new"))
      try await Fixture.withConnection { connection in
        let upload = Task {
          try await connection.upload(
            .parts([.file(path: source)]),
            to: directory.path("target"),
            mode: "0644",
            deadline: Fixture.patience
          )
        }
        try await Fixture.withConnection { observer in
          _ = try await observer.execute("until [ -s \(temporary) ]; do sleep 0.02; done", deadline: Fixture.patience)
          upload.cancel()
          let error = await #expect(throws: SSHError.self) { try await upload.value }
          #expect(error?.code == .cancelled)
          _ = try await observer.execute("while [ -e \(temporary) ]; do sleep 0.02; done", deadline: Fixture.patience)
        }
      }
      #expect(try directory.read("target") == "old")
      #expect(try names(in: directory) == ["source", "target"])
    }

    @Test(
      "a target that cannot be written fails with the far side's words",
      arguments: ["/nonexistent/dir/file", "/sys/fleetd-test"]
    )
    func unwritable(_ path: String) async throws {
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.upload(.bytes(pattern(3 << 20)), to: path, mode: "0644", deadline: Fixture.patience)
        }
        #expect(error?.code == .uploadFailed)
        #expect(error?.isTransient == false)
        #expect(error?.message.contains("cannot create") == true)
        #expect(connection.isAlive)
      }
    }

    @Test("a directory is not replaced by a file")
    func directoryAsTarget() async throws {
      let directory = try TemporaryDirectory()
      try FileManager.default.createDirectory(atPath: directory.path("target"), withIntermediateDirectories: false)
      try await Fixture.withConnection { connection in
        let error = await #expect(throws: SSHError.self) {
          try await connection.upload(
            .bytes([1]),
            to: directory.path("target"),
            mode: "0644",
            deadline: Fixture.patience
          )
        }
        #expect(error?.code == .uploadFailed)
      }
      #expect(try names(in: directory) == ["target"])
    }

    @Test("a link in place of the temporary file is not followed")
    func planted() async throws {
      let directory = try TemporaryDirectory()
      _ = try directory.write("precious", to: "victim")
      try FileManager.default.createSymbolicLink(
        atPath: directory.path(".target.fleetd-new"),
        withDestinationPath: directory.path("victim")
      )
      try await Fixture.withConnection { connection in
        _ = try await connection.upload(
          .bytes(Array("new".utf8)),
          to: directory.path("target"),
          mode: "0644",
          deadline: Fixture.patience
        )
      }
      #expect(try directory.read("victim") == "precious")
      #expect(try directory.read("target") == "new")
    }

    @Test("damaged bytes are a mismatch and are not stored")
    func mismatch() async throws {
      let directory = try TemporaryDirectory()
      let upload = try SSHUpload(path: directory.path("target"), mode: "0644")
      try await Fixture.withConnection { connection in
        // What the script sees when the sum that follows the bytes is another one, or never comes.
        for input in ["abc0000\n", "abc", "ab"] {
          let result = try await connection.execute(
            upload.command(size: 3, elevation: []),
            input: .bytes(Array(input.utf8)),
            deadline: Fixture.patience
          )
          #expect(result.exit == .status(SSHUpload.mismatchStatus))
        }
      }
      #expect(try names(in: directory) == [])
    }

    @Test(
      "a relative path, a directory, NUL and a mode that is none are refused",
      arguments: [
        ("file", "0644"), ("/tmp/", "0644"), ("/tmp/a\0b", "0644"), ("", "0644"), ("/tmp/a", "rw"), ("/tmp/a", "0888"),
        ("/tmp/a", "00644"),
      ]
    )
    func invalid(_ path: String, _ mode: String) async throws {
      #expect(throws: SSHUpload.Problem.self) { try SSHUpload(path: path, mode: mode) }
    }

    private func names(in directory: TemporaryDirectory) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: directory.path))
    }
  }
}
