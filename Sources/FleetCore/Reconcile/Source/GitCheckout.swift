import FleetApply
import FleetModel

/// A checkout that the daemon follows: which commit it is at, bringing it forward, and who signed.
struct GitCheckout: Sendable {
  /// An absolute path.
  let path: String
  let policy: CheckoutPolicy

  /// The commit that HEAD names.
  func head() async throws(RunFailure) -> String { try await commit("HEAD") }

  /// Fetches, and moves the branch forward. Never a merge; never to a commit that is not signed as the policy asks.
  func pull() async throws(RunFailure) {
    let branch = try await asking("HEAD is detached", next: "git -C \(path) switch BRANCH") { () throws(Git.Problem) in
      try await Git.run(["symbolic-ref", "--quiet", "--short", "HEAD"], in: path)
    }
    let remote = try await asking(
      "the branch \(branch) follows no remote", next: "git -C \(path) branch --set-upstream-to=origin/\(branch)"
    ) { () throws(Git.Problem) in try await Git.run(["config", "--get", "branch.\(branch).remote"], in: path) }
    guard try await git("rev-parse", "--is-shallow-repository") == "false" else {
      throw RunFailure(
        "\(path) is a shallow clone: whether the branch moved forward cannot be told",
        next: "git -C \(path) fetch --unshallow; or take pull out of the configuration")
    }
    try await asking { () throws(Git.Problem) in
      _ = try await Git.bytes(
        of: [
          "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance",
          "--upload-pack=git-upload-pack", "--", remote,
        ], in: path, within: .seconds(300))
    }
    try await move(to: try await commit("@{upstream}"), of: branch)
  }

  private func move(to target: String, of branch: String) async throws(RunFailure) {
    let head = try await head()
    guard target != head, try await !isAncestor(target, of: head) else { return }
    let isForward = try await isAncestor(head, of: target)
    guard isForward || policy.allowsForced else {
      throw RunFailure(
        "the branch \(branch) was rewritten: \(target.prefix(7)) does not come after \(head.prefix(7))",
        next: "look at it; to follow it once: git -C \(path) reset --hard @{upstream}; always: checkout.force: true")
    }
    try await verify(target)
    let filters = try await disabledFilters()
    try await asking { () throws(Git.Problem) in
      let words =
        isForward ? ["merge", "--ff-only", "--quiet", "--no-verify-signatures"] : ["reset", "--hard", "--quiet"]
      _ = try await Git.bytes(of: filters + words + [target], in: path, within: .seconds(300))
    }
  }

  /// Throws when the policy asks for a signature, and the commit has none that counts.
  func verify(_ commit: String) async throws(RunFailure) {
    guard let signers = policy.signers else { return }
    guard let status = FileStatus(of: signers), status.kind == .regular else {
      throw RunFailure(
        "\(signers) cannot be read, so no commit is taken", next: "write it as ssh-keygen(1) says under ALLOWED SIGNERS"
      )
    }
    guard status.mode & 0o022 == 0 else {
      throw RunFailure("others may write to \(signers), so no commit is taken", next: "chmod go-w \(signers)")
    }
    do throws(Git.Problem) {
      _ = try await Git.run(
        [
          "-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile=\(signers)", "-c", "gpg.minTrustLevel=fully",
          "verify-commit", commit,
        ], in: path)
    } catch {
      let why = TerminalText.tail(of: error.said, lines: 1).first ?? "it is not signed"
      throw RunFailure(
        "the commit \(commit.prefix(7)) is not signed by anybody in \(signers): \(why)",
        next: "sign it: git commit --amend -S with gpg.format=ssh; or add its signer to the file")
    }
  }

  /// What the directory is below the top of the checkout: `""`, or `lab/state`.
  func prefix() async throws(RunFailure) -> String {
    let prefix = try await git("rev-parse", "--show-prefix")
    return prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
  }

  private func commit(_ name: String) async throws(RunFailure) -> String {
    let id = try await git("rev-parse", "--verify", "\(name)^{commit}")
    guard id.utf8.count >= 40, id.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw RunFailure("git answered \"\(id.prefix(60))\" for \(name) in \(path)")
    }
    return id
  }

  /// Commands that the checkout's configuration names for files on their way into the working tree: none is run.
  private func disabledFilters() async throws(RunFailure) -> [String] {
    let text: String
    do throws(Git.Problem) {
      text = try await Git.run(["config", "--name-only", "--get-regexp", "^filter\\."], in: path)
    } catch {
      // Exit status 1 and no word: there are none.
      guard error.isFromGit, error.said.isEmpty else { throw RunFailure(explaining: error, in: path) }
      return []
    }
    // `filter.NAME.smudge` -> `filter.NAME`
    let names = Set(text.split(separator: "\n").map { key in String(key[..<(key.lastIndex(of: ".") ?? key.endIndex)]) })
    return names.sorted().flatMap { name in
      ["smudge=", "clean=", "process=", "required=false"].flatMap { setting in ["-c", "\(name).\(setting)"] }
    }
  }

  private func isAncestor(_ one: String, of other: String) async throws(RunFailure) -> Bool {
    do throws(Git.Problem) {
      _ = try await Git.run(["merge-base", "--is-ancestor", one, other], in: path)
      return true
    } catch {
      guard error.isFromGit, error.said.isEmpty else { throw RunFailure(explaining: error, in: path) }
      return false
    }
  }

  private func git(_ arguments: String...) async throws(RunFailure) -> String {
    try await asking { () throws(Git.Problem) in try await Git.run(arguments, in: path) }
  }

  /// - Parameter silence: what it means when git fails without a word.
  private func asking<Value>(
    _ silence: String? = nil, next: String? = nil, _ work: () async throws(Git.Problem) -> Value
  ) async throws(RunFailure) -> Value {
    do throws(Git.Problem) { return try await work() } catch {
      if let silence, error.isFromGit, error.said.isEmpty { throw RunFailure("\(path): \(silence)", next: next) }
      throw RunFailure(explaining: error, in: path)
    }
  }
}
