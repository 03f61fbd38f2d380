package import FleetModel

/// Asks git which commit a checkout is at. A checkout that git cannot read is still a state repository.
package enum GitRevision {
  package static func current(of repository: StateRepository) async -> Revision {
    do {
      let head = try await Git.run(["rev-parse", "--verify", "HEAD^{commit}"], in: repository.root)
      guard head.count >= 40, head.allSatisfy(\.isHexDigit) else {
        return .unknown("git answered \"\(head.prefix(60))\"")
      }
      let status = try await Git.run(
        ["status", "--porcelain", "--untracked-files=normal", "--", "inventory", "cluster"], in: repository.root)
      return .commit(head, isModified: !status.isEmpty)
    } catch {
      return .unknown(reason(error.message))
    }
  }

  /// The two that everybody meets, in words.
  private static func reason(_ said: String) -> String {
    if said.contains("not a git repository") { return "the directory is not in Git" }
    if said.contains("Needed a single revision") { return "nothing is committed yet" }
    return said
  }
}
