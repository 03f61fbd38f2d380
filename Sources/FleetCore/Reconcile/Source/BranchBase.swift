import FleetApply
package import FleetModel

/// The commit that a branch is compared with, read from Git's objects: nothing is checked out, fetched or run.
package struct BranchBase: Sendable {
  /// The full id of the commit at which the branch left `revision`.
  package let commit: String
  package let side: FleetComparison.Side

  /// What is wrong with the base's files is part of the answer; throws when the commit cannot be read.
  ///
  /// - Parameters:
  ///   - revision: a branch, a tag or a commit, as git names them.
  ///   - path: absolute; the checkout, or a directory below its top.
  package static func read(_ revision: String, of path: String) async throws(RunFailure) -> BranchBase {
    let checkout = GitCheckout(path: path, policy: CheckoutPolicy())
    let commit = try await checkout.forkPoint(from: revision)
    let prefix = try await checkout.prefix()
    var tree = try await asking(path) { () throws(Git.Problem) in
      try await CommitTree(of: prefix.isEmpty ? commit : "\(commit):\(prefix)", in: path)
    }
    try await load(&tree, "inventory", path, where: StateRepository.isInventory)
    let inventory: [InventoryFile]
    do throws(RunFailure) { inventory = try StateRepository(at: path, tree).inventory() } catch {
      return BranchBase(commit: commit, side: .init(fleet: nil, manifests: .none, problems: [error.description]))
    }
    let (fleet, diagnostics) = FleetDecoder.decode(inventory)
    guard let fleet else {
      let problems = diagnostics.all.map(\.description)
      return BranchBase(commit: commit, side: .init(fleet: nil, manifests: .none, problems: problems))
    }
    try await load(&tree, fleet.manifests.path, path) { _, size in size <= StateRepository.maximumManifestSize }
    let files: [ManifestFile]?
    do throws(RunFailure) { files = try StateRepository(at: path, tree).manifests(fleet.manifests) } catch {
      return BranchBase(commit: commit, side: .init(fleet: fleet, manifests: .none, problems: [error.description]))
    }
    let (manifests, found) = ManifestSet.decode(files ?? [], below: fleet.manifests.path)
    return BranchBase(
      commit: commit, side: .init(fleet: fleet, manifests: manifests, problems: found.all.map(\.description)))
  }

  private static func load(
    _ tree: inout CommitTree, _ directory: String, _ path: String, where isWanted: @Sendable (String, Int) -> Bool
  ) async throws(RunFailure) {
    do throws(Git.Problem) { try await tree.load(below: directory, of: path, where: isWanted) } catch {
      throw RunFailure(explaining: error, in: path)
    }
  }

  private static func asking<Value>(
    _ path: String, _ work: () async throws(Git.Problem) -> Value
  ) async throws(RunFailure) -> Value {
    do throws(Git.Problem) { return try await work() } catch { throw RunFailure(explaining: error, in: path) }
  }
}

extension GitCheckout {
  /// The newest commit that both `revision` and HEAD come from: what came onto `revision` since is no change of this
  /// branch.
  func forkPoint(from revision: String) async throws(RunFailure) -> String {
    guard !revision.isEmpty, !revision.hasPrefix("-"), revision.utf8.count <= 256 else {
      throw RunFailure(
        "--base takes a branch, a tag or a commit, not \"\(TerminalText.escape(String(revision.prefix(80))))\"")
    }
    _ = try await head()
    let isShallow = try await isShallow()
    guard let base = try await answer(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"])
    else { throw Self.missing(revision, isShallow, path) }
    guard let common = try await answer(["merge-base", base, "HEAD"]) else {
      guard !isShallow else { throw Self.missing(revision, isShallow, path) }
      throw RunFailure("\(revision) and HEAD have no commit in common", next: "name the branch that this one came from")
    }
    return common
  }

  private func isShallow() async throws(RunFailure) -> Bool {
    try await answer(["rev-parse", "--is-shallow-repository"]) == "true"
  }

  /// `nil`: git says no without a word.
  private func answer(_ arguments: [String]) async throws(RunFailure) -> String? {
    do throws(Git.Problem) { return try await Git.run(arguments, in: path) } catch {
      guard error.isFromGit, error.said.isEmpty else { throw RunFailure(explaining: error, in: path) }
      return nil
    }
  }

  private static func missing(_ revision: String, _ isShallow: Bool, _ path: String) -> RunFailure {
    guard isShallow else {
      return RunFailure(
        "\(path) has no \(TerminalText.escape(revision))",
        next: "is it spelled right? git -C \(path) fetch origin, then try origin/NAME")
    }
    return RunFailure(
      "\(path) is a shallow clone, which ends before \(TerminalText.escape(revision))",
      next:
        "fetch all of it: fetch-depth: 0 for actions/checkout, GIT_DEPTH: \"0\" for GitLab; elsewhere git fetch --unshallow"
    )
  }
}
