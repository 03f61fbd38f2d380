import FleetModel
import FleetReconcile
import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("bringing a checkout forward")
struct PullTests {
  private static let pulling = CheckoutPolicy(pull: .seconds(60))

  @Test("the branch is fetched and fast-forwarded, the working tree with it")
  func forward() async throws {
    let git = try await GitFolder.cloned()
    let commit = try await git.commit(fleet: "home", "profiles: []")
    let state = await StateSource(at: git.checkout, Self.pulling).look(pulling: true)
    #expect(state.current?.commit == commit && state.problem == nil)
    #expect(try await git.run("-C", git.checkout, "status", "--porcelain") == "")
    #expect(try await git.run("-C", git.checkout, "rev-parse", "HEAD") == commit)
  }

  @Test("a rewritten branch is refused, and followed where the configuration says so")
  func rewritten() async throws {
    let git = try await GitFolder.cloned()
    let source = StateSource(at: git.checkout, Self.pulling)
    let before = await source.look(pulling: true).current?.commit
    let commit = try await git.commit(fleet: "home", "profiles: []", in: nil, with: [], "--amend")
    let state = await source.look(pulling: true)
    #expect(state.current?.commit == before)
    #expect(state.problem?.message.contains("was rewritten") == true)
    let forced = CheckoutPolicy(pull: .seconds(60), allowsForced: true)
    #expect(await StateSource(at: git.checkout, forced).look(pulling: true).current?.commit == commit)
  }

  @Test("never a merge: local commits beside the remote's are told")
  func diverged() async throws {
    let git = try await GitFolder.cloned()
    try await git.commit(fleet: "home", "profiles: []")
    let own = try await git.commit(fleet: "home", in: git.checkout)
    let state = await StateSource(at: git.checkout, Self.pulling).look(pulling: true)
    #expect(state.current?.commit == own && state.problem?.message.contains("does not come after") == true)
  }

  @Test("edits in the way, a lock, a detached HEAD, a shallow clone and a remote that is gone say what to do")
  func obstacles() async throws {
    let git = try await GitFolder.cloned()
    let source = StateSource(at: git.checkout, Self.pulling)
    try await git.commit(fleet: "home", "profiles: []")
    try git.folder.write("checkout/inventory/fleet.yaml", "edited")
    #expect(await source.look(pulling: true).problem?.message.contains("stands in the way") == true)
    try await git.run("-C", git.checkout, "checkout", "-q", "--", ".")
    try git.folder.write("checkout/.git/index.lock", "")
    #expect(await source.look(pulling: true).problem?.message.contains("is locked by another git") == true)
    try FileManager.default.removeItem(atPath: git.checkout + "/.git/index.lock")
    try await git.run("-C", git.checkout, "checkout", "-q", "--detach")
    #expect(await source.look(pulling: true).problem?.message.contains("HEAD is detached") == true)
    let shallow = git.folder.path + "/shallow"
    try await git.run("clone", "-q", "--depth=1", "file://\(git.origin)", shallow)
    let state = await StateSource(at: shallow, Self.pulling).look(pulling: true)
    #expect(state.problem?.message.contains("shallow clone") == true && state.current != nil)
    try await git.run("-C", git.checkout, "checkout", "-q", "main")
    try FileManager.default.removeItem(atPath: git.origin)
    let lost = await source.look(pulling: true)
    #expect(lost.problem?.next != nil && lost.current != nil)
  }

  @Test("with allowed signers only what one of them signed is taken, and nothing else is fast-forwarded to")
  func signatures() async throws {
    let git = try await GitFolder.cloned()
    let good = try await git.key("good")
    let bad = try await git.key("bad")
    let signers = try git.folder.write("signers", "a@b \(good.public)")
    let policy = CheckoutPolicy(pull: .seconds(60), signers: signers)
    let source = StateSource(at: git.checkout, policy)
    let unsigned = await source.look(pulling: true)
    #expect(unsigned.current == nil)
    #expect(unsigned.rejected?.problems.first?.contains("is not signed by anybody in \(signers)") == true)

    let signed = try await git.commit(fleet: "home", "profiles: []", in: nil, with: good.options, "-S")
    #expect(await source.look(pulling: true).current?.commit == signed)

    try await git.commit(fleet: "home", in: nil, with: bad.options, "-S")
    let state = await source.look(pulling: true)
    #expect(state.current?.commit == signed && state.problem?.message.contains("is not signed by anybody") == true)
    #expect(try await git.run("-C", git.checkout, "rev-parse", "HEAD") == signed)
  }

  @Test("a file of signers that others may write vouches for nobody")
  func writableSigners() async throws {
    let git = try await GitFolder.cloned()
    let good = try await git.key("good")
    let signers = try git.folder.write("signers", "a@b \(good.public)", mode: 0o666)
    try await git.commit(fleet: "home", in: git.checkout, with: good.options, "-S")
    let state = await StateSource(at: git.checkout, CheckoutPolicy(signers: signers)).look()
    #expect(state.current == nil && state.rejected?.problems.first?.contains("chmod go-w") == true)
  }
}

extension GitFolder {
  /// An SSH key, and git's options to sign with it.
  fileprivate func key(_ name: String) async throws -> (public: String, options: [String]) {
    let path = "\(folder.path)/\(name)"
    let made = try await Subprocess.run(
      .name("ssh-keygen"), arguments: ["-q", "-t", "ed25519", "-N", "", "-f", path], output: .discarded)
    try #require(made.terminationStatus.isSuccess)
    let text = try String(contentsOfFile: path + ".pub", encoding: .utf8)
    return (text, ["-c", "gpg.format=ssh", "-c", "user.signingKey=\(path)"])
  }
}
