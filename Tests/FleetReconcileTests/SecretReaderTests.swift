import FleetModel
import FleetReconcile
import Glibc
import Testing

@Suite("reading secrets")
struct SecretReaderTests {
  @Test("a file that others may read is refused with the chmod that mends it")
  func worldReadable() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("token", "hush", mode: 0o644)
    await #expect {
      try await read(.file(path))
    } throws: { error in
      "\(error)".contains("chmod 0600 \(path)") && !"\(error)".contains("hush")
    }
  }

  @Test("a file that anybody but its owner may read is refused", arguments: [0o640, 0o604, 0o660, 0o611])
  func readableByOthers(_ mode: Int) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("token", "hush", mode: mode)
    await #expect { try await read(.file(path)) } throws: { "\($0)".contains("chmod 0600 \(path)") }
  }

  @Test("a file in a directory where others may put another in its place is refused, also through a link")
  func openDirectory() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("open/token", "hush", mode: 0o600)
    try folder.link("linked", to: "open/token")
    for mode in [0o777, 0o775] {
      try folder.setMode(mode, of: "open")
      for name in [path, folder.path + "/linked"] {
        await #expect { try await read(.file(name)) } throws: { "\($0)".contains("chmod go-w \(folder.path)/open") }
      }
    }
    try folder.setMode(0o700, of: "open")
    #expect(try await read(.file(folder.path + "/linked"))[SecretReference("token")] != nil)
  }

  @Test("a link in a directory that is open to others is refused, wherever it leads")
  func linkInOpenDirectory() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("token", "hush", mode: 0o600)
    try folder.write("open/x", "")
    try folder.link("open/linked", to: path)
    try folder.setMode(0o777, of: "open")
    await #expect {
      try await read(.file(folder.path + "/open/linked"))
    } throws: {
      "\($0)".contains("chmod go-w \(folder.path)/open")
    }
  }

  @Test("a file of somebody else's is refused", .enabled(if: geteuid() == 0, "only root can give a file away"))
  func otherOwner() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("token", "hush", mode: 0o600)
    #expect(chown(path, 65_534, 65_534) == 0)
    await #expect { try await read(.file(path)) } throws: { "\($0)".contains("chown root \(path)") }
  }

  @Test("a directory, a dangling link and a file that is too large are no secret")
  func noSecret() async throws {
    let folder = try TemporaryFolder()
    try folder.link("dangling", to: "nowhere")
    let large = try folder.write("large", String(repeating: "x", count: 1 << 20 + 1), mode: 0o600)
    let cases = [(folder.path, "no regular file"), (folder.path + "/dangling", "no regular file"), (large, "1 MiB")]
    for (path, text) in cases {
      await #expect("\(path)") { try await read(.file(path)) } throws: { "\($0)".contains(text) }
    }
  }

  @Test("a line break at the end is not part of a secret")
  func trimmed() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("token", "hush\n", mode: 0o600)
    let vault = try await read(.file(path))
    let digest = Content(secret: SecretReference("token")).digest(with: vault)
    #expect(digest == Content("hush").digest(with: SecretVault()))
  }

  @Test("a command's output, a variable and a systemd credential are secrets too")
  func otherSources() async throws {
    let folder = try TemporaryFolder()
    try folder.write("cred", "hush", mode: 0o400)
    let environment = ["TOKEN": "hush", "CREDENTIALS_DIRECTORY": folder.path]
    for source in [SecretSource.command(["printf", "hush"]), .environment("TOKEN"), .credential("cred")] {
      let vault = try await read(source, environment)
      let digest = Content(secret: SecretReference("token")).digest(with: vault)
      #expect(digest == Content("hush").digest(with: SecretVault()), "\(source)")
    }
  }

  @Test("a command may be named by its path")
  func commandByPath() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("show", "#!/bin/sh\nprintf %s \"$1\"\n", mode: 0o700)
    let vault = try await read(.command([path, "hush"]))
    let digest = Content(secret: SecretReference("token")).digest(with: vault)
    #expect(digest == Content("hush").digest(with: SecretVault()))
  }

  @Test("what is missing, empty or failing names the secret and its source, never a value")
  func failures() async throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write("empty", "\n", mode: 0o600)
    let cases: [(SecretSource, String)] = [
      (.file("\(folder.path)/none"), "there is no regular file"), (.file(empty), "is empty"),
      (.environment("NOT_SET"), "$NOT_SET"), (.credential("x"), "CREDENTIALS_DIRECTORY"),
      (.command(["false"]), "failed: false"), (.command(["no-such-program-here"]), "cannot be run"),
    ]
    for (source, text) in cases {
      await #expect("\(source)") {
        try await read(source)
      } throws: { error in
        "\(error)".contains(text) && "\(error)".contains("token")
      }
    }
  }

  @Test("a secret that the control node does not define is left out, for the nodes that need it to be refused")
  func undefined() async throws {
    let vault = try await SecretReader.read([SecretReference("other")], from: .defaults, environment: [:])
    #expect(vault[SecretReference("other")] == nil)
  }

  private func read(_ source: SecretSource, _ environment: [String: String] = [:]) async throws -> SecretVault {
    let configuration = ControlNodeConfiguration(
      checkout: nil, identities: [], knownHosts: nil, secrets: ["token": source])
    return try await SecretReader.read([SecretReference("token")], from: configuration, environment: environment)
  }
}
