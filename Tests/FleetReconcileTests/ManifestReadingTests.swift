import FleetModel
import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import FleetReconcile

@Suite("manifests of a checkout")
struct ManifestReadingTests {
  private static let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

  @Test("only what can be a manifest is read, unless a kustomization may use more")
  func files() throws {
    let folder = try TemporaryFolder()
    try folder.write("cluster/a.yaml", Self.map)
    try folder.write("cluster/README.md", "text")
    try folder.write("cluster/.git/config.yaml", "x: {")
    let repository = StateRepository(at: folder.path)
    #expect(try repository.manifests(ManifestSettings())?.map(\.name) == ["cluster/a.yaml"])
    try folder.write("cluster/app/kustomization.yaml", "resources: []\n")
    #expect(try repository.manifests(ManifestSettings())?.map(\.name).contains("cluster/README.md") == true)
  }

  @Test("a directory that nobody named may be missing, and one that the Fleet names may not")
  func missing() throws {
    let repository = StateRepository(at: try TemporaryFolder().path)
    #expect(try repository.manifests(ManifestSettings()) == nil)
    #expect(throws: RunFailure.self) { try repository.manifests(ManifestSettings(path: "objects", isDeclared: true)) }
  }

  @Test("what stands where the directory should be says what is wrong, whether the Fleet names it or not")
  func noDirectory() throws {
    let folder = try TemporaryFolder()
    try folder.write("cluster", "text")
    #expect {
      try StateRepository(at: folder.path).manifests(ManifestSettings())
    } throws: { error in
      "\(error)".contains("cluster is no directory, and the Kubernetes objects are read from there")
    }
  }

  @Test("links are not followed")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("cluster/a.yaml", Self.map)
    try folder.link("cluster/b.yaml", to: "/etc/passwd")
    #expect(throws: RunFailure.self) { try StateRepository(at: folder.path).manifests(ManifestSettings()) }
  }

  @Test("an encrypted file is decrypted in memory by the configured command, and loses its suffix")
  func decryption() async throws {
    let file = ManifestFile(name: "cluster/s.yaml.age", bytes: Array("cipher".utf8), state: .encrypted)
    let decryption = ManifestDecryption(
      Decryption(files: [GlobPattern("**/*.age")], command: ["tr", "a-z", "A-Z"]))
    let (files, failures) = await decryption.decrypted([file])
    #expect(failures.isEmpty && files.map(\.name) == ["cluster/s.yaml"])
    #expect(files[0].state == .decrypted && files[0].bytes == Array("CIPHER".utf8))
  }

  @Test(
    "age decrypts for a key of the control node's, and says why not for another", .enabled(if: Self.hasAge, "no age"))
  func age() async throws {
    let folder = try TemporaryFolder()
    try folder.write("plain", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n")
    let script = """
      cd "$1" && age-keygen -o key 2> /dev/null && age-keygen -o other 2> /dev/null \
        && age -r "$(age-keygen -y key)" -o cipher < plain
      """
    let made = try await run(
      .path("/bin/sh"), arguments: ["-c", script, "sh", folder.path], output: .discarded, error: .discarded)
    try #require(made.terminationStatus.isSuccess)
    let cipher = Array(try Data(contentsOf: URL(filePath: "\(folder.path)/cipher")))
    let file = ManifestFile(name: "cluster/s.yaml.age", bytes: cipher, state: .encrypted)
    func decryption(_ key: String) -> ManifestDecryption {
      ManifestDecryption(
        Decryption(files: [GlobPattern("**/*.age")], command: ["age", "--decrypt", "-i", "\(folder.path)/\(key)"]))
    }
    let (files, failures) = await decryption("key").decrypted([file])
    #expect(failures.isEmpty && String(decoding: files[0].bytes, as: UTF8.self).contains("hunter2"))
    let (set, diagnostics) = ManifestSet.decode(files, below: "cluster")
    #expect(diagnostics.isEmpty && set.objects.map(\.isConfidential) == [true])
    let (_, refused) = await decryption("other").decrypted([file])
    #expect(refused.map(\.reason) == [.manifestDecryptFailed] && refused[0].message.contains("no identity matched"))
  }

  private static let hasAge = FileManager.default.isExecutableFile(atPath: "/usr/bin/age")

  @Test("what no pattern covers, what fails and what takes too long stays encrypted, and is said without its text")
  func failures() async throws {
    let file = ManifestFile(name: "cluster/s.yaml.age", bytes: Array("hunter2".utf8), state: .encrypted)
    let commands = [
      ["sh", "-c", "cat; echo no key >&2; exit 3"], ["sleep", "60"], ["/nonexistent/age"],
      ["sh", "-c", "head -c 9000000 /dev/zero"],
    ]
    for command in commands {
      let decryption = ManifestDecryption(
        Decryption(files: [GlobPattern("**/*.age")], command: command, timeout: .milliseconds(1500)))
      let (files, failures) = await decryption.decrypted([file])
      #expect(files.map(\.state) == [.encrypted] && files[0].bytes.isEmpty)
      #expect(failures.map(\.reason) == [.manifestDecryptFailed])
      #expect(!failures[0].message.contains("hunter2"), "\(failures[0].message)")
    }
    let (_, uncovered) = await ManifestDecryption(nil).decrypted([file])
    #expect(uncovered.map(\.reason) == [.manifestDecryptFailed])
  }

  @Test("a file that is not encrypted passes through untouched")
  func plain() async {
    let file = ManifestFile(name: "cluster/a.yaml", bytes: Array(Self.map.utf8))
    let (files, failures) = await ManifestDecryption(nil).decrypted([file])
    #expect(failures.isEmpty && files[0].state == .plain && files[0].bytes == file.bytes)
  }
}
