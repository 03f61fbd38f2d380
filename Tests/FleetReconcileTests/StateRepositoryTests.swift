import FleetModel
import FleetReconcile
import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("reading a state repository")
struct StateRepositoryTests {
  @Test("all YAML below inventory/ is read, sorted, hidden files and others left out")
  func reads() throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/nodes/b.yml", "b")
    try folder.write("inventory/fleet.yaml", "a")
    try folder.write("inventory/.hidden.yaml", "no")
    try folder.write("inventory/notes.txt", "no")
    try folder.write("cluster/app.yaml", "no")
    let files = try StateRepository(at: folder.path).inventory()
    #expect(files.map(\.name) == ["inventory/fleet.yaml", "inventory/nodes/b.yml"])
    #expect(files.map(\.bytes) == [Array("a".utf8), Array("b".utf8)])
  }

  @Test("a name that nothing would read, and that somebody surely means, is told", arguments: ["a.YAML", "a.Yml"])
  func unreadName(_ name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/fleet.yaml", "a")
    try folder.write("inventory/nodes/\(name)", "b")
    #expect {
      try StateRepository(at: folder.path).inventory()
    } throws: { error in
      "\(error)".contains("inventory/nodes/\(name) would not be read") && "\(error)".contains("rename it to .y")
    }
  }

  @Test("a link in a stranger's pull request is refused, not followed")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/fleet.yaml", "a")
    try folder.link("inventory/shadow.yaml", to: "/etc/shadow")
    #expect {
      try StateRepository(at: folder.path).inventory()
    } throws: { error in
      "\(error)".contains("inventory/shadow.yaml is a link")
    }
  }

  @Test("a linked directory is refused, not skipped: it may hold half of the fleet")
  func linkedDirectory() throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/fleet.yaml", "a")
    try folder.write("elsewhere/pi1.yaml", "b")
    try folder.link("inventory/nodes", to: "../elsewhere")
    #expect(throws: RunFailure.self) { try StateRepository(at: folder.path).inventory() }
  }

  @Test("a directory without inventory/ says how to name the right one")
  func missing() throws {
    let folder = try TemporaryFolder()
    #expect {
      try StateRepository(at: folder.path).inventory()
    } throws: { error in
      "\(error)".contains("has no inventory/ directory") && "\(error)".contains("--repo DIR")
    }
  }

  @Test("a file over the bound is refused with its size")
  func tooLarge() throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/fleet.yaml", String(repeating: "#", count: (1 << 20) + 1))
    #expect(throws: RunFailure.self) { try StateRepository(at: folder.path).inventory() }
  }

  @Test("the revision is the commit, marked when the tree differs from it")
  func revision() async throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/fleet.yaml", "a")
    let repository = StateRepository(at: folder.path)
    guard case .unknown = await GitRevision.current(of: repository) else {
      Issue.record("a directory outside Git has a commit")
      return
    }
    let identity = ["-c", "user.name=t", "-c", "user.email=t@t"]
    for words in [["init", "-q"], ["add", "-A"], identity + ["commit", "-qm", "x"]] {
      _ = try await run(
        .name("git"), arguments: Arguments(["-C", folder.path] + words), output: .discarded, error: .discarded)
    }
    guard case .commit(let id, isModified: false) = await GitRevision.current(of: repository) else {
      Issue.record("a clean checkout is not at its commit")
      return
    }
    try folder.write("inventory/fleet.yaml", "b")
    #expect(await GitRevision.current(of: repository) == .commit(id, isModified: true))
  }

  @Test("a program that the checkout's own configuration names is not run")
  func hostileConfiguration() async throws {
    let folder = try TemporaryFolder()
    try folder.write("inventory/fleet.yaml", "a")
    let mark = "\(folder.path)/ran"
    let hook = try folder.write("hook", "#!/bin/sh\ntouch \(mark)\n", mode: 0o755)
    for words in [["init", "-q"], ["config", "core.fsmonitor", hook], ["config", "diff.external", hook]] {
      _ = try await run(
        .name("git"), arguments: Arguments(["-C", folder.path] + words), output: .discarded, error: .discarded)
    }
    _ = await GitRevision.current(of: StateRepository(at: folder.path))
    #expect(!FileManager.default.fileExists(atPath: mark))
  }
}
