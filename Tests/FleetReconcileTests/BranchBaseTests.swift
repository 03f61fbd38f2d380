import FleetModel
import FleetReconcile
import Foundation
import Testing

@Suite("the base of a branch")
struct BranchBaseTests {
  @Test("it is the commit at which the branch left, not what came onto the base since")
  func fork() async throws {
    let git = try await GitFolder.cloned()
    let start = try await git.run("-C", git.checkout, "rev-parse", "HEAD")
    try await git.run("-C", git.checkout, "switch", "-q", "-c", "change")
    try await git.commit(fleet: "home", "reprovision: {target: 45m}", in: git.checkout)
    try await git.commit(fleet: "home", "reprovision: {target: 30m}")
    try await git.run("-C", git.checkout, "fetch", "-q")
    let base = try await BranchBase.read("origin/main", of: git.checkout)
    #expect(base.commit == start && base.side.fleet?.name == "home" && base.side.problems.isEmpty)
  }

  @Test("a shallow clone says what to fetch")
  func shallow() async throws {
    let git = try await GitFolder.cloned()
    let old = try await git.run("-C", git.origin, "rev-parse", "HEAD")
    try await git.commit(fleet: "home", "profiles: []")
    try await git.run("clone", "-q", "--depth=1", "file://" + git.origin, git.folder.path + "/shallow")
    let failure = await #expect(throws: RunFailure.self) {
      try await BranchBase.read(old, of: git.folder.path + "/shallow")
    }
    #expect(failure?.message.contains("shallow clone") == true)
    #expect(failure?.next?.contains("fetch-depth: 0") == true && failure?.next?.contains("GIT_DEPTH") == true)
  }

  @Test("a base that does not validate is an answer with its problems")
  func invalid() async throws {
    let git = try await GitFolder.cloned()
    let bad = try await git.commit(fleet: "home", "profils: []", in: git.checkout)
    try await git.commit(fleet: "home", in: git.checkout)
    let base = try await BranchBase.read(bad, of: git.checkout)
    #expect(base.side.fleet == nil)
    #expect(base.side.problems.first?.contains("inventory/fleet.yaml:4") == true)
  }

  @Test("a revision that git would take for an option, or does not have, is refused")
  func refused() async throws {
    let git = try await GitFolder.cloned()
    for name in ["--output=/tmp/x", "", "nowhere"] {
      await #expect(throws: RunFailure.self) { try await BranchBase.read(name, of: git.checkout) }
    }
  }
}
