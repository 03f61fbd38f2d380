import FleetApply
import FleetModel
import FleetReconcile
import Foundation
import Testing

@Suite("following a checkout")
struct StateSourceTests {
  @Test("the commit is read, never the half-edited working tree")
  func commitNotTree() async throws {
    let git = try await GitFolder.cloned()
    try git.folder.write("checkout/inventory/fleet.yaml", "half an ed")
    try git.folder.write("checkout/inventory/new.yaml", "not added")
    let state = await StateSource(at: git.checkout, CheckoutPolicy()).look()
    #expect(state.current?.fleet.name == "home" && state.rejected == nil && state.problem == nil)
    #expect(try state.current?.repository.inventory().map(\.name) == ["inventory/fleet.yaml"])
  }

  @Test("a new commit at HEAD is in force at the next look, without a fetch")
  func newCommit() async throws {
    let git = try await GitFolder.cloned()
    let source = StateSource(at: git.checkout, CheckoutPolicy())
    let first = await source.look()
    let commit = try await git.commit(fleet: "home", "profiles: []", in: git.checkout)
    let second = await source.look()
    #expect(second.current?.commit == commit && first.current?.commit != commit)
  }

  @Test("a commit that does not validate is told with its place, and the last good one stays in force")
  func badCommit() async throws {
    let git = try await GitFolder.cloned()
    let source = StateSource(at: git.checkout, CheckoutPolicy())
    let good = await source.look().current?.commit
    let bad = try await git.commit(fleet: "home", "profils: []", in: git.checkout)
    let state = await source.look()
    #expect(state.current?.commit == good && state.rejected?.commit == bad)
    #expect(state.rejected?.problems.first?.contains("inventory/fleet.yaml:4") == true)
    #expect(state.rejected?.problems.first?.contains("profiles") == true)
    let mended = try await git.commit(fleet: "home", in: git.checkout)
    let after = await source.look()
    #expect(after.current?.commit == mended && after.rejected == nil)
  }

  @Test("after a restart at a bad commit the last good one is in force")
  func restart() async throws {
    let git = try await GitFolder.cloned()
    let memory = CommitMemory(ControlNodeState(at: git.folder.path + "/state"), of: git.checkout)
    let good = await StateSource(at: git.checkout, CheckoutPolicy(), memory: memory).look().current?.commit
    try await git.commit("nonsense", in: git.checkout)
    let state = await StateSource(at: git.checkout, CheckoutPolicy(), memory: memory).look()
    #expect(good != nil && state.current?.commit == good && state.rejected != nil)
  }

  @Test("another name of the fleet is refused: what is kept goes by the name")
  func renamed() async throws {
    let git = try await GitFolder.cloned()
    let source = StateSource(at: git.checkout, CheckoutPolicy())
    _ = await source.look()
    try await git.commit(fleet: "work", in: git.checkout)
    let state = await source.look()
    #expect(state.current?.fleet.name == "home")
    #expect(state.rejected?.problems.first?.contains("called work") == true)
  }

  @Test("a directory below the top of a checkout is a state repository too, with its manifests")
  func subdirectory() async throws {
    let git = try await GitFolder.cloned()
    try git.folder.write(
      "checkout/lab/state/inventory/fleet.yaml", GitFolder.inventory("lab"))
    try git.folder.write("checkout/lab/state/cluster/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    try await git.commit(fleet: "home", in: git.checkout)
    let state = await StateSource(at: git.checkout + "/lab/state", CheckoutPolicy()).look()
    let current = try #require(
      state.current, "\(String(describing: state.problem)) \(String(describing: state.rejected))")
    #expect(current.fleet.name == "lab")
    let files = try current.repository.manifests(current.fleet.manifests)
    #expect(files?.map(\.name) == ["cluster/a.yaml"])
  }

  @Test("a link in a commit is refused, not followed")
  func link() async throws {
    let git = try await GitFolder.cloned()
    try git.folder.link("checkout/inventory/shadow.yaml", to: "/etc/shadow")
    try await git.commit(fleet: "home", in: git.checkout)
    let state = await StateSource(at: git.checkout, CheckoutPolicy()).look()
    #expect(state.rejected?.problems.first?.contains("inventory/shadow.yaml is a link") == true)
  }

  @Test("a checkout that is gone, or none, says what to do, and what was in force stays")
  func gone() async throws {
    let git = try await GitFolder.cloned()
    let source = StateSource(at: git.checkout, CheckoutPolicy())
    let good = await source.look().current?.commit
    try FileManager.default.removeItem(atPath: git.checkout)
    let state = await source.look()
    #expect(state.current?.commit == good)
    #expect(state.problem?.message == "the checkout \(git.checkout) is gone" && state.problem?.next != nil)
    try FileManager.default.createDirectory(atPath: git.checkout, withIntermediateDirectories: true)
    #expect(await source.look().problem?.message.contains("is no Git checkout") == true)
  }

  @Test("a checkout of another account is not trusted, and the way on is named", .enabled(if: getuid() == 0))
  func foreign() async throws {
    let git = try await GitFolder.cloned()
    for path in [git.checkout, git.checkout + "/.git"] { #expect(chown(path, 12345, 12345) == 0) }
    let state = await StateSource(at: git.checkout, CheckoutPolicy()).look()
    #expect(state.problem?.message.contains("belongs to another account") == true)
    #expect(state.problem?.next?.contains("safe.directory \(git.checkout)") == true)
  }

  @Test("commands that the checkout's configuration names are not run")
  func hostileConfiguration() async throws {
    let git = try await GitFolder.cloned()
    let trace = git.folder.path + "/ran"
    let run = "touch \(trace); cat"
    for key in [
      "core.fsmonitor", "filter.x.smudge", "filter.x.clean", "core.sshCommand", "gpg.program", "gpg.ssh.program",
      "remote.origin.uploadpack", "core.pager", "diff.external", "core.alternateRefsCommand",
    ] { try await git.run("-C", git.checkout, "config", key, run) }
    try git.folder.write("checkout/.git/hooks/post-merge", "#!/bin/sh\n\(run)\n", mode: 0o755)
    try git.folder.write("checkout/.git/hooks/reference-transaction", "#!/bin/sh\n\(run)\n", mode: 0o755)
    try git.folder.write("origin/.gitattributes", "* filter=x\n")
    let commit = try await git.commit(fleet: "home")
    let state = await StateSource(at: git.checkout, CheckoutPolicy(pull: .seconds(60))).look(pulling: true)
    #expect(state.current?.commit == commit, "\(String(describing: state.problem))")
    #expect(!FileManager.default.fileExists(atPath: trace))
  }
}
