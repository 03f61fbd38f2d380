package import FleetModel
import Subprocess
import SystemPackage

/// Asks git which commit a checkout is at. A checkout that git cannot read is still a state repository.
package enum GitRevision {
  package static func current(of repository: StateRepository) async -> Revision {
    do {
      let head = try await git(["rev-parse", "--verify", "HEAD^{commit}"], in: repository)
      guard head.count >= 40, head.allSatisfy(\.isHexDigit) else {
        return .unknown("git answered \"\(head.prefix(60))\"")
      }
      let status = try await git(
        ["status", "--porcelain", "--untracked-files=normal", "--", "inventory", "cluster"], in: repository)
      return .commit(head, isModified: !status.isEmpty)
    } catch {
      return .unknown(error.message)
    }
  }

  private struct Problem: Error { let message: String }

  /// Nothing that the checkout's own configuration names is run: no hooks, no file system monitor.
  private static func git(_ arguments: [String], in repository: StateRepository) async throws(Problem) -> String {
    let safe = [
      "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=", "--no-optional-locks",
    ]
    do {
      let result = try await run(
        .name("git"), arguments: Arguments(safe + arguments),
        environment: .inherit.updating(["LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"]),
        workingDirectory: FilePath(repository.root), output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
      guard result.terminationStatus.isSuccess else {
        let said = result.standardError.split(separator: "\n").first.map(String.init) ?? "git failed"
        throw Problem(message: said)
      }
      return result.standardOutput.trimmingWhitespace()
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(message: "git cannot be run")
    }
  }
}
