/// What became of `git init` for a new state repository.
package enum GitStart: Sendable, Hashable {
  case made
  /// The directory lies in a checkout already.
  case isCheckout
  /// Why there is none: git's words, or that it is not there.
  case failed(String)

  /// Nothing is committed: what goes into a repository is its owner's decision.
  package static func begin(at root: String) async -> GitStart {
    do throws(Git.Problem) {
      if try await Git.run(["rev-parse", "--is-inside-work-tree"], in: root) == "true" { return .isCheckout }
    } catch {
      // Not inside a checkout: git says so as an error.
      guard error.isFromGit else { return .failed(error.message) }
    }
    do throws(Git.Problem) {
      _ = try await Git.run(["init", "--quiet", "--initial-branch=main"], in: root)
      return .made
    } catch {
      return .failed(error.message)
    }
  }
}
