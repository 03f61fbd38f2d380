import FleetModel
import FleetReconcile
import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("which commit a checkout is at")
struct GitRevisionTests {
  @Test("content that looks like a bare repository is none: its configuration names a command that would run")
  func embeddedRepository() async throws {
    let folder = try TemporaryFolder()
    try folder.write("state/inventory/fleet.yaml", "a")
    try folder.write("state/.gitattributes", "* filter=x\n")
    try await git(folder, "init", "-q")
    try await git(folder, "add", ".")
    try await git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a")
    let trace = folder.path + "/ran"
    for part in ["HEAD", "objects", "refs", "index"] {
      try FileManager.default.copyItem(atPath: "\(folder.path)/.git/\(part)", toPath: "\(folder.path)/state/\(part)")
    }
    try folder.write(
      "state/config",
      """
      [core]
      \trepositoryformatversion = 0
      \tworktree = .
      [filter "x"]
      \tclean = touch \(trace); cat

      """)
    try folder.write("state/inventory/fleet.yaml", "changed")
    let revision = await GitRevision.current(of: StateRepository(at: folder.path + "/state"))
    #expect(!FileManager.default.fileExists(atPath: trace))
    if case .commit = revision { Issue.record("\(revision)") }
  }

  @Test("a repository without a commit is said to be one")
  func empty() async throws {
    let folder = try TemporaryFolder()
    #expect(await GitRevision.current(of: StateRepository(at: folder.path)) == .unknown("the directory is not in Git"))
    try await git(folder, "init", "-q")
    #expect(await GitRevision.current(of: StateRepository(at: folder.path)) == .unknown("nothing is committed yet"))
  }

  private func git(_ folder: TemporaryFolder, _ arguments: String...) async throws {
    let result = try await Subprocess.run(
      .name("git"), arguments: Arguments(arguments), workingDirectory: FilePath(folder.path), output: .discarded,
      error: .string(limit: 4096))
    #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
  }
}
